#include "cluster/engine/conditions.hpp"

#include <algorithm>

namespace troupe::cluster {
namespace {

constexpr Duration kHalfMinute = std::chrono::seconds(30);

double seconds(Duration span) {
  return std::chrono::duration<double>(span).count();
}

}  // namespace

std::string_view name(Condition which) {
  static constexpr std::array<std::string_view, kConditions> kNames{"clock_rate", "send_delay",
                                                                    "longest_call"};
  return kNames.at(static_cast<std::size_t>(which));
}

double Conditions::bound_of(Condition which) const {
  switch (which) {
    case Condition::clock_rate:
      return bounds_.clock_rate_error;
    case Condition::send_delay:
      return seconds(bounds_.guard);
    case Condition::longest_call:
      break;
  }
  return seconds(bounds_.longest_call);
}

void Conditions::note(Condition which, double value, double bound, Time now) {
  auto& watch = watches_.at(static_cast<std::size_t>(which));
  if (now - watch.turned >= kHalfMinute) {
    watch.before = now - watch.turned < 2 * kHalfMinute ? watch.most : 0;
    watch.most = 0;
    watch.turned = now;
  }
  watch.most = std::max(watch.most, value);
  if (value > bound) watch.broken = now;
}

void Conditions::sent(Duration delay, Time now) {
  note(Condition::send_delay, seconds(delay), bound_of(Condition::send_delay), now);
}

void Conditions::ended(Duration took, Time now) {
  note(Condition::longest_call, seconds(took), bound_of(Condition::longest_call), now);
}

void Conditions::clocks(std::vector<double> proven, Time now) {
  std::sort(proven.begin(), proven.end());
  // The median, the larger of two: what more than half of the peers see at least.
  const double certain = proven.empty() ? 0 : proven.at((proven.size() - 1) / 2);
  auto& watch = watches_.at(static_cast<std::size_t>(Condition::clock_rate));
  watch.most = watch.before = certain;
  watch.turned = now;
  if (certain > bounds_.clock_rate_error) watch.broken = now;
}

bool Conditions::holds(const Watch& watch, Time now) const {
  return watch.broken == Time::min() || now - watch.broken >= bounds_.calm;
}

bool Conditions::hold(Time now) const {
  return std::all_of(watches_.begin(), watches_.end(), [&](const Watch& watch) { return holds(watch, now); });
}

Measured Conditions::measured(Condition which, Time now) const {
  const auto& watch = watches_.at(static_cast<std::size_t>(which));
  const bool fresh = now - watch.turned < 2 * kHalfMinute;
  return {fresh ? std::max(watch.most, watch.before) : 0, bound_of(which), holds(watch, now)};
}

}  // namespace troupe::cluster
