#include "cluster/link/pulse.hpp"

#include <algorithm>

namespace troupe::link {
namespace {
constexpr Duration kMinute = std::chrono::minutes(1);
}

bool Pulse::ping_due(Time now) {
  if (last_ping_ && now - *last_ping_ < rhythm_.heartbeat) return false;
  if (!first_ping_) first_ping_ = now;
  last_ping_ = now;
  return true;
}

void Pulse::turn(Time now) {
  if (now - turned_ < kMinute) return;
  max_before_ = now - turned_ < 2 * kMinute ? max_now_ : Duration{};
  max_now_ = {};
  turned_ = now;
}

bool Pulse::pong(Time sent, Time now) {
  if (!first_ping_ || sent < *first_ping_ || sent > *last_ping_) return false;
  turn(now);
  const auto sample = now - sent;
  smooth_ = smooth_ ? *smooth_ + (sample - *smooth_) / 8 : sample;
  max_now_ = std::max(max_now_, sample);
  return true;
}

Duration Pulse::round_trip_max(Time now) const {
  auto copy = *this;
  copy.turn(now);
  return std::max(copy.max_now_, copy.max_before_);
}

}  // namespace troupe::link
