#pragma once
// What a limit is, and how long its permits stay out of reach.
#include <string>
#include <vector>

#include "actors/policy/permits.hpp"
#include "cluster/permits/ids.hpp"
#include "core/time.hpp"

namespace troupe::cluster {

using policy::LimitKind;

/// `units` permits per `window` (or at once). The same on every node of one configuration revision.
struct LimitSpec {
  LimitId id = 0;
  LimitKind kind = LimitKind::window;
  Units units = 0;
  Duration window = std::chrono::seconds(60);
  Units quantum = 1;  ///< the usual cost of one call: shares smaller than this help nobody
  bool operator==(const LimitSpec&) const = default;
};
using Limits = std::vector<LimitSpec>;

/// The constants of the protocol and the conditions of its guarantee (docs/protocol.md, Conditions).
struct Timing {
  Duration lease = std::chrono::seconds(10);          ///< how long a node may use permits without news
  Duration office = std::chrono::seconds(2);          ///< how long an allocator may act without a majority
  Duration renew = std::chrono::milliseconds(400);    ///< how often it asks for one
  Duration report = std::chrono::milliseconds(250);   ///< how often nodes report
  Duration urgent = std::chrono::milliseconds(10);    ///< the shortest time between two reports
  Duration guard = std::chrono::milliseconds(500);    ///< admission to counted by the provider, at most
  Duration longest_call = std::chrono::seconds(120);  ///< a call has ended or is cut after this
  double clock_rate_error = 5e-4;                     ///< of any node's monotonic clock
  Duration floor_life = std::chrono::hours(1);        ///< how long a node may use its floor without news
};

/// Before anything: differences to it do not overflow.
inline constexpr Time kLongAgo = Time(Duration::min() / 2);

/// `span` as measured by a clock that may run fast: at least that long in true time.
inline Duration at_least(Duration span, const Timing& timing, double factor = 1) {
  return span + std::chrono::duration_cast<Duration>(span * (timing.clock_rate_error * factor));
}

/// How long a used permit cools: the window and the guard, so that a call that left late in one window and
/// one that left early in the next are never counted in one.
inline Duration after_use(const LimitSpec& limit, const Timing& timing) {
  if (limit.kind == LimitKind::concurrency || limit.kind == LimitKind::floor) return Duration::zero();
  return at_least(limit.window + timing.guard, timing);
}

/// How long the permits of a lost holder stay out of reach, counted from the end of its lease.
inline Duration after_loss(const LimitSpec& limit, const Timing& timing) {
  switch (limit.kind) {
    case LimitKind::concurrency:
      return at_least(timing.longest_call + timing.guard, timing);
    case LimitKind::counted_at_end:
      return at_least(limit.window + timing.guard + timing.longest_call, timing);
    case LimitKind::floor:  // of any kind of limit
      return at_least(timing.floor_life, timing, 2) +
             at_least(limit.window + timing.guard + timing.longest_call, timing);
    case LimitKind::window:
      break;
  }
  return at_least(limit.window + timing.guard, timing);
}

/// How long the allocator takes a session for alive after a report: longer than its holder does.
inline Duration session_life(const Timing& timing) {
  return at_least(timing.lease, timing, 2) + std::chrono::milliseconds(100);
}

/// How long a restarted voter says nothing: whoever relied on its forgotten promise is out of office then.
inline Duration abstention(const Timing& timing) {
  return at_least(timing.office, timing, 4) + std::chrono::milliseconds(50);
}

}  // namespace troupe::cluster
