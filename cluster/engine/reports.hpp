#pragma once
// The cluster for people and scrapers. Internal to cluster/engine.
#include <nlohmann/json_fwd.hpp>

#include "cluster/engine/state.hpp"
#include "cluster/members/event.hpp"

namespace troupe::cluster {

nlohmann::json event_json(const members::Event& event);
/// GET /cluster: this node, the allocator as known here, every member.
nlohmann::json cluster_json(const State& state, const std::vector<link::PeerStats>& peers, Time now);
/// GET /cluster/shares: per limit what this node has; where it is the allocator, also what each node has.
nlohmann::json shares_json(const State& state, Time now);
EngineFigures figures_of(const State& state, const std::vector<link::PeerStats>& peers, Time now);

}  // namespace troupe::cluster
