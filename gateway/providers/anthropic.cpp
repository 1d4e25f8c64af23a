#include "gateway/providers/anthropic.hpp"

#include "gateway/providers/anthropic_answer.hpp"
#include "gateway/providers/anthropic_request.hpp"
#include "gateway/providers/anthropic_stream.hpp"
#include "gateway/providers/calendar.hpp"
#include "gateway/providers/faults.hpp"
#include "gateway/providers/rate_limit_headers.hpp"
#include "gateway/providers/request_line.hpp"

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

Result<UpstreamCall> Anthropic::chat(const dialects::ChatRequest& request, std::string_view model,
                                     const config::Provider& provider, const config::Key& key) const {
  auto body = anthropic::translate_request(request, model);
  if (!body) return tl::unexpected<Error>(std::move(body.error()));
  const auto prefix = path_prefix(provider.base_url, kAnthropic);
  UpstreamCall call;
  call.target.append(prefix).append(names_version(prefix) ? "/messages" : "/v1/messages");
  HeaderLines headers(provider, request.stream);
  headers.add("anthropic-version", kVersion);
  if (!key.secret.empty()) headers.add("x-api-key", key.secret.reveal());
  call.headers = headers.take();
  call.body = std::move(*body);
  return call;
}

Verdict Anthropic::failure(const AnswerHead& head, std::string_view body) const {
  return read_failure(head, body);
}

Result<WholeAnswer> Anthropic::whole(const dialects::ChatRequest& request, const AnswerHead& head,
                                     std::string body) const {
  json::object message;
  if (json::parse(body).get(message) != simdjson::SUCCESS) {
    return fail(Fault::provider_stream_malformed, "The provider's answer is no JSON object.");
  }
  auto created = request.created;
  if (const auto date = parse_http_date(head.find("date")); date && created == 0) {
    created = std::chrono::floor<std::chrono::seconds>(date->time_since_epoch()).count();
  }
  if (auto answer = anthropic::translate_answer(message, created)) return std::move(*answer);
  auto verdict = read_failure(head, body);
  return fail(verdict.fault, std::move(verdict.message), std::move(verdict.param), std::move(verdict.code));
}

std::unique_ptr<StreamReader> Anthropic::stream(const dialects::ChatRequest& request) const {
  return std::make_unique<anthropic::Stream>(request);
}

LimitReport Anthropic::limits(const AnswerHead& head, WallTime wall) const {
  return read_limits(head, wall);
}

}  // namespace troupe::providers
