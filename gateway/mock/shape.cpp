#include "gateway/mock/shape.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

namespace troupe::mock {
namespace {

Trouble status_trouble(int status) {
  switch (status) {
    case 401:
      return {401, "Incorrect API key provided.", "invalid_request_error", "invalid_api_key", "", {}};
    case 402:
      return {402, "Your credit balance is too low.", "billing_error", "insufficient_balance", "", {}};
    case 403:
      return {403, "You have no permission for this.", "permission_error", "forbidden", "", {}};
    case 408:
      return {408, "The request timed out.", "timeout_error", "timeout", "", {}};
    default:
      break;
  }
  if (status < 500) return {status, "The request is invalid.", "invalid_request_error", "", "", {}};
  return {status,
          "The server had an error while processing your request. Sorry about that!",
          "server_error",
          "",
          "",
          {}};
}

const char* request_header(Dialect dialect) {
  if (dialect == Dialect::converse) return "x-amzn-requestid";
  return dialect == Dialect::anthropic ? "request-id" : "x-request-id";
}

void limit_headers(http::Response& out, Dialect dialect, std::string_view what, std::int64_t limit,
                   std::int64_t used, Duration reset, WallTime wall) {
  const auto left = std::max<std::int64_t>(limit - used, 0);
  const auto put = [&](std::string name, std::string value) {
    out.headers.emplace_back(std::move(name), std::move(value));
  };
  if (dialect != Dialect::anthropic) {
    put(fmt::format("x-ratelimit-limit-{}", what), std::to_string(limit));
    put(fmt::format("x-ratelimit-remaining-{}", what), std::to_string(left));
    put(fmt::format("x-ratelimit-reset-{}", what), openai_span(reset));
  } else {
    put(fmt::format("anthropic-ratelimit-{}-limit", what), std::to_string(limit));
    put(fmt::format("anthropic-ratelimit-{}-remaining", what), std::to_string(left));
    put(fmt::format("anthropic-ratelimit-{}-reset", what), rfc3339(wall + reset));
  }
}

}  // namespace

Trouble trouble_of(const Plan& plan, Dialect dialect, const std::string& model) {
  switch (plan.act) {
    case Act::overloaded:
      return {dialect == Dialect::anthropic ? 529 : 503, "Overloaded", "server_error", "overloaded", "", {}};
    case Act::rate_limited:
      return {429,        "Rate limit reached for requests per min (RPM). Please try again later.",
              "requests", "rate_limit_exceeded",
              "",         plan.retry_after};
    case Act::quota:
      return {429,
              "You exceeded your current quota, please check your plan and billing details.",
              "insufficient_quota",
              "insufficient_quota",
              "",
              {}};
    case Act::context:
      return {400,
              "prompt is too long: this model's maximum context length is 8192 tokens.",
              "invalid_request_error",
              "context_length_exceeded",
              "messages",
              {}};
    case Act::refused:
      return {400,
              "Your request was rejected by the safety system.",
              "invalid_request_error",
              "content_policy_violation",
              "",
              {}};
    case Act::missing:
      return {404,
              fmt::format("The model `{}` does not exist or you do not have access to it.", model),
              "invalid_request_error",
              "model_not_found",
              "",
              {}};
    default:
      return status_trouble(plan.status);
  }
}

Trouble trouble_of(const Error& error) {
  return {400, error.message, "invalid_request_error", error.code, error.param, {}};
}

http::Response head(Dialect dialect, const std::string& request_id, Page& page, Time now, WallTime wall) {
  http::Response out;
  out.headers.emplace_back(request_header(dialect), request_id);
  const bool openai = dialect == Dialect::openai || dialect == Dialect::responses;
  if (openai) out.headers.emplace_back("openai-version", "2020-10-01");
  if (!openai && dialect != Dialect::anthropic) return out;  // they tell nothing of their limits
  if (page.rules.rpm > 0)
    limit_headers(out, dialect, "requests", page.rules.rpm, page.served.sum(now),
                  page.served.until_empty(now), wall);
  if (page.rules.tpm > 0)
    limit_headers(out, dialect, "tokens", page.rules.tpm, page.tokens.sum(now), page.tokens.until_empty(now),
                  wall);
  return out;
}

http::Response failed(http::Response head, Dialect dialect, const Trouble& trouble,
                      const std::string& request_id) {
  head.status = trouble.status;
  if (trouble.retry_after > Duration{}) {
    head.headers.emplace_back("retry-after", std::to_string(ceil_seconds(trouble.retry_after)));
    head.headers.emplace_back("retry-after-ms", std::to_string(ceil_millis(trouble.retry_after)));
  }
  if (dialect == Dialect::converse)
    head.headers.emplace_back("x-amzn-errortype", std::string(converse_error_type(trouble.status)) +
                                                      ":http://internal.amazon.com/coral/");
  head.content_type = "application/json";
  head.body = shape(dialect).error(trouble, request_id);
  return head;
}

std::string openai_span(Duration span) {
  const auto millis = ceil_millis(span);
  if (millis < 1000) return fmt::format("{}ms", millis);
  const auto seconds = (millis + 999) / 1000;
  return seconds < 60 ? fmt::format("{}s", seconds) : fmt::format("{}m{}s", seconds / 60, seconds % 60);
}

std::string rfc3339(WallTime wall) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(wall);
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(
                         std::chrono::time_point_cast<std::chrono::system_clock::duration>(seconds))));
}

}  // namespace troupe::mock
