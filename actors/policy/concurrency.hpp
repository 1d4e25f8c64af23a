#pragma once
// How many calls are under way at once.
#include <cstdint>

namespace troupe::policy {

/// Permits in flight under a cap; 0 = no cap. Lowering it below what is in flight admits nothing until enough
/// have ended.
class Concurrency {
 public:
  explicit Concurrency(std::int64_t limit = 0) : limit_(limit) {}

  bool fits() const { return limit_ == 0 || in_flight_ < limit_; }
  void take() { ++in_flight_; }
  void release() { --in_flight_; }
  void set_limit(std::int64_t limit) { limit_ = limit; }

  std::int64_t limit() const { return limit_; }
  std::int64_t in_flight() const { return in_flight_; }
  /// 0..1; 1 without a cap.
  double headroom() const {
    if (limit_ == 0) return 1;
    return in_flight_ >= limit_ ? 0 : 1 - static_cast<double>(in_flight_) / static_cast<double>(limit_);
  }

 private:
  std::int64_t limit_;
  std::int64_t in_flight_ = 0;
};

}  // namespace troupe::policy
