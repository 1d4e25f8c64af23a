#pragma once
// One moment of the node, as the dashboard and `troupe top` show it, and what should worry somebody.
#include <string>
#include <utility>
#include <vector>

#include "gateway/admin/key_view.hpp"
#include "gateway/admin/pulse.hpp"

namespace troupe::admin {

struct SnapshotInput {
  Totals totals;
  Rates rates;
  std::vector<KeyView> keys;
  Json ready, config_state;
  Json cluster;  ///< GET /cluster; null: a node on its own
  Json budgets;  ///< GET /budgets; null: there are none
  std::vector<std::pair<std::string, std::int64_t>> queues;
  std::string node, version;
  WallTime at, started;
};

/// {node,version,at,started,ready,in_flight,streams,connections,requests,failed,requests_per_s,failed_ratio,
/// ttft_ms:{p50,p99},tokens_per_s:{in,out},usd_per_h,cost_usd,cost_unknown,queues:{…},config:{…},keys:[…],
/// budgets:[{owner,usd,spent_usd,used_ratio,renews}] (the 20 most used),
/// cluster:{allocator,mixed,members:{NAME:STATE},broken:[CONDITION]}|null, alerts:[{name,message}]}
Json make_snapshot(const SnapshotInput& input);

/// Rules over one moment: node not ready, reload refused, failed ratio over 10 % of a minute, a key that is
/// open or dead, a provider without any usable key, a window over 90 % used, a budget beyond one of the
/// shares at which it is told, or used up; of a cluster, a condition of the limits that does not hold,
/// members that are lost, configurations that differ. In order of gravity.
Json alerts(const SnapshotInput& input);

}  // namespace troupe::admin
