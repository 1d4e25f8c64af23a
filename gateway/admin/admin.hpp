#pragma once
// The admin port of one node, as a handler for http::Server.
#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "actors/company.hpp"
#include "config/types.hpp"
#include "core/time.hpp"
#include "gateway/admin/build_info.hpp"
#include "gateway/admin/metrics.hpp"
#include "gateway/http/message.hpp"

namespace troupe::admin {

/// What the endpoints work on. Everything borrowed outlives the handler; callbacks run on the thread of the
/// admin server and must not block. A callback that is absent makes its endpoint answer 501.
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
  /// What tenants have spent of their budgets: {"budgets":[...]}. Empty: this node keeps none.
  std::function<nlohmann::json()> budgets;
  /// The JSON Schema of the configuration file.
  std::function<std::string()> schema;

  Duration tick = std::chrono::seconds(1);                ///< between events
  std::size_t event_clients = 32;                         ///< more are answered with 503
  Duration inspect_for = std::chrono::milliseconds(500);  ///< how long one inspection serves ticks
};

/// Runs on one of the Company's I/O threads. Unknown path: 404; wrong method: 405 with `allow`; without
/// leave: 401 or 403 and nothing else.
http::Handler make_admin_handler(AdminContext context);

}  // namespace troupe::admin
