#include "gateway/batch/verdict.hpp"

namespace troupe::batch {

Fate judge(int status, std::optional<Duration> retry_after, int tries, Duration left) {
  if (status >= 200 && status < 300) return Fate::good;
  if (status == 429 || status == 503)
    return left > Duration::zero() && retry_after && *retry_after > left ? Fate::bad : Fate::waits;
  const bool broke = status == 0 || status == 408 || status >= 500;
  return broke && tries < kTries ? Fate::again : Fate::bad;
}

}  // namespace troupe::batch
