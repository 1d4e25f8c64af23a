// The yardstick: one node that knows everything at once.
#include <algorithm>
#include <deque>
#include <queue>

#include "tests/simulation/world.hpp"

namespace troupe::simulation {
namespace {

using cluster::LimitKind;

/// One limit with an exact log.
class Exact {
 public:
  explicit Exact(const cluster::LimitSpec& spec) : spec_(spec) {}

  /// The earliest time from `now` at which `units` might fit.
  Time fits(Time now, cluster::Units units) {
    while (!leaving_.empty() && leaving_.top().when <= now) leave();
    if (sum_ + units <= spec_.units) return now;
    return leaving_.empty() ? Time::max() : leaving_.top().when;
  }
  void take(Time now, const Call& call, const Cost& cost) {
    const auto end = now + call.lasts + std::chrono::milliseconds(100);
    sum_ += cost.estimate;
    if (spec_.kind == LimitKind::window)
      leaving_.push({now + spec_.window, cost.estimate, -1});
    else
      leaving_.push({end, cost.estimate, spec_.kind == LimitKind::counted_at_end ? cost.real : -1});
  }

 private:
  struct Leaving {
    Time when;
    cluster::Units units, becomes;
    bool operator<(const Leaving& other) const { return when > other.when; }
  };
  void leave() {
    const auto first = leaving_.top();
    leaving_.pop();
    sum_ -= first.units;
    if (first.becomes < 0) return;
    sum_ += first.becomes;
    leaving_.push({first.when + spec_.window, first.becomes, -1});
  }

  cluster::LimitSpec spec_;
  cluster::Units sum_ = 0;
  std::priority_queue<Leaving> leaving_;
};

}  // namespace

double ideal(const Scenario& scenario, std::size_t key, const std::vector<std::shared_ptr<Call>>& calls,
             Duration park, bool connected_only) {
  std::vector<Exact> limits;
  for (const auto limit : scenario.keys[key].limits) limits.emplace_back(scenario.limits[limit]);
  double sent = 0;
  Time last{};
  for (const auto& call : calls) {
    if (connected_only && !call->connected) continue;
    auto now = std::max(call->arrived, last);
    const auto deadline = call->arrived + park;
    for (bool again = true; again && now <= deadline;) {
      again = false;
      for (std::size_t i = 0; i < limits.size(); ++i) {
        const auto when = limits[i].fits(now, call->costs[i].estimate);
        if (when > now) now = when, again = true;
      }
    }
    if (now > deadline) continue;
    last = now;
    for (std::size_t i = 0; i < limits.size(); ++i) limits[i].take(now, *call, call->costs[i]);
    if (in_seconds(call->arrived.time_since_epoch()) >= 5) ++sent;
  }
  return sent;
}

}  // namespace troupe::simulation
