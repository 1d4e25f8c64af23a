#pragma once
// The admin port of one node, as a handler for http::Server.
#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/company.hpp"
#include "config/types.hpp"
#include "core/time.hpp"
#include "gateway/admin/build_info.hpp"
#include "gateway/admin/metrics.hpp"
#include "gateway/http/message.hpp"

namespace troupe::admin {

/// What the endpoints work on. Everything borrowed outlives the handler; callbacks run on the thread of the
/// admin server and must not block. A callback that is absent makes its endpoint answer 501.
enum class CostBy : std::uint8_t { provider, model, tenant, key, user, tag, day };

/// /costs: of the days from `from` up to and without `until`, since 1970 (UTC).
struct CostQuestion {
  CostBy by = CostBy::provider;
  std::int64_t from = 0, until = 0;
};

struct AdminContext {
  actors::Company* company = nullptr;
  const Telemetry* telemetry = nullptr;
  const Clock* clock = nullptr;  ///< nullptr: the machine's
  BuildInfo build;

  /// The configuration in force. Its `server.admin_token` is asked for at each request.
  std::function<std::shared_ptr<const config::Config>()> config;
  /// The effective configuration with secrets as "***".
  std::function<nlohmann::json()> config_json;
  /// Loads the file again: {"ok","revision","problems":[{line,column,message}]}; not ok is answered with 400.
  std::function<nlohmann::json()> reload;
  /// The same on every node of the cluster or on none; told once, on any thread, within `reload_patience`:
  /// {"ok","revision","configuration","problems","refused":[{node,why}],"unconfirmed":[…]}.
  std::function<void(std::function<void(nlohmann::json)>)> reload_cluster;
  Duration reload_patience = std::chrono::seconds(15);
  /// Checks a configuration text: {"ok","problems":[…]}; not ok is answered with 400.
  std::function<nlohmann::json(std::string_view)> validate;
  /// {"revision": n, "last_reload_ok": bool}.
  std::function<nlohmann::json()> config_state;
  /// Starts (true) or ends (false) draining: {"state","in_flight"}.
  std::function<nlohmann::json(bool)> drain;
  /// {"ok", "checks":[{name, ok, detail}]}; false while draining.
  std::function<nlohmann::json()> ready;
  /// What the node knows of the cluster and of who holds which permits, and figures for /metrics. Empty: a
  /// node on its own.
  std::function<nlohmann::json()> cluster, cluster_shares, cluster_figures;
  /// What another node said to a question of ours; `status` 0: nothing in time.
  struct NodeAnswer {
    std::string node;
    int status = 0;
    std::string body;
  };
  /// The other members, and how they are asked for a view by its target: `done` is called once, on any
  /// thread, within `node_patience`. Empty: a node on its own.
  std::function<std::vector<std::string>()> others;
  std::function<void(std::vector<std::string> nodes, std::string target,
                     std::function<void(std::vector<NodeAnswer>)> done)>
      ask_nodes;
  Duration node_patience = std::chrono::seconds(1);
  /// Forgets cached answers, of one tenant or all, on every node. Empty: nothing is cached.
  std::function<void(const std::optional<std::string>& tenant)> flush_cache;
  /// What tenants have spent of their budgets: {"budgets":[...]}. Empty: this node keeps none.
  std::function<nlohmann::json()> budgets;
  /// What was spent, from the ledger. Empty: this node keeps none, and knows what it has seen since its
  /// start.
  std::function<nlohmann::json(const CostQuestion&)> costs;
  /// {"batches":[...],"files":n}, told once on any thread; and what is counted of their lines. Empty: this
  /// node keeps none.
  std::function<void(std::function<void(nlohmann::json)>)> batches;
  std::function<nlohmann::json()> batch_figures;
  /// Virtual keys that were made here or elsewhere: {"virtual_keys":[…]}.
  std::function<nlohmann::json()> virtual_keys;
  /// One change of them: create (body: what is wanted), rotate (body: {"grace"}) or revoke.
  struct KeyChange {
    std::string act, id, body;
  };
  /// Told once, on any thread, within `key_patience`: {"ok":true,"key","secret","known_by","missing"}, or
  /// {"ok":false,"status","error"}.
  std::function<void(const KeyChange& wanted, std::function<void(nlohmann::json)> done)> change_key;
  Duration key_patience = std::chrono::seconds(10);
  /// The JSON Schema of the configuration file.
  std::function<std::string()> schema;

  Duration tick = std::chrono::seconds(1);                ///< between events
  std::size_t event_clients = 32;                         ///< more are answered with 503
  Duration inspect_for = std::chrono::milliseconds(500);  ///< how long one inspection serves ticks
};

/// Runs on one of the Company's I/O threads. Unknown path: 404; wrong method: 405 with `allow`; without
/// leave: 401 or 403 and nothing else.
http::Handler make_admin_handler(AdminContext context);

/// What this node answers another member of its cluster that asks for the view `target`; runs where the
/// handler runs. Only views that any operator may see; never a secret, never a change.
using PeerViews = std::function<boost::asio::awaitable<http::Response>(std::string target)>;
PeerViews make_peer_views(AdminContext context);

}  // namespace troupe::admin
