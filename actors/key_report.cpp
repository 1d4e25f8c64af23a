#include "actors/key_report.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

namespace troupe::actors {
namespace {

using nlohmann::json;

policy::WindowTruth truth(const ProviderLimits::Window& window) {
  return {window.limit, window.remaining, window.reset};
}

double seconds(Duration span) {
  return std::chrono::duration<double>(span).count();
}

/// Seconds until `at`; 0 when it has passed, null when it never comes.
json seconds_until(Time at, Time now) {
  if (at == kNever) return nullptr;
  return at <= now ? 0.0 : seconds(at - now);
}

template <class T>
json or_null(const std::optional<T>& value) {
  return value ? json(*value) : json(nullptr);
}

json millis(const std::optional<Duration>& span) {
  return span ? json(seconds(*span) * 1e3) : json(nullptr);
}

double ratio(std::int64_t part, std::int64_t whole) {
  return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0.0;
}

/// What this node may spend on its own now: all of it where nodes share nothing.
std::int64_t share_of(const policy::Shares& shares, std::size_t which, std::int64_t limit, Time now) {
  const auto& permits = shares.permits.at(which);
  const auto& floor = shares.floors.at(which);
  return permits ? permits->available(now) + (floor ? floor->available(now) : 0) : limit;
}

/// What is used of a limit: on all nodes where they share it and this one has heard of them, else here.
/// `age_s` is null where nothing is shared, or nothing known of the others.
json use_report(std::string_view name, std::int64_t limit, std::int64_t here, double resets_s,
                const policy::Shares& shares, std::size_t which, Time now) {
  const auto standing = shares.standing(which, now);
  const auto units = standing ? standing->limit : limit;
  const auto used = standing ? standing->limit - standing->left : here;
  return {{"name", name},
          {"limit", units},
          {"used", used},
          {"used_here", here},
          {"used_ratio", ratio(used, units)},
          {"share", share_of(shares, which, units, now)},
          {"resets_s", standing ? seconds(standing->resets) : resets_s},
          {"shared", static_cast<bool>(shares.permits.at(which))},
          {"age_s", standing ? json(seconds(standing->age)) : json(nullptr)}};
}

json window_report(const policy::WindowView& window, const policy::Shares& shares, std::size_t which,
                   Time now) {
  const auto here = window.used + window.reserved + window.withheld;
  const double resets_s = window.resets > now ? seconds(window.resets - now) : 0.0;
  auto row = use_report(window.name, window.limit, here, resets_s, shares, which, now);
  row.update({{"configured", window.configured},
              {"learned_limit", or_null(window.learned)},
              {"learned_remaining", or_null(window.remaining)},
              {"reserved", window.reserved},
              {"withheld", window.withheld},
              {"closed_s", seconds_until(window.closed_until, now)}});
  return row;
}

json windows_report(const policy::KeySnapshot& key, const policy::Shares& shares, Time now) {
  auto rows = json::array();
  for (std::size_t i = 0; i < key.windows.size(); ++i)
    rows.push_back(window_report(key.windows[i], shares, i, now));
  rows.push_back(use_report("concurrency", key.concurrency_limit, key.in_flight, 0, shares,
                            policy::Shares::kConcurrency, now));
  return rows;
}

json breaker_report(const policy::KeySnapshot& key, Time now) {
  auto history = json::array();
  for (const auto& change : key.history) {
    history.push_back({{"ago_s", seconds(now - change.when)},
                       {"from", policy::name(change.from)},
                       {"to", policy::name(change.to)},
                       {"cause", policy::name(change.cause)},
                       {"fault", change.fault ? json(name(*change.fault)) : json(nullptr)}});
  }
  return {
      {"state", policy::name(key.phase)},
      {"retry_s", key.phase == policy::BreakerPhase::closed ? json(nullptr)
                                                            : json(seconds_until(key.breaker_retry_at, now))},
      {"weight", key.weight_factor},
      {"history", std::move(history)}};
}

json quantiles(const policy::Quantiles& of) {
  return {{"p50", millis(of.p50)}, {"p95", millis(of.p95)}, {"p99", millis(of.p99)}};
}

json latency_report(const policy::LatencyView& latency) {
  return {{"ttft_ms", quantiles(latency.first_token)},
          {"total_ms", quantiles(latency.total)},
          {"ttft_ewma_ms", or_null(latency.first_token_ewma_ms)},
          {"ttft_peak_ms", or_null(latency.first_token_peak_ms)},
          {"total_ewma_ms", or_null(latency.total_ewma_ms)}};
}

/// What other nodes said of the key, and who.
json hearsay_report(const std::vector<policy::Hearsay>& words, Time now) {
  auto rows = json::array();
  for (const auto& word : words) {
    rows.push_back({{"about", policy::name(word.about)},
                    {"value", word.value},
                    {"from", word.from},
                    {"for_s", seconds_until(word.until, now)}});
  }
  return rows;
}

json permits_report(const policy::KeySnapshot& key) {
  return {{"granted", key.granted},
          {"settled", key.settled},
          {"refused", key.refused},
          {"ignored", key.ignored},
          {"reclaimed", key.reclaimed}};
}

}  // namespace

policy::Settled settled(const Settlement& from) {
  policy::Settled to;
  to.permit = from.permit;
  to.fault = from.fault;
  to.called = from.called;
  to.usage = from.usage;
  to.cost = from.cost;
  to.first_token = from.first_token;
  to.total = from.total;
  to.limits = {truth(from.limits.requests_minute),
               truth(from.limits.tokens_minute),
               truth(from.limits.input_tokens_minute),
               truth(from.limits.output_tokens_minute),
               truth(from.limits.requests_day),
               truth(from.limits.tokens_day),
               from.limits.retry_after};
  return to;
}

Refused refused_by(const KeyInfo& key, const policy::KeyRefusal& refusal) {
  Refused refused;
  refused.fault = refusal.fault;
  refused.retry_at = refusal.retry_at;
  refused.why = "key '" + key.id + "' refused: " + std::string(policy::name(refusal.reason));
  switch (refusal.kept_for) {
    case policy::KeptFor::nobody:
      break;
    case policy::KeptFor::tenants:
      refused.why += ", what is left is the share of other tenants";
      break;
    case policy::KeptFor::classes:
      refused.why += ", what is left is kept for requests that are no batch work";
      break;
  }
  refused.kept = refusal.kept_for != policy::KeptFor::nobody;
  refused.key = key.index;
  refused.wait_in_line = refusal.retry_at != kNever || refusal.reason == policy::RefusalReason::concurrency;
  return refused;
}

json key_detail(const policy::KeySnapshot& key, const policy::Shares& shares, Time now) {
  const auto& latency = key.latency;
  return {{"state", policy::name(key.phase)},
          {"in_flight", key.in_flight},
          {"windows", windows_report(key, shares, now)},
          {"breaker", breaker_report(key, now)},
          {"latency", latency_report(latency)},
          {"success_100", latency.success_ratio},
          {"average_cost_usd", latency.average_cost ? json(latency.average_cost->dollars()) : json(nullptr)},
          {"last_fault", key.last_fault ? json(name(key.last_fault->fault)) : json(nullptr)},
          {"last_fault_ago_s", key.last_fault ? json(seconds(now - key.last_fault->when)) : json(nullptr)},
          {"paused_s", seconds_until(key.paused_until, now)},
          {"hearsay", hearsay_report(key.hearsay, now)},
          {"headroom", key.headroom},
          {"permits", permits_report(key)}};
}

json tenant_detail(const policy::KeySnapshot& tenant, const policy::Shares& shares, Time now) {
  return {{"state", "running"},
          {"in_flight", tenant.in_flight},
          {"windows", windows_report(tenant, shares, now)},
          {"permits", permits_report(tenant)}};
}

}  // namespace troupe::actors
