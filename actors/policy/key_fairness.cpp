// KeyState's third part: what there is may be meant for somebody else.
#include <algorithm>
#include <cmath>

#include "actors/policy/key_state.hpp"

namespace troupe::policy {
namespace {

/// Claims of others change as they use them: worth another look so soon.
constexpr Duration kLookAgain = std::chrono::seconds(1);
constexpr Duration kSlotsChange = std::chrono::milliseconds(20);

constexpr std::size_t kAll = Shares::kLimits;

/// Of a limit, in whole units, but never all of it.
std::int64_t part(double reserve, std::int64_t limit) {
  const auto kept = static_cast<std::int64_t>(std::ceil(reserve * static_cast<double>(limit) - 1e-9));
  return std::clamp<std::int64_t>(kept, 0, std::max<std::int64_t>(0, limit - 1));
}

}  // namespace

FairUse::Amounts KeyState::fair(const Amounts& amounts, std::int64_t calls) {
  return {amounts[kRpm], amounts[kTpm], amounts[kItpm], amounts[kOtpm], calls};
}

void KeyState::end_claim(const Permit& permit, const Amounts& used, Time now) {
  if (permit.claimed) fair_.ended(*permit.claimed, fair(permit.held, 1), fair(used, 0), now);
}

std::int64_t KeyState::limit_of(std::size_t limit) const {
  return limit == Shares::kConcurrency ? concurrency_.limit() : windows_.at(limit).limit();
}

/// nullopt when `needed` leaves `kept` free, here and, as far as this node has heard, in the whole cluster.
std::optional<KeyRefusal> KeyState::lacking_of(std::size_t limit, std::int64_t needed, std::int64_t kept,
                                               Time now) const {
  KeyRefusal refusal{static_cast<RefusalReason>(limit), Fault::troupe_no_capacity, now};
  if (limit == Shares::kConcurrency) {
    if (concurrency_.in_flight() + needed + kept > concurrency_.limit())
      refusal.retry_at = now + kSlotsChange;
  } else {
    refusal.retry_at = window_retry_at(limit, needed + kept, now);
  }
  if (refusal.retry_at > now) return refusal;
  const auto standing = shares_.standing(limit, now);
  if (!standing || standing->left >= needed + kept) return std::nullopt;
  refusal.retry_at = now + std::max(standing->next, kSlotsChange);
  return refusal;
}

std::optional<KeyRefusal> KeyState::held_off(const AcquireAsk& ask, const Amounts& needed, Time now) {
  if (ask.reserve <= 0 && fair_.quiet(now)) return std::nullopt;
  Amounts limits{};
  for (std::size_t i = 0; i < kWindows; ++i) limits[i] = windows_[i].limit();
  const auto claimed = fair_.keep(ask.claimant, fair(needed, 1), fair(limits, concurrency_.limit()), now);
  std::optional<KeyRefusal> worst;
  for (std::size_t i = 0; i < kAll; ++i) {
    const auto limit = limit_of(i);
    if (limit == 0) continue;
    const auto takes = i < kWindows ? needed[i] : 1;
    const auto reserved = part(ask.reserve, limit);
    const auto others = i < FairUse::kConcurrency   ? claimed[i]
                        : i == Shares::kConcurrency ? claimed[FairUse::kConcurrency]
                                                    : 0;
    const auto kept = std::min(std::max(reserved, others), std::max<std::int64_t>(0, limit - takes));
    if (kept == 0) continue;
    auto refusal = lacking_of(i, takes, kept, now);
    if (!refusal || (worst && worst->retry_at >= refusal->retry_at)) continue;
    refusal->kept_for = others > reserved ? KeptFor::tenants : KeptFor::classes;
    worst = refusal;
  }
  if (worst && worst->kept_for == KeptFor::tenants)
    worst->retry_at = std::min(worst->retry_at, now + kLookAgain);
  return worst;
}

void KeyState::note_shortage(const AcquireAsk& ask, const KeyRefusal& refusal, Time now) {
  switch (refusal.reason) {
    case RefusalReason::rpm:
    case RefusalReason::tpm:
    case RefusalReason::itpm:
    case RefusalReason::otpm:
    case RefusalReason::concurrency:
      if (refusal.kept_for == KeptFor::classes) return;  // it waits for others, not the others for it
      return fair_.fell_short(ask.claimant, refusal.kept_for == KeptFor::tenants, now);
    case RefusalReason::rpd:
    case RefusalReason::tpd:
    case RefusalReason::breaker_open:
    case RefusalReason::dead:
    case RefusalReason::paused:
      return;
  }
}

}  // namespace troupe::policy
