#include "gateway/hooks/notice.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "gateway/cloud/crypto.hpp"

namespace troupe::hooks {
namespace {

std::int64_t seconds(WallTime at) {
  return std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count();
}

std::string sentence(const Notice& notice) {
  return fmt::format("{} has used {:g} % of its budget of ${} per {}: ${}. It renews on {}.", notice.title,
                     notice.share * 100, notice.cap_usd, notice.period, notice.used_usd, notice.renews);
}

}  // namespace

std::string body_of(const Notice& notice, WallTime at) {
  if (notice.how.webhook_format == config::WebhookFormat::slack)
    return nlohmann::json{{"text", sentence(notice)}}.dump();
  return nlohmann::json{{"type", "budget.alert"},     {"id", notice.id},
                        {"at", seconds(at)},          {"node", notice.node},
                        {"budget", notice.budget},    {"share", notice.share},
                        {"cap_usd", notice.cap_usd},  {"used_usd", notice.used_usd},
                        {"period", notice.period},    {"renews", notice.renews},
                        {"message", sentence(notice)}}
      .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::vector<std::pair<std::string, std::string>> headers_of(const Notice& notice, std::string_view body,
                                                            WallTime at) {
  std::vector<std::pair<std::string, std::string>> out{{"Content-Type", "application/json"},
                                                       {"x-troupe-alert-id", notice.id}};
  const auto& secret = notice.how.webhook_secret.reveal();
  if (secret.empty()) return out;
  const auto time = seconds(at);
  const std::span key(reinterpret_cast<const unsigned char*>(secret.data()), secret.size());
  const auto signature = cloud::hex(cloud::hmac_sha256(key, fmt::format("{}.{}", time, body)));
  out.emplace_back("x-troupe-signature", fmt::format("t={},v1={}", time, signature));
  return out;
}

}  // namespace troupe::hooks
