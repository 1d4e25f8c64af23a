#include "actors/policy/pick.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace troupe::policy {
namespace {

constexpr double kLeast =
    0.01;  // of headroom and weight: a gauge is a moment old, and zero would never be tried

Rejection judge(const PickAsk& ask, const Candidate& c, Time now) {
  const auto& gauge = c.gauge;
  if (c.rejected != Rejection::none) return c.rejected;
  if (c.context_window > 0 && ask.input.count > c.context_window) return Rejection::context_window;
  if (ask.max_cost && !c.cost) return Rejection::cost_unknown;
  if (ask.max_cost && *c.cost > *ask.max_cost) return Rejection::over_cost;
  if (ask.max_latency && gauge.first_token_ms &&
      *gauge.first_token_ms * 1e6 > static_cast<double>(ask.max_latency->count()))
    return Rejection::too_slow;
  if (gauge.phase == BreakerPhase::dead) return Rejection::dead;
  if (gauge.not_before <= now) return Rejection::none;
  return gauge.phase == BreakerPhase::closed ? Rejection::no_capacity : Rejection::breaker_open;
}

double weight(const Candidate& c) {
  return std::max(kLeast, c.weight * c.adaptive_weight * std::max(0.1, c.gauge.weight_factor));
}

double room(const Candidate& c) {
  return weight(c) * std::max(kLeast, c.gauge.headroom);
}

bool unexplored(const Candidate& c) {
  return !c.gauge.first_token_peak_ms && c.gauge.in_flight == 0;
}

/// Peak-EWMA's load: what one more call would wait, roughly.
double load(const Candidate& c) {
  if (unexplored(c)) return 0;
  return c.gauge.first_token_peak_ms.value_or(1000) * static_cast<double>(c.gauge.in_flight + 1) / weight(c);
}

/// Highest random weight (Thaler & Ravishankar 1998), weighted: -w / ln(u).
double rendezvous(std::uint64_t sticky, const Candidate& c) {
  std::uint64_t z = sticky * 0x9E3779B97F4A7C15ULL + c.identity;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  z ^= z >> 31;
  const double u = (static_cast<double>(z >> 11) + 0.5) * 0x1.0p-53;
  return -c.weight / std::log(u);
}

double score(const PickAsk& ask, const Candidate& c, std::size_t position) {
  switch (ask.strategy) {
    case config::Strategy::priority:
      return -static_cast<double>(position);
    case config::Strategy::weighted:
      return weight(c);
    case config::Strategy::headroom:
      return room(c);
    case config::Strategy::least_latency:
      return -load(c);
    case config::Strategy::least_busy:
      return -static_cast<double>(c.gauge.in_flight) / weight(c);
    case config::Strategy::cheapest:
      return c.cost ? -c.cost->dollars() : std::numeric_limits<double>::lowest();
    case config::Strategy::sticky:
      return ask.sticky == 0 ? room(c) : rendezvous(ask.sticky, c);
  }
  return 0;
}

using Candidates = std::span<const Candidate>;
using Scores = std::span<const Score>;

std::size_t proportional(Scores scores, Random& random) {
  double total = 0;
  std::size_t last = 0;
  for (const auto& s : scores) total += s.rejected == Rejection::none ? s.value : 0;
  double left = random.unit() * total;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (scores[i].rejected != Rejection::none) continue;
    last = i;
    left -= scores[i].value;
    if (left < 0) break;
  }
  return last;
}

/// The highest score; equal ones share by their room.
std::size_t best(Candidates candidates, Scores scores, Random& random) {
  std::size_t chosen = scores.size();
  double tied = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (scores[i].rejected != Rejection::none) continue;
    const bool better = chosen == scores.size() || scores[i].value > scores[chosen].value;
    if (!better && scores[i].value < scores[chosen].value) continue;
    const double mine = room(candidates[i]);
    tied = better ? mine : tied + mine;
    if (better || random.unit() * tied < mine) chosen = i;
  }
  return chosen;
}

std::size_t nth_available(Scores scores, std::size_t n) {
  for (std::size_t i = 0;; ++i) {
    if (scores[i].rejected == Rejection::none && n-- == 0) return i;
  }
}

