#pragma once
// A key actor as operators see it: read once from ActorInfo::detail, used by /keys, the gauges and the ticks.
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "actors/company.hpp"

namespace troupe::admin {

/// One row of a list as it is shown: fields keep their order.
using Json = nlohmann::ordered_json;

struct WindowView {
  std::string name;  ///< rpm, tpm, itpm, otpm, rpd, tpd, concurrency
  std::int64_t limit = 0;
  std::int64_t used = 0;       ///< on all nodes where they share the limit, as far as this one knows
  std::int64_t used_here = 0;  ///< on this node
  std::int64_t share = 0;      ///< what this node may use on its own now
  double resets_s = 0;
  bool shared = false;          ///< with other nodes
  std::optional<double> age_s;  ///< of what is known of other nodes; nullopt: nothing, or nothing is shared
  double ratio() const { return limit > 0 ? static_cast<double>(used) / static_cast<double>(limit) : 0; }
};

struct KeyView {
  std::string id, provider, name, state;
  std::int64_t in_flight = 0;
  std::vector<WindowView> windows;  ///< only those with a limit
  Json latency = Json::object();    ///< {"ttft_ms":{"p50","p95","p99"},…}
  Json success_100;                 ///< share of the last 100 calls that succeeded; null before the first
  std::string last_fault;
};

/// Actors of type "key", by id. Fields that an actor did not tell keep their defaults.
std::vector<KeyView> key_views(const std::vector<actors::ActorInfo>& actors);

/// {id,provider,name,state,in_flight,windows:[{name,limit,used,used_here,share,resets_s,shared,age_s}],latency,success_100,last_fault}
Json to_json(const KeyView& key);

/// What /limits and /keys say of one window, after its name:
/// {limit,used,used_here,share,resets_s,shared,age_s}.
Json to_json(const WindowView& window);
/// Of any actor's detail; only windows with a limit.
std::vector<WindowView> window_views(const nlohmann::json& detail);

/// Requests waiting in line by model alias, as the lines tell it.
std::vector<std::pair<std::string, std::int64_t>> queue_depths(const std::vector<actors::ActorInfo>& actors);

}  // namespace troupe::admin
