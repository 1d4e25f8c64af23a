#include "app/admin_callbacks.hpp"

#include "app/build.hpp"
#include "app/problems_json.hpp"
#include "cluster/engine/engine.hpp"
#include "cluster/treasury/treasury.hpp"
#include "config/schema.hpp"
#include "config/show.hpp"

namespace troupe::app {
namespace {

using Json = nlohmann::json;

Json reload(NodeState& state) {
  const auto loaded = state.reload();
  return {{"ok", static_cast<bool>(loaded)},
          {"revision", state.revision.load()},
          {"problems", problems_json(loaded.problems)}};
}

Json validate(const NodeState& state, std::string_view text) {
  const auto loaded = config::load_text(text, "request", state.options.environment);
  return {{"ok", static_cast<bool>(loaded)}, {"problems", problems_json(loaded.problems)}};
}

Json drain(NodeState& state, const admin::Telemetry& telemetry, bool on) {
  state.draining = on;
  state.set_draining(on);
  return {{"state", on ? "draining" : "serving"}, {"in_flight", telemetry.totals().inflight}};
}

Json ready(const NodeState& state) {
  const bool draining = state.draining;
  auto checks = Json::array();
  checks.push_back(
      {{"name", "draining"}, {"ok", !draining}, {"detail", draining ? "the node is draining" : "serving"}});
  const auto obstacle = state.cluster ? state.cluster->obstacle() : std::string();
  if (state.cluster)
    checks.push_back({{"name", "cluster"},
                      {"ok", obstacle.empty()},
                      {"detail", obstacle.empty() ? "permits are leased" : obstacle}});
  return {{"ok", !draining && obstacle.empty()}, {"checks", std::move(checks)}};
}

Json metrics(const cluster::EngineFigures& figures) {
  auto conditions = Json::array();
  for (const auto& one : figures.conditions)
    conditions.push_back(
        {{"name", one.name}, {"measured", one.measured}, {"bound", one.bound}, {"holds", one.holds}});
  return {{"members", figures.members},          {"bytes_in", figures.bytes_in},
          {"bytes_out", figures.bytes_out},      {"round_trips", figures.round_trips},
          {"allocator", figures.allocator},      {"mixed", figures.mixed},
          {"lease_s", figures.lease_s},          {"conditions", std::move(conditions)},
          {"clock_errors", figures.clock_errors}};
}

}  // namespace

admin::AdminContext admin_context(NodeState& state, actors::Company& company,
                                  const admin::Telemetry& telemetry) {
  admin::AdminContext context;
  context.company = &company;
  context.telemetry = &telemetry;
  context.clock = &real_clock();
  context.build = build_info();
  context.config = [&state] { return state.config_now(); };
  context.config_json = [&state] { return config::show(*state.config_now()); };
  context.reload = [&state] { return reload(state); };
  context.validate = [&state](std::string_view text) { return validate(state, text); };
  context.config_state = [&state] {
    return Json{{"revision", state.revision.load()}, {"last_reload_ok", state.last_reload_ok.load()}};
  };
  context.flush_cache = [&state, &company](const std::optional<std::string>& tenant) {
    company.flush_cache(tenant);
    if (state.flush_meanings) state.flush_meanings(tenant);
    if (state.tell_cache) state.tell_cache(cache::Flush{!tenant, tenant.value_or("")});
  };
  context.drain = [&state, &telemetry](bool on) { return drain(state, telemetry, on); };
  context.ready = [&state] { return ready(state); };
  if (const auto* cluster = state.cluster) {
    context.cluster = [cluster] { return cluster->view(); };
    context.cluster_shares = [cluster] { return cluster->shares_view(); };
    context.cluster_figures = [cluster] { return metrics(cluster->figures()); };
  }
  if (const auto* treasury = state.treasury) {
    context.budgets = [treasury] { return treasury->view(); };
    context.costs = [treasury](const admin::CostQuestion& asked) {
      money::CostAsk ask{std::nullopt, asked.from, asked.until};
      if (asked.by != admin::CostBy::day) ask.by = static_cast<ledger::CostBy>(asked.by);
      return treasury->costs(ask);
    };
  }
  context.schema = [] { return config::json_schema(); };
  return context;
}

}  // namespace troupe::app