/// The power of two choices (Mitzenmacher 2001) keeps the fastest from being run over by everyone at once.
std::size_t better_of_two(Candidates candidates, Scores scores, Random& random) {
  std::size_t available = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (scores[i].rejected != Rejection::none) continue;
    if (unexplored(candidates[i])) return i;
    ++available;
  }
  const auto first = random.below(available);
  if (available == 1) return nth_available(scores, first);
  const auto second = (first + 1 + random.below(available - 1)) % available;
  const auto a = nth_available(scores, first), b = nth_available(scores, second);
  return scores[a].value >= scores[b].value ? a : b;
}

std::size_t choose(const PickAsk& ask, Candidates candidates, Scores scores, Random& random) {
  switch (ask.strategy) {
    case config::Strategy::weighted:
    case config::Strategy::headroom:
      return proportional(scores, random);
    case config::Strategy::sticky:
      return ask.sticky == 0 ? proportional(scores, random) : best(candidates, scores, random);
    case config::Strategy::least_latency:
      return better_of_two(candidates, scores, random);
    case config::Strategy::priority:
    case config::Strategy::least_busy:
    case config::Strategy::cheapest:
      return best(candidates, scores, random);
  }
  return 0;
}

}  // namespace

std::string_view name(Rejection rejection) {
  switch (rejection) {
    case Rejection::none:
      return "";
    case Rejection::tried:
      return "tried";
    case Rejection::not_allowed:
      return "not_allowed";
    case Rejection::pinned_elsewhere:
      return "pinned_elsewhere";
    case Rejection::no_vision:
      return "no_vision";
    case Rejection::no_tools:
      return "no_tools";
    case Rejection::no_json_schema:
      return "no_json_schema";
    case Rejection::context_window:
      return "context_window";
    case Rejection::over_cost:
      return "over_cost";
    case Rejection::cost_unknown:
      return "cost_unknown";
    case Rejection::too_slow:
      return "too_slow";
    case Rejection::breaker_open:
      return "breaker_open";
    case Rejection::dead:
      return "dead";
    case Rejection::no_capacity:
      return "no_capacity";
    case Rejection::higher_tier:
      return "higher_tier";
  }
  return "";
}

std::optional<std::size_t> pick(const PickAsk& ask, std::span<const Candidate> candidates,
                                std::span<Score> scores, Time now, Random& random) {
  int tier = std::numeric_limits<int>::max();
  bool any = false;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    scores[i] = {0, judge(ask, candidates[i], now)};
    if (scores[i].rejected != Rejection::none) continue;
    tier = std::min(tier, candidates[i].tier);
    any = true;
  }
  if (!any) return std::nullopt;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (scores[i].rejected != Rejection::none) continue;
    scores[i].value = score(ask, candidates[i], i);
    if (candidates[i].tier > tier) scores[i].rejected = Rejection::higher_tier;
  }
  return choose(ask, candidates, scores, random);
}

std::optional<std::size_t> pick_least_bad(std::span<const Candidate> candidates,
                                          std::span<const Score> scores) {
  std::optional<std::size_t> chosen;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const auto why = scores[i].rejected;
    if (why != Rejection::breaker_open && why != Rejection::dead) continue;
    if (!chosen || candidates[i].gauge.not_before < candidates[*chosen].gauge.not_before) chosen = i;
  }
  return chosen;
}

NoPick why_none(std::span<const Candidate> candidates, std::span<const Score> scores) {
  NoPick why;
  bool full = false, open = false, dear = false, small = false;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const auto rejected = scores[i].rejected;
    full |= rejected == Rejection::no_capacity;
    open |= rejected == Rejection::breaker_open || rejected == Rejection::dead;
    dear |= rejected == Rejection::over_cost || rejected == Rejection::cost_unknown;
    small |= rejected == Rejection::context_window;
    if (rejected == Rejection::no_capacity || rejected == Rejection::breaker_open)
      why.retry_at = std::min(why.retry_at, candidates[i].gauge.not_before);
  }
  if (full)
    why.fault = Fault::troupe_no_capacity;
  else if (open)
    why.fault = Fault::troupe_all_open;
  else if (dear)
    why.fault = Fault::policy_over_cost;
  else if (small)
    why.fault = Fault::caller_context_too_long;
  return why;
}

}  // namespace troupe::policy
