#include "gateway/api/answer.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

#include "gateway/dialects/time_text.hpp"

namespace troupe::api {
namespace {

void append_number(std::string& out, std::int64_t value) {
  char text[24];
  out.append(text, std::to_chars(text, text + sizeof text, value).ptr);
}

}  // namespace

std::string_view reason_phrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 402:
      return "Payment Required";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    default:
      return "Status";
  }
}

void append_status(std::string& out, int status, std::string_view date) {
  out.append("HTTP/1.1 ");
  append_number(out, status);
  out.append(" ").append(reason_phrase(status)).append("\r\ndate: ").append(date).append("\r\n");
}

void append_header(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

void append_length(std::string& out, std::size_t length) {
  out.append("content-length: ");
  append_number(out, static_cast<std::int64_t>(length));
  out.append("\r\n");
}

void append_retry_after(std::string& out, Duration wait) {
  out.append("retry-after: ");
  append_number(out, std::max<std::int64_t>(1, ceil_seconds(wait)));
  out.append("\r\nretry-after-ms: ");
  append_number(out, std::max<std::int64_t>(1, ceil_millis(wait)));
  out.append("\r\n");
}

void append_anthropic_limit(std::string& out, std::string_view what, std::int64_t limit,
                            std::int64_t remaining, WallTime reset) {
  const auto append = [&](std::string_view name, std::string_view value) {
    out.append("anthropic-ratelimit-").append(what).append(name).append(": ").append(value).append("\r\n");
  };
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(reset.time_since_epoch()).count();
  append("-limit", std::to_string(limit));
  append("-remaining", std::to_string(std::max<std::int64_t>(0, remaining)));
  append("-reset", dialects::write_time(seconds));
}

void append_span(std::string& out, Duration span) {
  if (span < std::chrono::seconds(1) && ceil_millis(span) < 1000) {
    append_number(out, ceil_millis(span));
    out.append("ms");
    return;
  }
  const auto seconds = ceil_seconds(span);
  if (seconds >= 3600) {
    append_number(out, seconds / 3600);
    out.append("h");
  }
  if (seconds >= 60) {
    append_number(out, seconds / 60 % 60);
    out.append("m");
  }
  append_number(out, seconds % 60);
  out.append("s");
}

void append_rate_limit(std::string& out, std::string_view what, std::int64_t limit, std::int64_t remaining,
                       Duration reset) {
  out.append("x-ratelimit-limit-").append(what).append(": ");
  append_number(out, limit);
  out.append("\r\nx-ratelimit-remaining-").append(what).append(": ");
  append_number(out, remaining);
  out.append("\r\nx-ratelimit-reset-").append(what).append(": ");
  append_span(out, reset);
  out.append("\r\n");
}

void append_route(std::string& out, const RouteHeaders& route) {
  append_header(out, "x-request-id", route.request_id);
  append_header(out, "x-troupe-node", route.node);
  if (!route.provider.empty()) {
    append_header(out, "x-troupe-provider", route.provider);
    append_header(out, "x-troupe-model", route.model);
    append_header(out, "x-troupe-key", route.key);
    append_header(out, "x-troupe-route", route.route);
  }
  out.append("x-troupe-attempts: ");
  append_number(out, static_cast<std::int64_t>(route.attempts));
  out.append("\r\nx-troupe-cache: ").append(route.cache).append("\r\nx-troupe-overhead-ms: ");
  char text[32];
  const auto millis = static_cast<double>(route.overhead.count()) * 1e-6;
  out.append(text, std::to_chars(text, text + sizeof text, millis, std::chars_format::fixed, 3).ptr);
  out.append("\r\n");
  if (route.cost) append_header(out, "x-troupe-cost-usd", format_dollars(*route.cost));
}

}  // namespace troupe::api
