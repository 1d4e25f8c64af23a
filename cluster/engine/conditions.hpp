#pragma once
// The conditions under which limits hold, watched while the node runs (docs/protocol.md, Conditions).
#include <array>
#include <string_view>
#include <vector>

#include "core/time.hpp"

namespace troupe::cluster {

enum class Condition : std::uint8_t { clock_rate, send_delay, longest_call };
inline constexpr std::size_t kConditions = 3;
/// "clock_rate", "send_delay", "longest_call": in /cluster, the metrics' label and the log.
std::string_view name(Condition which);

/// What was measured of one condition. Ratio for the clock, seconds else.
struct Measured {
  double now = 0;    ///< the largest of the last half to whole minute; of the clock: proven just now
  double bound = 0;  ///< of the configuration
  bool holds = true;
};

/// Told what happened, answers whether the node may admit on permits. A condition that was broken must have
/// held for `calm` before it counts as true again. A value; time comes in.
class Conditions {
 public:
  struct Bounds {
    double clock_rate_error = 0;
    Duration guard{}, longest_call{}, calm{};
  };
  explicit Conditions(const Bounds& bounds) : bounds_(bounds) {}

  /// The longest from an admission until its bytes were the kernel's, since the last word.
  void sent(Duration delay, Time now);
  /// The longest call that ended since the last word.
  void ended(Duration took, Time now);
  /// The error of each linked peer's clock rate beside ours that is certain. When more than half of them
  /// differ, this node's clock is the suspect: with a single peer nobody can tell, and both stop.
  void clocks(std::vector<double> proven, Time now);

  /// Whether all conditions hold.
  bool hold(Time now) const;
  Measured measured(Condition which, Time now) const;

 private:
  struct Watch {
    double most = 0, before = 0;
    Time turned{};
    Time broken = Time::min();  ///< when it was last seen broken
  };
  void note(Condition which, double value, double bound, Time now);
  bool holds(const Watch& watch, Time now) const;
  double bound_of(Condition which) const;

  Bounds bounds_;
  std::array<Watch, kConditions> watches_;
};

}  // namespace troupe::cluster
