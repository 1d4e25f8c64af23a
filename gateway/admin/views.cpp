#include "gateway/admin/views.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <utility>

#include "config/model_facts.hpp"
#include "gateway/admin/exposition.hpp"

namespace troupe::admin {
namespace {

using actors::ActorInfo;

Json actor_row(const ActorInfo& actor) {
  return {{"id", actor.id},
          {"type", actor.type},
          {"name", actor.name},
          {"node", actor.node},
          {"parent", actor.parent},
          {"state", actor.state},
          {"mailbox", actor.mailbox},
          {"mailbox_max", actor.mailbox_max},
          {"messages", actor.messages},
          {"rate_1m", actor.rate_1m},
          {"busy_pct", actor.busy_pct},
          {"last_message", actor.last_message},
          {"restarts", actor.restarts},
          {"age_s", actor.age_s}};
}

/// True when `a` comes before `b` by the field `sort` (a word that is no field sorts by type and name).
bool before(const Json& a, const Json& b, const std::string& sort) {
  if (a.contains(sort) && a[sort] != b[sort])
    return a[sort].is_number() ? a[sort] > b[sort] : a[sort] < b[sort];
  return std::tie(a["type"], a["name"], a["id"]) < std::tie(b["type"], b["name"], b["id"]);
}

std::string_view word(config::Strategy strategy) {
  static constexpr std::string_view kWords[] = {"priority",   "weighted", "headroom", "least_latency",
                                                "least_busy", "cheapest", "sticky"};
  return kWords[static_cast<std::size_t>(strategy)];
}

Json limits_json(const config::Limits& limits) {
  auto out = Json::object();
  const std::pair<const char*, std::int64_t> all[] = {{"rpm", limits.rpm},
                                                      {"tpm", limits.tpm},
                                                      {"itpm", limits.itpm},
                                                      {"otpm", limits.otpm},
                                                      {"rpd", limits.rpd},
                                                      {"tpd", limits.tpd},
                                                      {"concurrency", limits.concurrency}};
  for (const auto& [name, value] : all)
    if (value > 0) out[name] = value;
  return out;
}

/// What a tenant's actor tells of one of its windows; only the limit when it is not there or was busy.
Json said(const Actors& actors, const std::string& tenant, const std::string& name, const Json& limit) {
  for (const auto& actor : actors) {
    if (actor.type != "tenant" || actor.name != tenant) continue;
    for (const auto& window : window_views(actor.detail))
      if (window.name == name) return to_json(window);
  }
  auto unknown = to_json(WindowView{});
  for (auto& [field, value] : unknown.items()) value = nullptr;
  unknown["limit"] = limit;
  return unknown;
}

Json limit_row(const char* scope, const std::string& id, const std::string& window, const Json& said) {
  Json row{{"scope", scope}, {"id", id}, {"window", window}};
  row.update(said);
  return row;
}

/// user:password@ of a URL stays out of every answer.
std::string without_userinfo(const std::string& url) {
  const auto start = url.find("://");
  if (start == std::string::npos) return url;
  const auto host = start + 3, end = std::min(url.find('/', host), url.size());
  const auto at = url.rfind('@', end);
  return at == std::string::npos || at < host ? url : url.substr(0, host) + url.substr(at + 1);
}

}  // namespace

Json actor_list(Actors actors, std::string_view type, std::string_view sort) {
  std::vector<Json> rows;
  for (const auto& actor : actors)
    if (type.empty() || actor.type == type) rows.push_back(actor_row(actor));
  std::sort(rows.begin(), rows.end(),
            [by = std::string(sort)](const Json& a, const Json& b) { return before(a, b, by); });
  return {{"actors", std::move(rows)}};
}

Json actor_detail(const ActorInfo& actor) {
  auto out = actor_row(actor);
  out["detail"] = Json(actor.detail);
  return out;
}

Json key_list(const Actors& actors) {
  auto rows = Json::array();
  for (const auto& key : key_views(actors)) rows.push_back(to_json(key));
  return {{"keys", std::move(rows)}};
}

Json provider_list(const config::Config& config, const Actors& actors) {
  const auto keys = key_views(actors);
  auto rows = Json::array();
  for (const auto& provider : config.providers) {
    std::int64_t usable = 0, flight = 0;
    for (const auto& key : keys) {
      if (key.provider != provider.name) continue;
      usable += breaker_number(key.state) < 2 ? 1 : 0;
      flight += key.in_flight;
    }
    rows.push_back({{"name", provider.name},
                    {"type", config::vendor_name(provider.type)},
                    {"base_url", without_userinfo(provider.base_url)},
                    {"keys", provider.keys.size()},
                    {"usable", usable},
                    {"in_flight", flight}});
  }
  return {{"providers", std::move(rows)}};
}

Json model_list(const config::Config& config, const Actors& actors) {
  std::map<std::string, std::int64_t> waiting;
  for (const auto& [model, depth] : queue_depths(actors)) waiting[model] = depth;
  auto rows = Json::array();
  for (const auto& model : config.models) {
    auto targets = Json::array();
    for (const auto& target : model.targets)
      targets.push_back({{"use", target.provider + "/" + target.model},
                         {"key", target.key ? Json(*target.key) : Json()},
                         {"weight", target.weight},
                         {"tier", target.tier}});
    rows.push_back({{"name", model.name},
                    {"strategy", word(model.strategy)},
                    {"targets", std::move(targets)},
                    {"fallbacks", model.fallbacks},
                    {"attempts", model.retry.attempts},
                    {"queued", waiting[model.name]}});
  }
  return {{"models", std::move(rows)}};
}

Json tenant_list(const config::Config& config) {
  auto rows = Json::array();
  for (const auto& tenant : config.tenants) {
    auto names = Json::array();
    for (const auto& key : tenant.keys) names.push_back(key.name);
    rows.push_back({{"name", tenant.name},
                    {"keys", std::move(names)},
                    {"models", tenant.models},
                    {"limits", limits_json(tenant.limits)}});
  }
  return {{"tenants", std::move(rows)}};
}

Json limit_list(const config::Config& config, const Actors& actors) {
  auto rows = Json::array();
  for (const auto& key : key_views(actors))
    for (const auto& window : key.windows)
      rows.push_back(limit_row("key", key.id, window.name, to_json(window)));
  for (const auto& tenant : config.tenants) {
    const auto limits = limits_json(tenant.limits);
    for (const auto& [name, limit] : limits.items())
      rows.push_back(limit_row("tenant", tenant.name, name, said(actors, tenant.name, name, limit)));
  }
  // Keys that were made by command are in no file: what counts is who holds a limit.
  constexpr std::string_view kOwner = "vkey/";
  for (const auto& actor : actors) {
    if (actor.type != "tenant" || !actor.name.starts_with(kOwner)) continue;
    for (const auto& window : window_views(actor.detail))
      if (window.limit > 0)
        rows.push_back(
            limit_row("virtual_key", actor.name.substr(kOwner.size()), window.name, to_json(window)));
  }
  return {{"limits", std::move(rows)}};
}

}  // namespace troupe::admin
