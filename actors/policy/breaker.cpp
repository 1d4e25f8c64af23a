#include "actors/policy/breaker.hpp"

#include <algorithm>

namespace troupe::policy {
namespace {

template <class... F>
struct Match : F... {
  using F::operator()...;
};
template <class... F>
Match(F...) -> Match<F...>;

constexpr double kLeast = 0.1;  // the weight of a key that just came back

int probes(const config::Breaker& settings) {
  return std::max(1, settings.half_open_probes);
}

Duration cooldown(const config::Breaker& settings, int reopened, Random& random) {
  const auto most = static_cast<double>(settings.cooldown_max.count());
  const auto first = static_cast<double>(settings.cooldown.count());
  const double doubled = std::min(most, first * static_cast<double>(1LL << std::min(reopened, 30)));
  return Duration(static_cast<std::int64_t>(std::min(most, doubled * (0.9 + 0.2 * random.unit()))));
}

bool kills(Fault fault) {
  return fault == Fault::provider_key_dead || fault == Fault::provider_quota_spent;
}

BreakerPhase phase_of(const BreakerState& state) {
  return std::visit(Match{[](const Closed&) { return BreakerPhase::closed; },
                          [](const Open&) { return BreakerPhase::open; },
                          [](const HalfOpen&) { return BreakerPhase::half_open; },
                          [](const Dead&) { return BreakerPhase::dead; }},
                    state);
}

}  // namespace

std::string_view name(BreakerPhase phase) {
  switch (phase) {
    case BreakerPhase::closed:
      return "closed";
    case BreakerPhase::open:
      return "open";
    case BreakerPhase::half_open:
      return "half_open";
    case BreakerPhase::dead:
      return "dead";
  }
  return "";
}

std::string_view name(BreakerCause cause) {
  switch (cause) {
    case BreakerCause::failures_in_row:
      return "failures_in_row";
    case BreakerCause::error_rate:
      return "error_rate";
    case BreakerCause::cooldown_over:
      return "cooldown_over";
    case BreakerCause::probe_failed:
      return "probe_failed";
    case BreakerCause::probes_passed:
      return "probes_passed";
    case BreakerCause::key_refused:
      return "key_refused";
    case BreakerCause::revived:
      return "revived";
    case BreakerCause::doubted:
      return "doubted";
  }
  return "";
}

bool Breaker::allows(Time now) const {
  return std::visit(Match{[](const Closed&) { return true; }, [&](const Open& s) { return s.until <= now; },
                          [&](const HalfOpen& s) { return s.in_flight + s.succeeded < probes(settings_); },
                          [](const Dead&) { return false; }},
                    state_);
}

Time Breaker::retry_at(Time now) const {
  if (allows(now)) return now;
  return std::visit(Match{[&](const Closed&) { return now; }, [](const Open& s) { return s.until; },
                          [&](const HalfOpen&) { return now + std::chrono::milliseconds(100); },
                          [](const Dead&) { return kNever; }},
                    state_);
}

BreakerTicket Breaker::entry(Time now) {
  const bool forced = !allows(now);
  half_open_when_due(now);
  auto* half = std::get_if<HalfOpen>(&state_);
  const bool probe = half && !forced;
  if (probe) ++half->in_flight;
  return {probe, forced, generation_};
}

void Breaker::half_open_when_due(Time now) {
  if (const auto* open = std::get_if<Open>(&state_); open && open->until <= now)
    move(HalfOpen{0, 0, open->reopened}, BreakerCause::cooldown_over, std::nullopt, now);
}

void Breaker::result(BreakerTicket ticket, std::optional<Fault> fault, Time now, Random& random) {
  if (ticket.generation != generation_) return;  // it began before the breaker last opened: old news
  if (!fault) return succeeded(ticket, now);
  if (traits(*fault).trips_breaker) return failed(ticket, *fault, now, random);
  abandon(ticket);
}

void Breaker::abandon(BreakerTicket ticket) {
  auto* half = std::get_if<HalfOpen>(&state_);
  if (half && ticket.probe && ticket.generation == generation_) --half->in_flight;
}

void Breaker::succeeded(BreakerTicket ticket, Time now) {
  if (auto* closed = std::get_if<Closed>(&state_)) {
    closed->failures_in_row = 0;
    return count(false, now);
  }
  if (auto* half = std::get_if<HalfOpen>(&state_)) {
    if (!ticket.probe) return;
    --half->in_flight;
    if (++half->succeeded >= probes(settings_)) close(half->reopened + 1, now);
    return;
  }
  if (ticket.forced) revive(now);
}

void Breaker::failed(BreakerTicket ticket, Fault fault, Time now, Random& random) {
  if (std::holds_alternative<Dead>(state_)) return;
  if (kills(fault)) return move(Dead{fault}, BreakerCause::key_refused, fault, now);
  if (auto* closed = std::get_if<Closed>(&state_)) {
    count(true, now);
    ++closed->failures_in_row;
    const bool ramping = closed->ramp_from && now < *closed->ramp_from + settings_.ramp;
    const int reopened = ramping ? closed->reopened : 0;
    if (settings_.failures > 0 && closed->failures_in_row >= strict(settings_.failures, now))
      open(reopened, BreakerCause::failures_in_row, fault, now, random);
    else if (rate_too_high(now))
      open(reopened, BreakerCause::error_rate, fault, now, random);
    return;
  }
  const auto* half = std::get_if<HalfOpen>(&state_);
  if (half && ticket.probe) open(half->reopened + 1, BreakerCause::probe_failed, fault, now, random);
}

void Breaker::open(int reopened, BreakerCause cause, Fault fault, Time now, Random& random) {
  move(Open{now + cooldown(settings_, reopened, random), reopened}, cause, fault, now);
}

void Breaker::close(int reopened, Time now) {
  slots_ = {};
  move(Closed{0, now, reopened}, BreakerCause::probes_passed, std::nullopt, now);
}

void Breaker::move(BreakerState to, BreakerCause cause, std::optional<Fault> fault, Time now) {
  if (std::holds_alternative<HalfOpen>(to)) ++generation_;
  history_.push_back({now, phase_of(state_), phase_of(to), cause, fault});
  if (history_.size() > kHistory) history_.pop_front();
  state_ = to;
}

void Breaker::revive(Time now) {
  const auto* open = std::get_if<Open>(&state_);
  if (!open && !std::holds_alternative<Dead>(state_)) return;
  move(HalfOpen{0, 0, open ? open->reopened : 0}, BreakerCause::revived, std::nullopt, now);
}

void Breaker::doubt(Time now) {
  if (std::holds_alternative<Closed>(state_))
    move(HalfOpen{0, 0, 0}, BreakerCause::doubted, std::nullopt, now);
}

void Breaker::renew(Time now) {
  ++generation_;
  if (auto* half = std::get_if<HalfOpen>(&state_)) *half = HalfOpen{};
  revive(now);
}

std::int64_t Breaker::tenth(Time now) const {
  return now.time_since_epoch() / std::max(Duration(1), settings_.window / static_cast<int>(kSlots));
}

void Breaker::count(bool failed, Time now) {
  const auto index = tenth(now);
  auto& slot = slots_[static_cast<std::size_t>(index) % kSlots];
  if (slot.tenth != index) slot = {index, 0, 0};
  ++slot.total;
  slot.failed += failed ? 1 : 0;
}

int Breaker::strict(int threshold, Time now) const {
  return now < suspect_until_ ? (threshold + 1) / 2 : threshold;
}

bool Breaker::rate_too_high(Time now) const {
  const auto oldest = tenth(now) - static_cast<std::int64_t>(kSlots) + 1;
  int total = 0, failed = 0;
  for (const auto& slot : slots_) {
    if (slot.tenth < oldest) continue;
    total += slot.total;
    failed += slot.failed;
  }
  return settings_.error_rate > 0 && total >= strict(settings_.min_requests, now) &&
         failed >= settings_.error_rate * total;
}

BreakerPhase Breaker::phase(Time now) const {
  const auto* open = std::get_if<Open>(&state_);
  return open && open->until <= now ? BreakerPhase::half_open : phase_of(state_);
}

double Breaker::weight_factor(Time now) const {
  const auto at = phase(now);
  if (at == BreakerPhase::half_open) return kLeast;
  const auto* closed = std::get_if<Closed>(&state_);
  if (!closed) return 0;
  if (!closed->ramp_from || settings_.ramp <= Duration::zero()) return 1;
  const double passed =
      static_cast<double>((now - *closed->ramp_from).count()) / static_cast<double>(settings_.ramp.count());
  return std::clamp(kLeast + (1 - kLeast) * passed, kLeast, 1.0);
}

}  // namespace troupe::policy
