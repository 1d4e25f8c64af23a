#include "cluster/link/clock_rate.hpp"

#include <algorithm>

namespace troupe::link {
namespace {

constexpr Duration kStretch = std::chrono::seconds(5);
constexpr Duration kShortest = std::chrono::seconds(10);
constexpr std::size_t kKept = 36;

double ratio(Duration there, Duration here) {
  return static_cast<double>(there.count()) / static_cast<double>(here.count()) - 1;
}

}  // namespace

RateBounds ClockRate::between(const Reading& before, const Reading& after) {
  const auto there = after.there - before.there;
  return {ratio(there, after.received - before.sent), ratio(there, after.sent - before.received)};
}

void ClockRate::sample(Time sent, Time received, Duration there) {
  if (received < sent || (newest_ && sent < newest_->received)) return;
  if (there < Duration::zero() || there > Duration::max() / 2) return;
  newest_ = Reading{sent, received, there};
  if (best_ && received - best_->received >= kStretch) {
    readings_.push_back(*best_);
    best_.reset();
    if (readings_.size() > kKept) readings_.pop_front();
  }
  if (!best_ || newest_->round_trip() < best_->round_trip()) best_ = newest_;
}

std::optional<RateBounds> ClockRate::bounds() const {
  if (readings_.empty() || newest_->sent - readings_.front().received < kShortest) return std::nullopt;
  return between(readings_.front(), *best_);
}

double ClockRate::proven() const {
  double most = 0;
  for (const auto& reading : readings_) {
    if (newest_->sent - reading.received >= kShortest)
      most = std::max(most, between(reading, *newest_).proven());
  }
  return most;
}

}  // namespace troupe::link
