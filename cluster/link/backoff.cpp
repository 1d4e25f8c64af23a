#include "cluster/link/backoff.hpp"

#include <algorithm>

namespace troupe::link {

Duration Backoff::next(Random& random) {
  const auto whole = next_;
  next_ = std::min(most_, 2 * next_);
  return whole / 2 +
         Duration(static_cast<Duration::rep>(random.unit() * static_cast<double>((whole / 2).count())));
}

}  // namespace troupe::link
