#pragma once
// A target's weight follows its luck.
#include <algorithm>

namespace troupe::policy {

/// Success raises by 5 % up to 2, failure halves down to 0.1.
class AdaptiveWeight {
 public:
  void success() { value_ = std::min(2.0, value_ * 1.05); }
  void failure() { value_ = std::max(0.1, value_ * 0.5); }
  double value() const { return value_; }

 private:
  double value_ = 1;
};

}  // namespace troupe::policy
