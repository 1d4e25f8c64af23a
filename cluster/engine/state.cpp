#include "cluster/engine/state.hpp"

#include <algorithm>

#include "cluster/engine/fingerprint.hpp"
#include "cluster/engine/hearsay.hpp"
#include "cluster/engine/notebook.hpp"
#include "cluster/permits/floors.hpp"

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

NodeSettings node_settings(const EngineOptions& options, std::uint64_t incarnation) {
  const auto& cluster = *options.config->cluster;
  NodeSettings out;
  out.me = cluster.node;
  out.incarnation = incarnation;
  for (const auto& [name, address] : cluster.voters) out.voters.push_back(name);
  out.limits = specs(named_limits(*options.config), floor_share(cluster));
  out.timing = timing_of(cluster);
  out.cold_open = cluster.cold_start == config::ColdStart::open;
  const LastRun last(options.config->store.path);
  const auto now = this_moment(*options.clock);
  out.knowledge = knowledge_of(*options.config, last, now);
  if (last.keeps())
    out.memory = std::make_shared<Notebook>(options.config->store.path, now.boot, *options.clock);
  return out;
}

/// Calls end within `longest_call`, and are given the guard to be seen to.
Conditions::Bounds bounds_of(const config::ClusterConfig& cluster) {
  return {static_cast<double>(cluster.clock_rate_error.parts) / 1e6, cluster.guard,
          cluster.longest_call + cluster.guard, cluster.lease};
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

members::HealthSettings health_settings(const EngineOptions& options, std::uint64_t incarnation) {
  members::HealthSettings out;
  out.name = options.config->cluster->node;
  out.incarnation = incarnation;
  return out;
}

}  // namespace

double floor_share(const config::ClusterConfig& cluster) {
  return cluster.on_partition == config::OnPartition::available ? cluster.floor : 0;
}

Limits specs(const std::vector<NamedLimit>& limits, double floor) {
  Limits out;
  for (const auto& limit : limits) out.push_back(limit.spec);
  return with_floors(out, floor);
}

constexpr Duration kUnwritten = std::chrono::minutes(1);  // a power cut may lose so much of the file's news

Knowledge knowledge_of(const config::Config& config, const LastRun& last, const Moment& now) {
  if (!last.keeps() || config.cluster->cold_start == config::ColdStart::wait) return Knowledge::forgot;
  if (!last.writable()) return Knowledge::forgot;  // it could never have said that it ran
  const auto age = last.age(now);
  if (!age) return Knowledge::never;
  const auto timing = timing_of(*config.cluster);
  auto longest = session_life(timing);
  for (const auto& limit : specs(named_limits(config), floor_share(*config.cluster)))
    longest = std::max(longest, session_life(timing) + after_loss(limit, timing));
  return *age > longest + kUnwritten ? Knowledge::never : Knowledge::forgot;
}

State::State(const EngineOptions& options, std::uint64_t life)
    : name(options.config->cluster->node),
      incarnation(life),
      began(options.clock->now()),
      node(node_settings(options, life), options.clock->now(), options.seed),
      members(member_settings(options, life), options.clock->now(), options.seed + 1),
      conditions(bounds_of(*options.config->cluster)),
      health(health_settings(options, life), options.clock->now(), options.seed + 2) {
  floor = floor_share(*options.config->cluster);
  use(*options.config, *options.config, options.clock->now());
  use_keys(*options.config, options.clock->now());
  members.announce(revision, configuration, draining, options.clock->now());
}

void State::use(const config::Config& config, const config::Config& file, Time now) {
  limits = named_limits(config);
  configuration = shared_fingerprint(file, Fingerprint::of_cluster(file));
  node.configure(specs(learnt(limits, health, now), floor), now);
  for (const auto& limit : limits) {
    permits[limit.spec.id] = node.agent().permits(limit.spec);
    auto own = node.agent().floor(limit.spec);
    if (!own) continue;
    permits[floor_of(limit.spec.id)] = own->slots();
    floors[limit.spec.id] = std::move(own);
  }
}

members::HealthStep State::use_keys(const config::Config& config, Time now) {
  return health.configure(key_fingerprints(config, Fingerprint::of_cluster(config)), now);
}

void State::relearn(Time now) {
  node.configure(specs(learnt(limits, health, now), floor), now);
}

std::string obstacle(const State& state, Time now) {
  if (state.permits.empty()) return {};
  if (state.members.usurped()) return "another process has taken this node's name: stop one of the two";
  if (!state.conditions.hold(now))
    return "a condition of the limits does not hold: see `conditions` in GET /cluster";
  const auto& agent = state.node.agent();
  const bool floor = !state.floors.empty() && agent.floor_lease()->holds(now);
  if (!agent.lease()->holds(now) && !floor) return "no lease: a majority of voters is out of reach";
  if (!state.node.copy_counts())
    return "the account is on its way to this voter: it counts for no majority yet";
  return {};
}

std::vector<link::Endpoint> endpoints(const std::vector<members::Peer>& peers) {
  std::vector<link::Endpoint> out;
  for (const auto& peer : peers) out.push_back({peer.name, peer.address});
  return out;
}

}  // namespace troupe::cluster
