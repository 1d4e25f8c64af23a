#include "actors/policy/fair_use.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace troupe::policy {
namespace {

constexpr double kGrowth = 1.1;   // on what was used
constexpr double kLeast = 0.05;   // of the share, for who used nothing
constexpr double kNearly = 1e-9;  // shares are quotients

std::int64_t second_of(Time at) {
  return std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count();
}

}  // namespace

void FairUse::Minute::advance(std::int64_t second) {
  if (second - at_ >= static_cast<std::int64_t>(kSeconds)) {
    seconds_.fill(0);
    sum_ = 0;
    at_ = second;
  }
  while (at_ < second) {
    auto& oldest = seconds_[static_cast<std::size_t>(++at_) % kSeconds];
    sum_ -= oldest;
    oldest = 0;
  }
}

void FairUse::Minute::add(std::int64_t amount, std::int64_t second) {
  advance(second);
  seconds_[static_cast<std::size_t>(at_) % kSeconds] += amount;
  sum_ += amount;
}

std::int64_t FairUse::Minute::sum(std::int64_t second) {
  advance(second);
  return sum_;
}

FairUse::Tenant* FairUse::find(const Claimant& claimant, Time now) {
  const auto found = tenants_.find(claimant.who);
  if (found == tenants_.end() && tenants_.size() >= kMost) forget_idle(now);
  if (found == tenants_.end() && tenants_.size() >= kMost) return nullptr;
  auto& tenant = found != tenants_.end() ? found->second : tenants_[claimant.who];
  tenant.weight = std::max(1e-3, claimant.weight);
  tenant.seen = now;
  return &tenant;
}

void FairUse::forget_idle(Time now) {
  std::erase_if(tenants_, [now](const auto& one) {
    return one.second.seen + kSpan <= now && one.second.held[kConcurrency] == 0;
  });
}

std::int64_t FairUse::uses(Tenant& tenant, std::size_t limit, Time now) {
  if (limit == kConcurrency) return tenant.held[kConcurrency];
  return tenant.held[limit] + tenant.used[limit].sum(second_of(now));
}

void FairUse::note_peak(Tenant& tenant, Time now) {
  const auto half = second_of(now) / 30;
  if (half != tenant.half) {
    tenant.peak_before = half == tenant.half + 1 ? tenant.peak : tenant.held[kConcurrency];
    tenant.peak = 0;
    tenant.half = half;
  }
  tenant.peak = std::max(tenant.peak, tenant.held[kConcurrency]);
}

/// What a tenant may want of one limit at a time.
std::int64_t FairUse::claims(Tenant& tenant, std::size_t limit, double share, Time now) {
  const auto whole = static_cast<std::int64_t>(std::floor(share + kNearly));
  if (now < tenant.unmet_until) return whole;
  note_peak(tenant, now);
  const auto usual =
      limit == kConcurrency ? std::max(tenant.peak, tenant.peak_before) : uses(tenant, limit, now);
  const auto wanted = std::ceil(kGrowth * static_cast<double>(usual) + kLeast * share);
  return std::min(whole, static_cast<std::int64_t>(wanted));
}

FairUse::Amounts FairUse::keep(const Claimant& claimant, const Amounts& needed, const Amounts& limits,
                               Time now) {
  Amounts keep{};
  if (quiet(now)) return keep;
  auto* own = find(claimant, now);
  if (own == nullptr) return keep;
  double weights = 0;
  for (const auto& [who, tenant] : tenants_)
    if (tenant.seen + kSpan > now) weights += tenant.weight;
  for (std::size_t i = 0; i < kLimits; ++i) {
    const auto limit = static_cast<double>(limits[i]);
    const auto mine = uses(*own, i, now);
    // Who has nothing of it may have one call, however large.
    if (limits[i] == 0 || mine == 0) continue;
    if (static_cast<double>(mine + needed[i]) <= limit * own->weight / weights + kNearly) continue;
    for (auto& [who, tenant] : tenants_) {
      if (who == claimant.who || tenant.seen + kSpan <= now) continue;
      const auto share = limit * tenant.weight / weights;
      keep[i] += std::max<std::int64_t>(0, claims(tenant, i, share, now) - uses(tenant, i, now));
    }
  }
  return keep;
}

void FairUse::fell_short(const Claimant& claimant, bool held_off, Time now) {
  if (quiet(now)) forget_idle(now);
  short_until_ = now + kSpan;
  auto* tenant = find(claimant, now);
  if (tenant != nullptr && !held_off) tenant->unmet_until = now + kSpan;
}

bool FairUse::took(std::uint64_t who, const Amounts& amounts, Time now) {
  if (quiet(now)) return false;
  const auto found = tenants_.find(who);
  if (found == tenants_.end()) return false;
  auto& tenant = found->second;
  for (std::size_t i = 0; i < kLimits; ++i) tenant.held[i] += amounts[i];
  note_peak(tenant, now);
  return true;
}

void FairUse::ended(std::uint64_t who, const Amounts& held, const Amounts& used, Time now) {
  const auto found = tenants_.find(who);
  if (found == tenants_.end()) return;
  auto& tenant = found->second;
  for (std::size_t i = 0; i < kLimits; ++i) tenant.held[i] -= held[i];
  for (std::size_t i = 0; i < kConcurrency; ++i) {
    if (used[i] != 0) tenant.used[i].add(used[i], second_of(now));
  }
}

}  // namespace troupe::policy
