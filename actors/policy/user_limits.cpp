#include "actors/policy/user_limits.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>

namespace troupe::policy {
namespace {

constexpr Duration kGuard = std::chrono::minutes(1);  // windows last a little longer than they say
constexpr std::size_t kAtOnce = 4;                    // forgotten with each request, so that it stays short
constexpr std::size_t kLookedAt = 64;                 // of the idlest, for one without a call under way

}  // namespace

Duration UserLimits::longest_window() const {
  const bool days = limits_.rpd > 0 || limits_.tpd > 0;
  return days ? Duration(std::chrono::hours(24)) : Duration(std::chrono::minutes(1));
}

UserLimits::User* UserLimits::find(std::string_view user) const {
  const auto found = index_.find(std::string(user.substr(0, kLongestName)));
  return found == index_.end() ? nullptr : &*found->second;
}

void UserLimits::forget_idle(Time now) {
  for (std::size_t i = 0; i < kAtOnce && !users_.empty(); ++i) {
    const auto& oldest = users_.back();
    if (oldest.in_flight > 0 || oldest.last + longest_window() + kGuard > now) return;
    index_.erase(oldest.name);
    users_.pop_back();
  }
}

UserLimits::User* UserLimits::seat(std::string_view user, Time now) {
  forget_idle(now);
  std::string name(user.substr(0, kLongestName));
  if (const auto found = index_.find(name); found != index_.end()) {
    users_.splice(users_.begin(), users_, found->second);
    return &users_.front();
  }
  if (users_.size() >= kMost) {
    auto idle = std::prev(users_.end());
    for (std::size_t i = 0; i < kLookedAt && idle != users_.begin() && idle->in_flight > 0; ++i) --idle;
    if (idle->in_flight > 0) return nullptr;
    index_.erase(idle->name);
    users_.erase(idle);
  }
  users_.push_front({name, KeyState(limits_, config::Breaker{}), now});
  index_.emplace(std::move(name), users_.begin());
  return &users_.front();
}

Acquired UserLimits::acquire(std::string_view user, const AcquireAsk& ask, Time now, Random& random) {
  auto* one = seat(user, now);
  if (one == nullptr)
    return KeyRefusal{RefusalReason::concurrency, Fault::troupe_no_capacity, now + std::chrono::seconds(1)};
  one->last = now;
  auto answer = one->state.acquire(ask, now, random);
  if (std::holds_alternative<Grant>(answer)) ++one->in_flight;
  return answer;
}

void UserLimits::settle(std::string_view user, const Settled& settled, Time now, Random& random) {
  auto* one = find(user);
  if (one == nullptr) return;
  one->state.settle(settled, now, random);
  one->in_flight = std::max<std::int64_t>(0, one->in_flight - 1);
  one->last = now;
}

void UserLimits::begun(std::string_view user, PermitId permit, Time at, Time now) {
  if (auto* one = find(user)) one->state.begun(permit, at, now);
}

WindowView UserLimits::window(std::string_view user, RefusalReason which, Time now) const {
  const auto* one = find(user);
  return one != nullptr ? one->state.window(which, now) : WindowView{};
}

void UserLimits::reconfigure(const config::Limits& limits, Time now) {
  if (limits == limits_) return;
  limits_ = limits;
  for (auto& one : users_) one.state.reconfigure(limits, config::Breaker{}, false, now);
}

}  // namespace troupe::policy
