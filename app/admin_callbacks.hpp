#pragma once
// What the admin port may do to the node.
#include "app/node_state.hpp"
#include "gateway/admin/admin.hpp"

namespace troupe::app {

/// Everything borrowed outlives the admin server.
admin::AdminContext admin_context(NodeState& state, actors::Company& company,
                                  const admin::Telemetry& telemetry);

}  // namespace troupe::app
