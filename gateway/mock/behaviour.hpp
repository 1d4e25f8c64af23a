#pragma once
// What the mock does to one call: decided before it is answered. Pure.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "config/types.hpp"
#include "core/random.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "gateway/mock/json.hpp"

namespace troupe::mock {

enum class Act : std::uint8_t {
  answer,        ///< as asked
  error,         ///< a status with the provider's error body
  overloaded,    ///< 503, or Anthropic's 529
  rate_limited,  ///< 429 with retry-after
  quota,         ///< 429 insufficient_quota
  context,       ///< 400 context_length_exceeded
  refused,       ///< 400 content policy
  missing,       ///< 404 model not found
  reset,         ///< the connection breaks before any byte
  hang,          ///< no byte ever comes
  cut,           ///< the connection breaks inside the body
  stall,         ///< the body stops and the connection stays open
  malformed,     ///< a frame that is no JSON
  truncated,     ///< the body ends cleanly without its terminal event
  stream_error,  ///< an error event inside the stream
};

/// A behaviour plus what belongs to keys: their limits and their death.
struct Rules {
  config::MockBehaviour behaviour;
  std::int64_t rpm = 0, tpm = 0, concurrency = 0;  ///< 0 = none
  bool dead = false;                               ///< 401 for every call
};

struct Plan {
  Act act = Act::answer;
  int status = 500;               ///< of Act::error
  Duration first{0}, between{0};  ///< to the first token, and from one to the next
  std::int64_t tokens = 32;
  std::optional<std::int64_t> after;  ///< content frames before cut, stall, malformed, truncated,
                                      ///< stream_error; absent = half of them
  Duration retry_after = std::chrono::seconds(1);
};

/// The act that a model's name asks for: mock-error-503, mock-429, mock-cut, ... nullopt for any other name.
struct Wish {
  Act act;
  int status = 500;
};
std::optional<Wish> wish_of(std::string_view text);

/// Rolls the dice of `rules`, with 20 % of jitter on its times; always draws the same number of times, so
/// that a changed rate does not change later calls' luck.
Plan plan(const Rules& rules, Random& random);

/// Slow on purpose: "mock-slow".
void slow_down(Plan& plan);

/// Changes the fields that `change` names: ttft_ms, tokens_per_second, tokens, error_rate, overload_rate,
/// rate_limit_rate, cut_rate, stall_rate, malformed_rate, rpm, tpm, concurrency, dead. Fails on others and
/// then changes nothing.
Result<Rules> changed(Rules rules, const Json& change);
Json to_json(const Rules& rules);

}  // namespace troupe::mock
