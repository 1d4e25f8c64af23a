#pragma once
// The parts of a running cluster as rows of /actors. Internal to cluster/engine.
#include <vector>

#include "cluster/engine/row.hpp"
#include "cluster/engine/state.hpp"

namespace troupe::cluster {

/// This node's allocator, voter and agent, each member that it knows, each peer that it keeps a link with.
std::vector<Row> rows_of(State& state, const std::vector<link::PeerStats>& peers, Time now);

}  // namespace troupe::cluster
