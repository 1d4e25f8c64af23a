#pragma once
// A clock that stands still until a test moves it. Both times move together.
#include <atomic>
#include <cstdint>

#include "core/time.hpp"

namespace troupe::testing {

/// Thread-safe. Starts well after zero, so that "an hour ago" is a time, and on 2025-01-01 00:00:00 UTC.
class ManualClock final : public Clock {
 public:
  static constexpr Duration kStart = std::chrono::hours(1000);
  static constexpr Duration kWallStart = std::chrono::seconds(1'735'689'600);

  Time now() const override { return Time(kStart + moved()); }
  WallTime wall() const override { return WallTime(kWallStart + moved()); }

  void advance(Duration span) { moved_.fetch_add(span.count(), std::memory_order_relaxed); }

 private:
  Duration moved() const { return Duration(moved_.load(std::memory_order_relaxed)); }

  std::atomic<std::int64_t> moved_{0};
};

}  // namespace troupe::testing
