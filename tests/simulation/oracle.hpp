#pragma once
// What the provider itself saw: the judge of every run.
#include <deque>

#include "core/time.hpp"

namespace troupe::simulation {

/// Exact log of units that were counted: the most in any half-open rolling window (t - window, t].
class RollingOracle {
 public:
  RollingOracle(std::int64_t limit, Duration window) : limit_(limit), window_(window) {}
  void count(Time now, std::int64_t units) {
    while (!log_.empty() && log_.front().first <= now - window_) {
      sum_ -= log_.front().second;
      log_.pop_front();
    }
    log_.emplace_back(now, units);
    sum_ += units;
    total_ += units;
    if (sum_ > worst_) worst_ = sum_, worst_at_ = now;
  }
  std::int64_t worst() const { return worst_; }
  std::int64_t over() const { return worst_ > limit_ ? worst_ - limit_ : 0; }
  std::int64_t total() const { return total_; }
  Time worst_at() const { return worst_at_; }

 private:
  std::int64_t limit_, sum_ = 0, worst_ = 0, total_ = 0;
  Duration window_;
  Time worst_at_{};
  std::deque<std::pair<Time, std::int64_t>> log_;
};

/// Calls at once.
class ConcurrencyOracle {
 public:
  explicit ConcurrencyOracle(std::int64_t limit) : limit_(limit) {}
  void begin(Time now) {
    ++total_;
    if (++current_ > worst_) worst_ = current_, worst_at_ = now;
  }
  void end() { --current_; }
  std::int64_t worst() const { return worst_; }
  std::int64_t over() const { return worst_ > limit_ ? worst_ - limit_ : 0; }
  std::int64_t total() const { return total_; }
  Time worst_at() const { return worst_at_; }

 private:
  std::int64_t limit_, current_ = 0, worst_ = 0, total_ = 0;
  Time worst_at_{};
};

}  // namespace troupe::simulation
