#pragma once
// What the engine's mutex guards: the values of one node. Internal to cluster/engine.
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "cluster/engine/catalogue.hpp"
#include "cluster/engine/conditions.hpp"
#include "cluster/engine/engine.hpp"
#include "cluster/engine/last_run.hpp"
#include "cluster/engine/traffic.hpp"
#include "cluster/link/link.hpp"
#include "cluster/members/health.hpp"
#include "cluster/members/membership.hpp"
#include "cluster/permits/node.hpp"

namespace troupe::cluster {

/// Whether the cluster may have used its limits just before this process: `never` only when this node's own
/// store says that it took no part in an account within the longest time that a permit can be out of reach.
Knowledge knowledge_of(const config::Config& config, const LastRun& last, const Moment& now);

struct State {
  State(const EngineOptions& options, std::uint64_t incarnation);

  /// New limits and sizes; what is no longer named keeps its permits until the process ends. `file`: see
  /// Engine::configure.
  void use(const config::Config& config, const config::Config& file, Time now);
  /// What is known of the keys of that configuration; call after use().
  members::HealthStep use_keys(const config::Config& config, Time now);
  /// Provider limits that some node learnt are other now.
  void relearn(Time now);

  std::string name;
  std::uint64_t incarnation, revision = 1;
  std::uint64_t configuration = 0;  ///< shared_fingerprint() of what is in force
  Time began;
  Traffic traffic;
  std::map<std::pair<std::string, std::string>, std::uint64_t> row_ids;  ///< of rows_of()
  bool draining = false;
  std::uint64_t garbled = 0;  ///< payloads that were no message of ours
  std::vector<NamedLimit> limits;
  Node node;
  members::Membership members;
  Conditions conditions;
  members::Health health;
  std::map<LimitId, std::shared_ptr<policy::Permits>> permits;  ///< also of the floors
  std::map<LimitId, std::shared_ptr<policy::Floor>> floors;     ///< by the limit that they are of
  double floor = 0;                                             ///< share of each limit; 0: strict
};

/// What the protocol shares: `limits`, and their floors where nodes that are cut off shall go on.
Limits specs(const std::vector<NamedLimit>& limits, double floor);
/// The share of each limit that is kept back as floors: 0 unless `on_partition` is `available`.
double floor_share(const config::ClusterConfig& cluster);

/// Why balancers shall send nothing here; empty when this node may use its permits, or never had a limit to
/// share.
std::string obstacle(const State& state, Time now);

inline State make_state(const EngineOptions& options, std::uint64_t incarnation) {
  return State(options, incarnation);
}

/// Whom the link shall keep.
std::vector<link::Endpoint> endpoints(const std::vector<members::Peer>& peers);

}  // namespace troupe::cluster
