#pragma once
// What the caller gets around the provider's bytes: status line, our headers, error bodies.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/time.hpp"
#include "core/units.hpp"

namespace troupe::api {

/// The route of an answer, for the x-troupe-* headers of the contract.
struct RouteHeaders {
  std::string_view request_id, node, provider, model, key, route;
  std::size_t attempts = 0;
  Duration overhead{0};
  std::optional<Money> cost;
  std::string_view cache = "miss";  ///< or "hit", "semantic;score=0.97"
};

/// Appends "HTTP/1.1 200 OK\r\n" and Date.
void append_status(std::string& out, int status, std::string_view date);
void append_header(std::string& out, std::string_view name, std::string_view value);
void append_route(std::string& out, const RouteHeaders& route);
/// retry-after (whole seconds, rounded up) and retry-after-ms.
void append_retry_after(std::string& out, Duration wait);
/// x-ratelimit-{limit,remaining,reset}-`what`: "requests" or "tokens".
void append_rate_limit(std::string& out, std::string_view what, std::int64_t limit, std::int64_t remaining,
                       Duration reset);
/// anthropic-ratelimit-`what`-{limit,remaining,reset}; the reset is a moment, to the second.
void append_anthropic_limit(std::string& out, std::string_view what, std::int64_t limit,
                            std::int64_t remaining, WallTime reset);
/// As OpenAI writes spans: "120ms" below a second, else "6s", "1m3s", "23h59m0s", rounded up.
void append_span(std::string& out, Duration span);
void append_length(std::string& out, std::size_t length);

std::string_view reason_phrase(int status);

}  // namespace troupe::api
