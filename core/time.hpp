#pragma once
// One clock for the whole product. Policies never see it: they take `Time now` as an argument.
#include <chrono>
#include <cstdint>

namespace troupe {

/// A span of time. Nanoseconds, signed; 292 years is the range.
using Duration = std::chrono::nanoseconds;

struct MonotonicTag {
  using rep = Duration::rep;
  using period = Duration::period;
  using duration = Duration;
};

/// An instant on the node's monotonic clock; comparable only within one process (or one test).
using Time = std::chrono::time_point<MonotonicTag, Duration>;

/// An instant on the calendar (UTC); for people, budgets' periods and provider reset dates only.
using WallTime = std::chrono::time_point<std::chrono::system_clock, Duration>;

/// Later than everything: "not before the configuration changes".
inline constexpr Time kNever = Time::max();

/// Source of both times. Owned by whoever starts the node; everybody else borrows it.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() const = 0;
  virtual WallTime wall() const = 0;
};

/// The machine's clocks (CLOCK_MONOTONIC and CLOCK_REALTIME). Thread-safe.
const Clock& real_clock();

/// Whole milliseconds of a duration, rounded up; 0 for negative ones.
std::int64_t ceil_millis(Duration span);

/// Whole seconds of a duration, rounded up; 0 for negative ones (what `retry-after` wants).
std::int64_t ceil_seconds(Duration span);

}  // namespace troupe
