#include "gateway/admin/snapshot.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <cmath>
#include <map>

#include "gateway/admin/exposition.hpp"
#include "gateway/admin/record_json.hpp"

namespace troupe::admin {
namespace {

constexpr double kFailedRatio = 0.1, kWindowRatio = 0.9;

double rounded(double value) {
  return std::round(value * 1000) / 1000;
}

Json or_null(const std::optional<double>& value) {
  return value ? Json(rounded(*value)) : Json();
}

void alert(Json& out, std::string_view name, std::string message) {
  out.push_back({{"name", name}, {"message", std::move(message)}});
}

bool usable(const KeyView& key) {
  return breaker_number(key.state) < 2;
}

void add_providers(Json& out, const std::vector<KeyView>& keys) {
  std::map<std::string, bool> any;
  for (const auto& key : keys) any[key.provider] = any[key.provider] || usable(key);
  for (const auto& [provider, alive] : any)
    if (!alive) alert(out, "provider_down", fmt::format("no key of provider '{}' can be used", provider));
}

void add_keys(Json& out, const std::vector<KeyView>& keys) {
  for (const auto& key : keys)
    if (!usable(key))
      alert(out, key.state == "dead" ? "key_dead" : "breaker_open",
            fmt::format("key '{}' is {}{}{}", key.id, key.state, key.last_fault.empty() ? "" : ": ",
                        key.last_fault));
  for (const auto& key : keys)
    for (const auto& window : key.windows)
      if (window.ratio() >= kWindowRatio)
        alert(out, "window_nearly_spent",
              fmt::format("key '{}' has used {} of {} ({})", key.id, window.used, window.limit, window.name));
}

/// What viewers are told of GET /cluster.
Json cluster_moment(const Json& view) {
  if (!view.is_object()) return nullptr;
  auto members = Json::object();
  for (const auto& member : view.value("members", Json::array()))
    members[member.value("name", "")] = member.value("state", "");
  auto broken = Json::array();
  for (const auto& condition : view.value("conditions", Json::array()))
    if (!condition.value("holds", true)) broken.push_back(condition.value("condition", ""));
  return {{"allocator", view.value("allocator", "")},
          {"mixed", view.value("mixed", false)},
          {"members", std::move(members)},
          {"broken", std::move(broken)}};
}

void add_cluster(Json& out, const Json& cluster) {
  if (cluster.is_null()) return;
  for (const auto& condition : cluster["broken"])
    alert(
        out, "cluster_condition",
        fmt::format("{} does not hold: nothing is admitted on shared limits", condition.get<std::string>()));
  for (const auto& [name, state] : cluster["members"].items())
    if (state == "suspect" || state == "dead")
      alert(out, "member_lost", fmt::format("node '{}' is {}", name, state.get<std::string>()));
  if (cluster["mixed"] == true) alert(out, "config_mixed", "nodes have different configurations in force");
}

/// The most used first.
std::vector<Json> worst_budgets(const Json& budgets) {
  constexpr std::size_t kShown = 20;
  std::vector<Json> rows;
  if (!budgets.is_object()) return rows;
  for (const auto& row : budgets.at("budgets")) rows.push_back(row);
  const auto used = [](const Json& row) { return row.value("used_ratio", 0.0); };
  std::stable_sort(rows.begin(), rows.end(), [&](const Json& a, const Json& b) { return used(a) > used(b); });
  if (rows.size() > kShown) rows.resize(kShown);
  return rows;
}

Json budget_rows(const Json& budgets) {
  auto out = Json::array();
  for (const auto& row : worst_budgets(budgets)) {
    Json shown;
    for (const auto* field : {"owner", "usd", "spent_usd", "used_ratio", "renews"})
      if (row.contains(field)) shown[field] = row[field];
    out.push_back(std::move(shown));
  }
  return out;
}

void add_budgets(Json& out, const Json& budgets) {
  for (const auto& row : worst_budgets(budgets)) {
    double share = 2;
    const double used = row.value("used_ratio", 0.0);
    for (const auto& at : row.value("alert_at", Json::array())) share = std::min(share, at.get<double>());
    if (used < std::min(share, 0.999)) continue;
    alert(out, "budget",
          fmt::format("budget '{}' is used to {:.0f} %; it renews on {}", row.value("owner", ""), used * 100,
                      row.value("renews", "")));
  }
}

}  // namespace

Json alerts(const SnapshotInput& input) {
  auto out = Json::array();
  if (!input.ready.value("ok", true)) alert(out, "not_ready", "the node is not ready or is draining");
  if (!input.config_state.value("last_reload_ok", true))
    alert(out, "reload_refused", "the last reload was refused; the configuration before it is in force");
  if (input.rates.failed_ratio >= kFailedRatio)
    alert(out, "failures",
          fmt::format("{:.0f} % of the last minute's requests failed", input.rates.failed_ratio * 100));
  add_cluster(out, cluster_moment(input.cluster));
  add_providers(out, input.keys);
  add_keys(out, input.keys);
  add_budgets(out, input.budgets);
  return out;
}

Json make_snapshot(const SnapshotInput& input) {
  const auto& all = input.totals;
  auto keys = Json::array();
  for (const auto& key : input.keys) keys.push_back(to_json(key));
  auto queues = Json::object();
  for (const auto& [model, depth] : input.queues) queues[model] = depth;
  return {
      {"node", input.node},
      {"version", input.version},
      {"at", iso_time(input.at)},
      {"started", iso_time(input.started)},
      {"ready", input.ready.value("ok", true)},
      {"in_flight", all.inflight},
      {"streams", all.streams},
      {"connections", all.connections},
      {"requests", all.finished},
      {"failed", all.failed},
      {"requests_per_s", rounded(input.rates.requests_per_s)},
      {"failed_ratio", rounded(input.rates.failed_ratio)},
      {"ttft_ms",
       {{"p50", or_null(input.rates.first_token_p50_ms)}, {"p99", or_null(input.rates.first_token_p99_ms)}}},
      {"tokens_per_s",
       {{"in", rounded(input.rates.tokens_in_per_s)}, {"out", rounded(input.rates.tokens_out_per_s)}}},
      {"usd_per_h", rounded(input.rates.usd_per_h)},
      {"cost_usd", all.picos == 0 && all.cost_unknown > 0 ? Json() : Json(format_dollars(Money{all.picos}))},
      {"cost_unknown", all.cost_unknown},
      {"queues", std::move(queues)},
      {"config", input.config_state},
      {"keys", std::move(keys)},
      {"budgets", budget_rows(input.budgets)},
      {"cluster", cluster_moment(input.cluster)},
      {"alerts", alerts(input)}};
}

}  // namespace troupe::admin
