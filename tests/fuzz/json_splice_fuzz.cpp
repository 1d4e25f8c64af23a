// A body that is accepted is JSON also to another parser, and splicing changes only what it should.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>

#include "gateway/dialects/request.hpp"
#include "gateway/providers/adapter.hpp"

namespace {

using Json = nlohmann::json;

void check(const troupe::dialects::Request& request) {
  auto before = Json::parse(request.body, nullptr, false);
  const auto after = Json::parse(troupe::dialects::splice_request(request, "other\"model"), nullptr, false);
  // The other parser refuses numbers beyond a double; ours leaves them to the provider.
  if (before.is_discarded()) {
    if (request.body.find_first_of("eE0123456789") == std::string::npos) std::abort();
    return;
  }
  before["model"] = "other\"model";
  for (const auto* ours : {"max_cost", "max_latency_ms", "fallback"}) before.erase(ours);
  if (request.stream) {
    if (!before["stream_options"].is_object()) before["stream_options"] = Json::object();
    before["stream_options"]["include_usage"] = true;
  }
  if (before != after) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string body(reinterpret_cast<const char*>(data), size);
  const auto request = troupe::dialects::parse_request(troupe::dialects::Operation::chat, body);
  if (!request) {
    if (request.error().message.empty()) std::abort();
    return 0;
  }
  check(*request);
  const auto call =
      troupe::providers::adapter(troupe::config::ProviderType::anthropic).call(*request, "claude-x", {}, {});
  if (call && !Json::accept(call->body)) std::abort();
  return 0;
}
