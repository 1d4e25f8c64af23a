#include "actors/policy/users/tally.hpp"

#include <algorithm>
#include <array>

namespace troupe::users {
namespace {

using policy::RateWindow;
using policy::RefusalReason;

constexpr std::array kWindows{RefusalReason::rpm,  RefusalReason::tpm, RefusalReason::itpm,
                              RefusalReason::otpm, RefusalReason::rpd, RefusalReason::tpd};
constexpr Duration kMinute = std::chrono::minutes(1), kDay = std::chrono::hours(24);
/// A call under way may end soon, and give back what it did not use.
constexpr Duration kSoon = std::chrono::milliseconds(50);

std::int64_t limit_of(const config::Limits& limits, RefusalReason which) {
  switch (which) {
    case RefusalReason::rpm:
      return limits.rpm;
    case RefusalReason::tpm:
      return limits.tpm;
    case RefusalReason::itpm:
      return limits.itpm;
    case RefusalReason::otpm:
      return limits.otpm;
    case RefusalReason::rpd:
      return limits.rpd;
    case RefusalReason::tpd:
      return limits.tpd;
    default:
      return 0;
  }
}

std::int64_t part(const Amounts& amounts, std::uint32_t window) {
  switch (kWindows.at(window)) {
    case RefusalReason::tpm:
    case RefusalReason::tpd:
      return amounts.tokens;
    case RefusalReason::itpm:
      return amounts.input;
    case RefusalReason::otpm:
      return amounts.output;
    default:
      return amounts.requests;
  }
}

bool of_day(RefusalReason which) {
  return which == RefusalReason::rpd || which == RefusalReason::tpd;
}

bool of_requests(RefusalReason which) {
  return which == RefusalReason::rpm || which == RefusalReason::rpd;
}

}  // namespace

Amounts& Amounts::operator+=(const Amounts& o) {
  requests += o.requests;
  tokens += o.tokens;
  input += o.input;
  output += o.output;
  return *this;
}

Amounts& Amounts::operator-=(const Amounts& o) {
  requests -= o.requests;
  tokens -= o.tokens;
  input -= o.input;
  output -= o.output;
  return *this;
}

Amounts least(const Amounts& x, const Amounts& y) {
  return {std::min(x.requests, y.requests), std::min(x.tokens, y.tokens), std::min(x.input, y.input),
          std::min(x.output, y.output)};
}

Tally::Tally(const config::Limits& limits) {
  reconfigure(limits);
}

Amounts Tally::needed(Tokens input, Tokens output, const config::Limits& limits) {
  const auto in = std::max<std::int64_t>(0, input.count);
  auto out = std::max<std::int64_t>(0, output.count);
  for (const auto most : {limits.tpm, limits.tpd})
    if (most > 0) out = std::min(out, std::max<std::int64_t>(0, most - in));
  return {1, in + out, in, limits.otpm > 0 ? std::min(out, limits.otpm) : out};
}

const Tally::Window* Tally::find(RefusalReason which) const {
  const auto index = static_cast<std::uint32_t>(which);
  const auto found =
      std::find_if(windows_.begin(), windows_.end(), [&](const Window& one) { return one.index == index; });
  return found == windows_.end() ? nullptr : &*found;
}

/// The reason that lasts longest, as with a key.
Decision Tally::weigh(const Amounts& needed, Time now) const {
  Decision out;
  Time worst = now;
  const auto later = [&](RefusalReason why, std::int64_t limit, Time at) {
    if (at <= worst) return;
    worst = at;
    out.granted = false;
    out.reason = why;
    out.limit = limit;
  };
  if (most_calls_ > 0 && calls_ >= most_calls_) later(RefusalReason::concurrency, most_calls_, now + kSoon);
  for (const auto& [index, window] : windows_) {
    const auto why = kWindows.at(index);
    const auto amount = part(needed, index);
    auto at = window.earliest(amount, now);
    if (at > now && !of_requests(why) && window.held_back(amount, now)) at = std::min(at, now + kSoon);
    later(why, window.limit(), at);
  }
  if (!out.granted && worst != kNever) out.retry = worst - now;
  tell_left(out, now);
  return out;
}

void Tally::tell_left(Decision& decision, Time now) const {
  decision.requests = left(RefusalReason::rpm, RefusalReason::rpd, now);
  decision.tokens = left(RefusalReason::tpm, RefusalReason::tpd, now);
}

Left Tally::left(RefusalReason minute, RefusalReason day, Time now) const {
  for (const auto which : {minute, day}) {
    const auto* found = find(which);
    if (!found) continue;
    const auto view = found->window.view(name(which), now);
    const auto cooled = view.resets > now ? view.resets - now : Duration{0};
    const auto span = of_day(which) ? kDay : kMinute;
    return {view.limit, std::max<std::int64_t>(0, view.limit - view.used - view.reserved),
            view.reserved > 0 ? std::max(span, cooled) : cooled};
  }
  return {};
}

void Tally::hold(const Amounts& amounts, std::int64_t calls) {
  for (auto& [index, window] : windows_) window.reserve(part(amounts, index));
  calls_ += calls;
}

void Tally::release(const Amounts& amounts, std::int64_t calls) {
  for (auto& [index, window] : windows_) window.give_back(std::min(part(amounts, index), window.reserved()));
  calls_ = std::max<std::int64_t>(0, calls_ - calls);
}

void Tally::cool(const Amounts& used, Time seen, Time now) {
  for (auto& [index, window] : windows_) window.settle(0, part(used, index), seen, now);
}

void Tally::cool(const Cooled& entry, Time now) {
  for (auto& [index, window] : windows_)
    if (index == entry.window) window.settle(0, entry.amount, now - entry.age, now);
}

std::vector<Cooled> Tally::cooling(Time now) const {
  std::vector<Cooled> out;
  for (const auto& [index, window] : windows_) {
    window.each_cooling(now, [&, index = index](Time seen, std::int64_t amount) {
      out.push_back({index, std::max(Duration{0}, now - seen), amount});
    });
  }
  return out;
}

void Tally::reconfigure(const config::Limits& limits) {
  std::vector<Window> next;
  for (const auto which : kWindows) {
    const auto limit = limit_of(limits, which);
    if (limit <= 0) continue;
    const auto* known = find(which);
    next.push_back(
        known ? *known
              : Window{static_cast<std::uint32_t>(which), RateWindow(of_day(which) ? kDay : kMinute, limit)});
    next.back().window.set_limit(limit);
  }
  windows_ = std::move(next);
  most_calls_ = limits.concurrency;
}

}  // namespace troupe::users
