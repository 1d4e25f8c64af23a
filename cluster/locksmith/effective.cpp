#include "cluster/locksmith/effective.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>

namespace troupe::locksmith {
namespace {

using keyring::Millis;
using keyring::Record;

WallTime wall(Millis at) {
  return WallTime(std::chrono::milliseconds(at));
}

config::RequestClass class_of(const std::string& name) {
  if (name == "batch") return config::RequestClass::batch;
  return name == "default" ? config::RequestClass::standard : config::RequestClass::interactive;
}

/// Alerts, and what happens at its end, as the tenant's own budget has them.
std::optional<config::Budget> budget_of(const keyring::Policy& policy, const config::Tenant& tenant) {
  if (policy.usd <= 0) return std::nullopt;
  auto out = tenant.budget.value_or(config::Budget{});
  out.usd = policy.usd;
  out.rolling = policy.rolling;
  out.period = policy.period == "day"    ? config::BudgetPeriod::day
               : policy.period == "week" ? config::BudgetPeriod::week
                                         : config::BudgetPeriod::month;
  return out;
}

config::VirtualKey key_of(const Record& record, const std::string& name, const config::Tenant& tenant) {
  const auto& policy = record.policy;
  config::VirtualKey out;
  out.name = name;
  out.hash = record.hash;
  out.models = policy.models;
  out.providers = policy.providers;
  out.ip = policy.ip;
  out.tags = {policy.tags.begin(), policy.tags.end()};
  if (policy.expires != 0) out.expires = wall(policy.expires);
  out.priority = class_of(policy.request_class);
  out.limits = {policy.rpm, policy.tpm, policy.itpm, policy.otpm, policy.rpd, policy.tpd, policy.concurrency};
  out.budget = budget_of(policy, tenant);
  return out;
}

void add(config::Tenant& tenant, const Record& record, std::set<std::string>& names, Millis now) {
  auto name = record.name;
  if (!names.insert(name).second) {
    name += "~" + record.id.substr(record.id.size() - std::min<std::size_t>(6, record.id.size()));
    names.insert(name);
  }
  tenant.keys.push_back(key_of(record, name, tenant));
  for (const auto& former : record.former) {
    if (former.until <= now) continue;
    auto old = tenant.keys.back();
    old.hash = former.hash;
    old.expires = old.expires ? std::min(*old.expires, wall(former.until)) : wall(former.until);
    tenant.keys.push_back(std::move(old));
  }
}

}  // namespace

std::shared_ptr<const config::Config> with_keys(const config::Config& file,
                                                const std::vector<Record>& records, Millis now) {
  auto out = std::make_shared<config::Config>(file);
  struct Place {
    config::Tenant* tenant;
    std::set<std::string> names;
  };
  std::unordered_map<std::string, Place> places;
  for (auto& tenant : out->tenants) {
    auto& place = places[tenant.name];
    place.tenant = &tenant;
    for (const auto& key : tenant.keys) place.names.insert(key.name);
  }
  for (const auto& record : records) {
    const auto place = places.find(record.tenant);
    if (record.revoked == 0 && place != places.end())
      add(*place->second.tenant, record, place->second.names, now);
  }
  return out;
}

}  // namespace troupe::locksmith
