#pragma once
// Between what the cluster knows about keys (members::Health) and what keys make of it (policy). Internal to
// cluster/engine.
#include <optional>
#include <string>
#include <vector>

#include "actors/policy/evidence.hpp"
#include "cluster/engine/catalogue.hpp"
#include "cluster/members/health.hpp"

namespace troupe::cluster {

/// What a key is to be told of a change; nullopt: nothing. This node's own words are known to it.
std::optional<policy::Hearsay> hearsay_of(const members::HealthChange& change, Time now);
policy::Hearsay hearsay_of(const members::Held& held);

/// Under its limits' names: a key's limit that its provider told to be smaller than the operator's, on any
/// node, is that small for the whole cluster. Never larger.
std::vector<NamedLimit> learnt(std::vector<NamedLimit> limits, const members::Health& health, Time now);

}  // namespace troupe::cluster
