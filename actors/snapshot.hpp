#pragma once
// What a configuration revision means for routing: names resolved to endpoints with prices. Immutable and
// shared by all routers. Internal to actors/.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "actors/policy/pick.hpp"
#include "actors/routing.hpp"
#include "config/prices.hpp"
#include "config/types.hpp"

namespace troupe::actors {

class Cells;
struct LineCell;
struct TenantCell;

/// What a model can do, as far as the catalogue knows; nullopt = unknown, which is let pass.
struct Abilities {
  std::optional<bool> vision, tools, json;
};

/// One name a client can ask for, in this revision.
struct AliasRoute {
  std::shared_ptr<const config::Model> model;
  // By position, all of the same size: the endpoints, what their models can do, and what a router knows of
  // them before it looks at a request.
  std::vector<std::shared_ptr<const Endpoint>> endpoints;
  std::vector<Abilities> abilities;
  std::vector<policy::Candidate> blanks;
  std::shared_ptr<LineCell> line;
};

/// A tenant, or one of its virtual keys, whose requests are counted. Former ones are kept, for the permits
/// they still hold.
struct TenantSeat {
  std::shared_ptr<TenantCell> cell;
  std::optional<config::Limits> limits;  ///< nullopt: none any more, nor of users
  config::Limits per_user = {};
};

struct Snapshot {
  std::shared_ptr<const config::Config> config;
  std::shared_ptr<const config::PriceCatalogue> prices;
  std::uint64_t revision = 0;
  std::vector<std::shared_ptr<const KeyInfo>> keys;  ///< by KeyInfo::index
  std::unordered_map<std::string, AliasRoute> aliases;
  std::unordered_map<std::string, std::shared_ptr<LineCell>> provider_lines;  ///< for "provider/model" names
  std::uint32_t endpoints = 0;                                                ///< how many the aliases have

  std::unordered_map<std::string, TenantSeat> tenants;  ///< none that never had limits

  const AliasRoute* alias(const std::string& name) const;
  /// Of aliases and providers, each once.
  std::vector<std::shared_ptr<LineCell>> lines() const;
};

/// Resolves `config`. State that outlives revisions comes from `cells`, which are created where missing.
std::shared_ptr<const Snapshot> make_snapshot(std::shared_ptr<const config::Config> config,
                                              std::shared_ptr<const config::PriceCatalogue> prices,
                                              std::uint64_t revision, Cells& cells);

/// The route of "provider/model" where that is no alias: every key of the provider, default settings, the
/// provider's line. Without `model` when there is no such provider.
AliasRoute direct_route(const Snapshot& snapshot, const std::string& name);

/// The part of "provider/model" before the slash; empty without one.
std::string_view provider_of(std::string_view name);

}  // namespace troupe::actors
