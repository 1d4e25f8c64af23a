#pragma once
// Breadth first through every state that can be reached.
#include <cstdint>
#include <string>
#include <vector>

#include "tests/simulation/model/rules.hpp"

namespace troupe::simulation::model {

struct Found {
  std::uint64_t states = 0, steps = 0;
  int depth = 0;
  bool whole = false;              ///< nothing is left to explore
  std::string broken;              ///< what does not hold; empty when it all does
  std::vector<std::string> trace;  ///< the shortest way there, from the first state
};

/// Explores until nothing is new, something is broken, or `most` states were seen. States are told apart by
/// 128 bits of hash. Nodes and voters that only differ by name are one when `symmetric`; a trace then renames
/// them on its way.
Found explore(const Bounds& bounds, const Rules& rules, std::uint64_t most, bool symmetric);

/// The same state with its nodes and voters in a fixed order.
State canonical(const State& state, const Bounds& bounds);

}  // namespace troupe::simulation::model
