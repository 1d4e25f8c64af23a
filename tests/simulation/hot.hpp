#pragma once
// How long a node that has just become the hot one of a key leaves all of its calls waiting, or refuses them.
#include <algorithm>
#include <optional>
#include <vector>

#include "tests/simulation/load.hpp"

namespace troupe::simulation {

/// One key's. The first seconds after each move count: from a call that found no permit, and waits or was
/// refused, to the next that is sent here, the time in which other nodes send calls (up to a quarter of a
/// second before each of them: while nobody sends, the limit is used up); the longest of these times.
class HotNode {
 public:
  /// Of a call of the hot node, before it is sent or has to wait.
  void arrives(const Call& call, Time now) {
    if (!call.hot || call.period == period_) return;
    end();
    period_ = call.period;
    moved_ = node_ >= 0 && node_ != call.node;
    node_ = call.node;
    since_ = now;
  }
  void waits(const Call& call, Time now) {
    if (mine(call) && !dry_ && now - since_ < kFirst) dry_ = now;
  }
  void sent(const Call& call, Time now) {
    if (call.node != node_) {
      if (!dry_) return;
      passed_by_ += std::min(now - std::max(*dry_, other_), kApart);
      other_ = now;
    } else if (dry_) {
      served();
    }
  }
  /// Seconds, one for each move.
  const std::vector<double>& times() const { return times_; }

 private:
  static constexpr Duration kFirst = std::chrono::seconds(5), kApart = std::chrono::milliseconds(250);
  bool mine(const Call& call) const { return moved_ && call.hot && call.period == period_; }
  void served() {
    longest_ = std::max(longest_, in_seconds(passed_by_));
    dry_.reset();
    passed_by_ = Duration::zero();
  }
  void end() {
    served();
    if (moved_) times_.push_back(longest_);
    longest_ = 0;
  }

  std::size_t period_ = 0;
  int node_ = -1;
  bool moved_ = false;
  Time since_{};
  std::optional<Time> dry_;
  Time other_{};
  Duration passed_by_{};
  double longest_ = 0;
  std::vector<double> times_;
};

}  // namespace troupe::simulation
