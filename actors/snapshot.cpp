#include "actors/snapshot.hpp"

#include <algorithm>
#include <utility>

#include "actors/cells.hpp"
#include "config/auth.hpp"
#include "config/model_facts.hpp"
#include "core/hash.hpp"

namespace troupe::actors {
namespace {

/// nullptr for a model that nobody knows.
std::shared_ptr<const config::ModelInfo> known_of(const Snapshot& snapshot, const config::Provider& provider,
                                                  const config::Target& target) {
  auto facts = config::facts_of(snapshot.prices.get(), provider, target);
  return facts ? std::make_shared<const config::ModelInfo>(std::move(*facts)) : nullptr;
}

std::shared_ptr<Endpoint> make_endpoint(std::shared_ptr<const KeyInfo> key, const config::Target& target,
                                        const std::string& alias,
                                        std::shared_ptr<const config::ModelInfo> facts) {
  auto endpoint = std::make_shared<Endpoint>();
  if (facts) {
    endpoint->price = {facts->input, facts->output, facts->cached_read, facts->cached_write,
                       facts->reasoning};
    endpoint->context_window = facts->longest_prompt();
    endpoint->info = std::move(facts);
  }
  endpoint->weight = target.weight * key->key.weight;
  endpoint->key = std::move(key);
  endpoint->alias = alias;
  endpoint->model = target.model;
  endpoint->tier = target.tier;
  return endpoint;
}

policy::Candidate blank_of(const Endpoint& endpoint) {
  policy::Candidate blank;
  blank.endpoint = endpoint.index;
  blank.identity = fnv1a(endpoint.key->id + "/" + endpoint.model);
  blank.tier = endpoint.tier;
  blank.weight = endpoint.weight;
  blank.context_window = endpoint.context_window;
  return blank;
}

/// Adds an endpoint for each key that `target` may use, numbered on from `next`.
void add_target(const Snapshot& snapshot, const config::Target& target, AliasRoute& route,
                std::uint32_t& next, Cells* cells) {
  for (const auto& key : snapshot.keys) {
    if (key->provider->name != target.provider) continue;
    if (target.key && *target.key != key->key.name) continue;
    const auto facts = known_of(snapshot, *key->provider, target);
    auto endpoint = make_endpoint(key, target, route.model->name, facts);
    endpoint->index = next++;
    if (cells && route.model->adaptive_weights) {
      endpoint->adapted = cells->weight(endpoint->alias + " " + endpoint->key->id + " " + endpoint->model);
    }
    route.blanks.push_back(blank_of(*endpoint));
    route.abilities.push_back(facts ? Abilities{facts->vision, facts->tools, facts->json} : Abilities{});
    route.endpoints.push_back(std::move(endpoint));
  }
}

void add_keys(Snapshot& snapshot, const config::Provider& provider, Cells& cells) {
  auto shared = std::make_shared<const config::Provider>(provider);
  static const std::vector<config::Key> keyless = [] {
    std::vector<config::Key> one(1);
    one.front().name = "default";
    return one;
  }();
  for (const auto& key : provider.keys.empty() ? keyless : provider.keys) {
    auto info = std::make_shared<KeyInfo>();
    info->id = provider.name + "/" + key.name;
    info->index = static_cast<std::uint32_t>(snapshot.keys.size());
    info->key = key;
    info->provider = shared;
    info->cell = cells.key(info->id, key, snapshot.config->breaker);
    snapshot.keys.push_back(std::move(info));
  }
}

AliasRoute make_alias(Snapshot& snapshot, const config::Model& model, Cells& cells) {
  AliasRoute route;
  route.model = std::make_shared<const config::Model>(model);
  route.line = cells.line(model.name, model.queue);
  for (const auto& target : model.targets) add_target(snapshot, target, route, snapshot.endpoints, &cells);
  return route;
}

void add_tenants(Snapshot& snapshot, Cells& cells) {
  for (const auto& tenant : snapshot.config->tenants) {
    const auto seat = [&](const std::string& owner, const config::Limits& limits,
                          const config::Limits& per_user) {
      if (limits == config::Limits{} && per_user == config::Limits{}) return;
      snapshot.tenants[owner] = {cells.tenant(owner, limits, per_user), limits, per_user};
    };
    seat(tenant.name, tenant.limits, tenant.per_user);
    for (const auto& key : tenant.keys) seat(config::owner_of(tenant, key), key.limits, {});
  }
  for (const auto& [name, cell] : cells.tenants())
    snapshot.tenants.try_emplace(name, TenantSeat{cell, {}, {}});
}

}  // namespace

const AliasRoute* Snapshot::alias(const std::string& name) const {
  const auto found = aliases.find(name);
  return found == aliases.end() ? nullptr : &found->second;
}

std::vector<std::shared_ptr<LineCell>> Snapshot::lines() const {
  std::vector<std::shared_ptr<LineCell>> all;
  for (const auto& [name, route] : aliases) all.push_back(route.line);
  for (const auto& [name, line] : provider_lines) all.push_back(line);
  return all;
}

std::shared_ptr<const Snapshot> make_snapshot(std::shared_ptr<const config::Config> config,
                                              std::shared_ptr<const config::PriceCatalogue> prices,
                                              std::uint64_t revision, Cells& cells) {
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->config = std::move(config);
  snapshot->prices = std::move(prices);
  snapshot->revision = revision;
  for (const auto& provider : snapshot->config->providers) add_keys(*snapshot, provider, cells);
  for (const auto& model : snapshot->config->models) {
    snapshot->aliases.emplace(model.name, make_alias(*snapshot, model, cells));
  }
  for (const auto& provider : snapshot->config->providers) {
    snapshot->provider_lines.emplace(provider.name, cells.line(provider.name + "/*", config::Queue{}));
  }
  add_tenants(*snapshot, cells);
  return snapshot;
}

AliasRoute direct_route(const Snapshot& snapshot, const std::string& name) {
  AliasRoute route;
  const auto provider = std::string(provider_of(name));
  const auto line = snapshot.provider_lines.find(provider);
  if (line == snapshot.provider_lines.end() || name.size() <= provider.size() + 1) return route;
  config::Target target;
  target.provider = provider;
  target.model = name.substr(provider.size() + 1);
  auto model = std::make_shared<config::Model>();
  model->name = name;
  model->targets = {target};
  route.model = std::move(model);
  route.line = line->second;
  std::uint32_t next = snapshot.endpoints;
  add_target(snapshot, target, route, next, nullptr);
  return route;
}

std::string_view provider_of(std::string_view name) {
  const auto slash = name.find('/');
  return slash == std::string_view::npos ? std::string_view{} : name.substr(0, slash);
}

}  // namespace troupe::actors
