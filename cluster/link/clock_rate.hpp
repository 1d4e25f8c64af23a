#pragma once
// How fast does a peer's monotonic clock run beside ours?
#include <deque>
#include <optional>

#include "core/time.hpp"

namespace troupe::link {

/// What heartbeats prove about the rate of a peer's clock, as its difference from ours: 0 means the same.
struct RateBounds {
  double low = 0, high = 0;  ///< the truth is between them
  /// The least error that is certain; 0 while the bounds allow none.
  double proven() const { return low > 0 ? low : high < 0 ? -high : 0; }
};

/// Compares spans, never instants: the peer's clock was read at some moment between our question and its
/// answer, so the round trip bounds the error, and a long baseline makes the bounds narrow (Cristian 1989). A
/// value: time comes in.
class ClockRate {
 public:
  /// The peer's clock showed `there` between `sent` and `received`. Answers out of order are ignored.
  void sample(Time sent, Time received, Duration there);
  /// From the longest baseline, at most three minutes; nullopt below ten seconds.
  std::optional<RateBounds> bounds() const;
  /// The largest error that any part of the baseline proves: a clock that jumped or slept shows here. Ratio.
  double proven() const;

 private:
  struct Reading {
    Time sent, received;
    Duration there{};
    Duration round_trip() const { return received - sent; }
  };
  static RateBounds between(const Reading& before, const Reading& after);

  std::deque<Reading> readings_;  ///< the one with the shortest round trip of each stretch of five seconds
  std::optional<Reading> newest_, best_;
};

}  // namespace troupe::link
