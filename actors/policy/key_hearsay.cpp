// KeyState's third part: what a key tells other nodes, and what it makes of their word.
#include "actors/policy/key_state.hpp"

namespace troupe::policy {
namespace {

bool kills(Fault fault) {
  return fault == Fault::provider_key_dead || fault == Fault::provider_quota_spent;
}

constexpr std::size_t window_of(About about) {
  return static_cast<std::size_t>(about) - static_cast<std::size_t>(About::rpm);
}

}  // namespace

BreakerPhase KeyState::phase(Time now) const {
  return rumours_.holds(About::verdict, now) ? BreakerPhase::dead : breaker_.phase(now);
}

void KeyState::hear(const Hearsay& word, Time now) {
  expire_hearsay(now);
  const bool runs_out = word.value > 0 && word.until <= now;
  const bool works = word.about == About::verdict && word.value == 0;
  if (works && std::holds_alternative<Dead>(breaker_.state())) breaker_.revive(now);
  if (!rumours_.hear(word, now)) return;
  const auto* rumour = rumours_.of(word.about);
  if (rumour && word.about >= About::rpm) windows_[window_of(word.about)].cap(rumour->word.value);
  if (rumour && word.about == About::breaker) breaker_.suspect(rumour->word.until);
  if (rumour) return;
  end_hearsay(word.about);
  if (word.about == About::verdict && runs_out) breaker_.doubt(now);
}

void KeyState::end_hearsay(About about) {
  if (about >= About::rpm) windows_[window_of(about)].cap(std::nullopt);
  if (about == About::breaker) breaker_.suspect(Time::min());
}

void KeyState::expire_hearsay(Time now) {
  for (const auto about : rumours_.expire(now)) {
    end_hearsay(about);
    if (about == About::verdict) breaker_.doubt(now);
  }
}

void KeyState::testify(const Permit& permit, const Settled& settled, BreakerPhase before, Time now) {
  const auto& state = breaker_.state();
  if (settled.fault && kills(*settled.fault) && std::holds_alternative<Dead>(state))
    findings_.add({About::verdict, 1, Findings::kVerdictHolds}, now);
  if (const auto* open = std::get_if<Open>(&state); open && before != BreakerPhase::open)
    findings_.add({About::breaker, 1, open->until - now}, now);
  if (before == BreakerPhase::half_open && std::holds_alternative<Closed>(state))
    findings_.add({About::breaker, 0, {}}, now);
  if (settled.fault) return;
  const auto* refused = rumours_.of(About::verdict);
  const bool disproved = refused && permit.acquired >= refused->since;  // sent in spite of it
  const bool revived = before == BreakerPhase::dead && !std::holds_alternative<Dead>(state);
  if (disproved) rumours_.drop(About::verdict);
  if (disproved || revived) findings_.add({About::verdict, 0, {}}, now);
}

void KeyState::testify_limit(std::size_t window, const WindowTruth& truth, Time now) {
  const auto configured = windows_[window].configured();
  if (!truth.limit || *truth.limit <= 0 || configured == 0) return;
  const auto about = about_window(window);
  if (*truth.limit < configured) return findings_.add({about, *truth.limit, Findings::kLimitHolds}, now);
  const auto said = findings_.said(about, now);
  const auto* told = rumours_.of(about);
  const auto since = said ? *said : told ? told->since : kNever;
  if (since == kNever || now < since + Findings::kKeepLimit) return;
  rumours_.drop(about);
  end_hearsay(about);
  findings_.add({about, 0, {}}, now);
}

}  // namespace troupe::policy
