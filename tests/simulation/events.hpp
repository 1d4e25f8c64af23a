#pragma once
// True time of a simulated world: one queue of things to happen.
#include <cstdint>
#include <functional>
#include <queue>
#include <vector>

#include "core/time.hpp"

namespace troupe::simulation {

/// Runs what was planned, in the order of time and then of planning: the same plan gives the same run.
class Events {
 public:
  Time now() const { return now_; }
  void at(Time when, std::function<void()> what) {
    queue_.push({std::max(when, now_), ++planned_, std::move(what)});
  }
  void after(Duration span, std::function<void()> what) { at(now_ + span, std::move(what)); }
  void run(Time until) {
    while (!queue_.empty() && queue_.top().when <= until) {
      now_ = queue_.top().when;
      const auto what = std::move(queue_.top().what);
      queue_.pop();
      what();
    }
    now_ = until;
  }

 private:
  struct Entry {
    Time when;
    std::uint64_t number;
    mutable std::function<void()> what;
    bool operator<(const Entry& other) const {
      return when != other.when ? when > other.when : number > other.number;
    }
  };
  std::priority_queue<Entry> queue_;
  Time now_{};
  std::uint64_t planned_ = 0;
};

inline Duration seconds(double value) {
  return Duration(static_cast<Duration::rep>(value * 1e9));
}
inline double in_seconds(Duration span) {
  return std::chrono::duration<double>(span).count();
}

}  // namespace troupe::simulation
