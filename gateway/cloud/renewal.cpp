#include "gateway/cloud/renewal.hpp"

#include <algorithm>

namespace troupe::cloud {

void Renewal::got(Time end, Time now) {
  under_way_ = false;
  good_ = true;
  end_ = end;
  pause_ = kFirstPause;
  at_ = end == kNever ? kNever : end - std::min<Duration>(kEarly, (end - now) / 4);
}

void Renewal::failed(Time now) {
  under_way_ = false;
  at_ = now + pause_;
  pause_ = std::min<Duration>(2 * pause_, kLongestPause);
}

bool Renewal::rejected(Time now) {
  if (last_rejected_ && now - *last_rejected_ < kRejections) return false;
  last_rejected_ = now;
  good_ = false;
  at_ = now;
  return true;
}

}  // namespace troupe::cloud
