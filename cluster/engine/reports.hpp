#pragma once
// The cluster for people and scrapers. Internal to cluster/engine.
#include <nlohmann/json_fwd.hpp>

#include "cluster/engine/state.hpp"
#include "cluster/members/event.hpp"

namespace troupe::cluster {

/// One member without its link, and one link.
nlohmann::json member_json(const members::Member& member, bool linked, Duration age);
nlohmann::json link_json(const link::PeerStats& peer);
/// The members but this node that are not known to be gone.
std::vector<std::string> others(const members::Membership& members, Time now);
/// Whether one of them has that configuration in force.
bool elsewhere(const members::Membership& members, Time now, std::uint64_t configuration);
/// Whether a member that is here has another configuration in force than this node.
bool mixed(const members::Membership& members, Time now);
nlohmann::json event_json(const members::Event& event);
/// GET /cluster: this node, the allocator as known here, every member.
nlohmann::json cluster_json(const State& state, const std::vector<link::PeerStats>& peers, Time now);
/// GET /cluster/shares: per limit what this node has; where it is the allocator, also what each node has.
nlohmann::json shares_json(const State& state, Time now);
EngineFigures figures_of(const State& state, const std::vector<link::PeerStats>& peers, Time now);

}  // namespace troupe::cluster
