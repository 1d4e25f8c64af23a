#include "actors/policy/key_state.hpp"

#include <algorithm>

namespace troupe::policy {
namespace {

constexpr Duration kMinute = std::chrono::minutes(1);
constexpr Duration kDay = std::chrono::hours(24);
/// Permits that other nodes hold come within a round trip or two.
constexpr Duration kAskAgain = std::chrono::milliseconds(20);

/// When a call under way may end, so that a waiter looks again: a guess from the mean. It is kept short: a
/// long guess would talk a request out of a wait that the next end could cut short.
Duration next_end(const Latency& latency, std::int64_t in_flight) {
  const double each =
      latency.total_ms().value_or(1000) / static_cast<double>(std::max<std::int64_t>(1, in_flight));
  return std::chrono::microseconds(static_cast<std::int64_t>(std::clamp(each, 10.0, 50.0) * 1000));
}

void later(std::optional<KeyRefusal>& worst, RefusalReason reason, Fault fault, Time retry_at, Time now) {
  if (retry_at > now && (!worst || retry_at > worst->retry_at)) worst = KeyRefusal{reason, fault, retry_at};
}

}  // namespace

std::string_view name(RefusalReason reason) {
  static constexpr std::array<std::string_view, 10> kNames{
      "rpm", "tpm", "itpm", "otpm", "rpd", "tpd", "concurrency", "breaker_open", "dead", "paused"};
  return kNames[static_cast<std::size_t>(reason)];
}

KeyState::KeyState(const config::Limits& limits, const config::Breaker& breaker)
    : windows_{RateWindow(kMinute, limits.rpm),  RateWindow(kMinute, limits.tpm),
               RateWindow(kMinute, limits.itpm), RateWindow(kMinute, limits.otpm),
               RateWindow(kDay, limits.rpd),     RateWindow(kDay, limits.tpd)},
      concurrency_(limits.concurrency),
      breaker_(breaker) {}

KeyState::Amounts KeyState::amounts(const AcquireAsk& ask) const {
  const auto in = std::max<std::int64_t>(0, ask.input.count);
  auto out = std::max<std::int64_t>(0, ask.output.count);
  Amounts needed{1, in + out, in, out, 1, in + out};
  // Providers count output tokens as they come: a high max_tokens alone does not exceed this limit.
  if (const auto most = windows_[kOtpm].limit(); most > 0) needed[kOtpm] = std::min(out, most);
  return needed;
}

Acquired KeyState::acquire(const AcquireAsk& ask, Time now, Random&) {
  reclaim(now);
  expire_hearsay(now);
  const auto needed = amounts(ask);
  auto refusal = obstacle(ask, needed, now);
  if (!refusal && !ask.force) refusal = held_off(ask, needed, now);
  if (refusal) {
    note_shortage(ask, *refusal, now);
    ++refused_;
    return *refusal;
  }
  std::optional<Shares::Taken> shared;
  if (shares_.any()) {
    shared.emplace();
    std::copy(needed.begin(), needed.end(), shared->amounts.begin());
    shared->amounts.at(Shares::kConcurrency) = 1;
    if (const auto lacking = shares_.take(*shared, now)) {
      ++refused_;
      const KeyRefusal missing{static_cast<RefusalReason>(*lacking), Fault::troupe_no_capacity,
                               now + kAskAgain, true};
      note_shortage(ask, missing, now);
      return missing;
    }
  }
  for (std::size_t i = 0; i < kWindows; ++i) windows_[i].reserve(needed[i]);
  concurrency_.take();
  const auto ticket = breaker_.entry(now);
  const auto permit = next_++;
  auto& held =
      permits_.emplace_hint(permits_.end(), permit, Permit{needed, now, ticket, false, shared})->second;
  if (fair_.took(ask.claimant.who, fair(needed, 1), now)) held.claimed = ask.claimant.who;
  last_call_ = now;
  ++granted_;
  return Grant{permit, ticket.probe,
               shared && shares_.guard > Duration::zero() ? now + shares_.guard : kNever};
}

std::optional<KeyRefusal> KeyState::obstacle(const AcquireAsk& ask, const Amounts& needed, Time now) const {
  std::optional<KeyRefusal> worst;
  constexpr auto kFull = Fault::troupe_no_capacity;
  if (!concurrency_.fits())
    later(worst, RefusalReason::concurrency, kFull, now + next_end(latency_, concurrency_.in_flight()), now);
  for (std::size_t i = 0; i < kWindows; ++i)
    later(worst, static_cast<RefusalReason>(i), kFull, window_retry_at(i, needed[i], now), now);
  later(worst, RefusalReason::paused, kFull, paused_until_, now);
  if (const auto* told = rumours_.of(About::pause))
    later(worst, RefusalReason::paused, kFull, told->word.until, now);
  if (const auto* told = rumours_.of(About::verdict); told && !ask.force)
    later(worst, RefusalReason::dead, Fault::troupe_all_open, told->word.until, now);
  if (!ask.force && !breaker_.allows(now)) {
    const bool dead = breaker_.phase(now) == BreakerPhase::dead;
    later(worst, dead ? RefusalReason::dead : RefusalReason::breaker_open, Fault::troupe_all_open,
          breaker_.retry_at(now), now);
  }
  return worst;
}

Time KeyState::window_retry_at(std::size_t window, std::int64_t amount, Time now) const {
  const auto& w = windows_[window];
  const Time at = w.earliest(amount, now);
  const bool tokens = window != kRpm && window != kRpd;
  // Calls mostly use fewer tokens than they reserve: the next one to end may make room.
  if (at > now && tokens && w.held_back(amount, now))
    return std::min(at, now + next_end(latency_, concurrency_.in_flight()));
  return at;
}

void KeyState::reclaim(Time now) {
  while (!permits_.empty() && permits_.begin()->second.acquired + kLongestCall <= now) {
    const auto& permit = permits_.begin()->second;
    finish_shared(permit, permit.held, now);
    end_claim(permit, permit.held, now);
    for (std::size_t i = 0; i < kWindows; ++i) windows_[i].settle(permit.held[i], permit.held[i], now, now);
    concurrency_.release();
    breaker_.abandon(permit.ticket);
    permits_.erase(permits_.begin());
    ++reclaimed_;
  }
}

void KeyState::finish_shared(const Permit& permit, const Amounts& used, Time now) const {
  if (!permit.shared) return;
  Shares::Amounts all{};
  std::copy(used.begin(), used.end(), all.begin());
  shares_.finish(*permit.shared, all, now);
}

void KeyState::tick(Time now) {
  reclaim(now);
}

void KeyState::reconfigure(const config::Limits& limits, const config::Breaker& breaker, bool secret_changed,
                           Time now) {
  const Amounts limit{limits.rpm, limits.tpm, limits.itpm, limits.otpm, limits.rpd, limits.tpd};
  for (std::size_t i = 0; i < kWindows; ++i) windows_[i].set_limit(limit[i]);
  concurrency_.set_limit(limits.concurrency);
  breaker_.configure(breaker);
  if (!secret_changed) return;
  for (auto& window : windows_) window.forget_provider();
  paused_until_ = Time::min();
  refused_in_row_ = 0;
  findings_.forget();
  for (const auto& word : rumours_.view(now)) end_hearsay(word.about);
  rumours_.forget();
  breaker_.renew(now);
}

KeyGauge KeyState::gauge(Time now) const {
  KeyGauge gauge;
  gauge.headroom = concurrency_.headroom();
  for (const auto& window : windows_) gauge.headroom = std::min(gauge.headroom, window.headroom(now));
  gauge.in_flight = concurrency_.in_flight();
  if (const auto refusal = obstacle(AcquireAsk{}, Amounts{1, 1, 1, 1, 1, 1}, now))
    gauge.not_before = refusal->retry_at;
  gauge.phase = phase(now);
  gauge.weight_factor = gauge.phase == BreakerPhase::dead ? 0 : breaker_.weight_factor(now);
  gauge.first_token_ms = latency_.first_token_ms();
  gauge.first_token_peak_ms = latency_.first_token_peak_ms(now);
  if (const auto p95 = latency_.first_token_p95())
    gauge.first_token_p95_ms = static_cast<double>(p95->count()) / 1e6;
  gauge.success_ratio = latency_.success_ratio();
  gauge.average_cost = latency_.average_cost();
  gauge.last_call = last_call_;
  return gauge;
}

KeySnapshot KeyState::snapshot(Time now) const {
  KeySnapshot all;
  for (std::size_t i = 0; i < kWindows; ++i)
    all.windows.push_back(windows_[i].view(name(static_cast<RefusalReason>(i)), now));
  all.in_flight = concurrency_.in_flight();
  all.concurrency_limit = concurrency_.limit();
  all.phase = phase(now);
  all.breaker_retry_at = breaker_.retry_at(now);
  if (const auto* told = rumours_.of(About::verdict))
    all.breaker_retry_at = std::max(all.breaker_retry_at, told->word.until);
  all.weight_factor = all.phase == BreakerPhase::dead ? 0 : breaker_.weight_factor(now);
  all.hearsay = rumours_.view(now);
  all.history.assign(breaker_.history().begin(), breaker_.history().end());
  all.latency = latency_.view(now);
  all.last_fault = last_fault_;
  all.paused_until = paused_until_;
  all.headroom = gauge(now).headroom;
  all.granted = granted_;
  all.settled = settled_;
  all.refused = refused_;
  all.ignored = ignored_;
  all.reclaimed = reclaimed_;
  return all;
}

}  // namespace troupe::policy
