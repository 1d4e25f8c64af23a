#pragma once
// How long to wait before the next dial.
#include "core/random.hpp"
#include "core/time.hpp"

namespace troupe::link {

/// Doubles from `first` to `most`, each time drawn from the upper half: nodes that lost the same peer at the
/// same moment do not come back together. Never gives up.
class Backoff {
 public:
  Backoff(Duration first, Duration most) : first_(first), most_(most), next_(first) {}
  /// The pause after one more failure.
  Duration next(Random& random);
  /// The peer was reached and answered: begin again.
  void reset() { next_ = first_; }

 private:
  Duration first_, most_, next_;
};

}  // namespace troupe::link
