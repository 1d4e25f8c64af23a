#pragma once
// Limits and waits, in every spelling that providers use for them.
#include <optional>
#include <string_view>

#include "gateway/providers/adapter.hpp"

namespace troupe::providers {

/// All limits in an answer's head; `wall` is when it came (for dates). Never fails: what cannot be read is
/// absent. `x-ratelimit-*-requests` is per minute, but per day where the answer names Groq (its `x-groq-*`
/// headers) or the reset lies more than an hour away.
LimitReport read_limits(const AnswerHead& head, WallTime wall);

/// `retry-after-ms` before `retry-after` (seconds or an HTTP date, RFC 9110 section 10.2.3). A wait of 0 is
/// no advice.
std::optional<Duration> read_retry_after(const AnswerHead& head, std::optional<WallTime> wall);

/// "6ms", "1m0s", "17m16.8s", "24h6m34s", or a bare number of seconds.
std::optional<Duration> parse_span(std::string_view text);

}  // namespace troupe::providers
