#include "cluster/engine/state.hpp"

namespace troupe::cluster {
namespace {

Timing timing_of(const config::ClusterConfig& cluster) {
  Timing out;
  out.lease = cluster.lease;
  out.office = cluster.office;
  out.renew = cluster.office / 5;
  out.report = cluster.report_every;
  out.guard = cluster.guard;
  out.longest_call = cluster.longest_call;
  out.clock_rate_error = static_cast<double>(cluster.clock_rate_error.parts) / 1e6;
  return out;
}

Limits specs(const std::vector<NamedLimit>& limits) {
  Limits out;
  for (const auto& limit : limits) out.push_back(limit.spec);
  return out;
}

NodeSettings node_settings(const EngineOptions& options, std::uint64_t incarnation) {
  const auto& cluster = *options.config->cluster;
  NodeSettings out;
  out.me = cluster.node;
  out.incarnation = incarnation;
  for (const auto& [name, address] : cluster.voters) out.voters.push_back(name);
  out.limits = specs(named_limits(*options.config));
  out.timing = timing_of(cluster);
  out.cold_open = cluster.cold_start == config::ColdStart::open;
  return out;
}

members::Settings member_settings(const EngineOptions& options, std::uint64_t incarnation) {
  const auto& cluster = *options.config->cluster;
  members::Settings out;
  out.name = cluster.node;
  out.address = cluster.dialled();
  out.incarnation = incarnation;
  for (const auto& [name, address] : cluster.voters) out.voters.push_back({name, address});
  return out;
}

}  // namespace

State::State(const EngineOptions& options, std::uint64_t life)
    : name(options.config->cluster->node),
      incarnation(life),
      node(node_settings(options, life), options.clock->now(), options.seed),
      members(member_settings(options, life), options.clock->now(), options.seed + 1) {
  use(*options.config, options.clock->now());
}

void State::use(const config::Config& config, Time now) {
  limits = named_limits(config);
  for (const auto& limit : limits) permits[limit.spec.id] = node.agent().permits(limit.spec);
  node.configure(specs(limits), now);
}

std::vector<link::Endpoint> endpoints(const std::vector<members::Peer>& peers) {
  std::vector<link::Endpoint> out;
  for (const auto& peer : peers) out.push_back({peer.name, peer.address});
  return out;
}

}  // namespace troupe::cluster
