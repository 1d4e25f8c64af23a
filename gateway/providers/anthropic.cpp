#include "gateway/providers/anthropic.hpp"

#include "gateway/providers/faults.hpp"
#include "gateway/providers/rate_limit_headers.hpp"
#include "gateway/providers/request_line.hpp"
#include "gateway/providers/translate.hpp"

namespace troupe::providers {
namespace {

constexpr std::string_view kAnthropic = "https://api.anthropic.com";
constexpr std::string_view kVersion = "2023-06-01";

/// Some write the base URL as OpenAI's, with /v1.
bool names_version(std::string_view prefix) {
  return prefix.size() >= 3 && prefix.substr(prefix.size() - 3) == "/v1";
}

}  // namespace

Origin Anthropic::origin(const config::Provider& provider) const {
  return split_origin(provider.base_url, kAnthropic);
}

Result<UpstreamCall> Anthropic::call(const dialects::Request& request, std::string_view model,
                                     const config::Provider& provider, const config::Key& key) const {
  auto body = write_conversation(request, dialects::Dialect::anthropic,
                                 {std::string(model), "anthropic", request.drop});
  if (!body) return tl::unexpected<Error>(std::move(body.error()));
  const auto prefix = path_prefix(provider.base_url, kAnthropic);
  UpstreamCall call;
  call.target.append(prefix).append(names_version(prefix) ? "/messages" : "/v1/messages");
  if (request.operation == dialects::Operation::count_tokens) call.target += "/count_tokens";
  HeaderLines headers(provider, request.stream);
  bool versioned = false;
  for (const auto& [name, value] : request.pass_on) {
    headers.add(name, value);
    versioned = versioned || name == "anthropic-version";
  }
  if (!versioned) headers.add("anthropic-version", kVersion);
  if (!key.secret.empty()) headers.add("x-api-key", key.secret.reveal());
  call.headers = headers.take();
  call.body = std::move(*body);
  return call;
}

Verdict Anthropic::failure(const AnswerHead& head, std::string_view body) const {
  return read_failure(head, body);
}

Result<WholeAnswer> Anthropic::whole(const dialects::Request& request, const config::Provider&,
                                     const AnswerHead& head, std::string body) const {
  if (request.operation != dialects::Operation::count_tokens)
    return read_whole(request, dialects::Dialect::anthropic, head, std::move(body));
  WholeAnswer answer;
  answer.usage = Usage{};  // counting costs nothing
  answer.body = std::move(body);
  return answer;
}

std::unique_ptr<StreamReader> Anthropic::stream(const dialects::Request& request,
                                                const config::Provider&) const {
  return read_stream(request, dialects::Dialect::anthropic);
}

LimitReport Anthropic::limits(const AnswerHead& head, WallTime wall) const {
  return read_limits(head, wall);
}

}  // namespace troupe::providers
