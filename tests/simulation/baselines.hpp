#pragma once
// Other ways to share a limit, in the same worlds, before the same judge.
#include "tests/simulation/world.hpp"

namespace troupe::simulation {

enum class Scheme : std::uint8_t {
  permits,  ///< ours
  split,    ///< each node a fixed part, 5 % kept back; an exact log, which a restart forgets
  gossip,   ///< each tells all the others twice a second what it sent within the window
  store,    ///< one central store that never fails; nodes bring it what they sent once a second
  owner,    ///< one node is asked for every call; its log is gone when it restarts
};

/// Runs one world of window limits with `scheme`. Clocks are true, messages are small: only limits and use
/// compare. Faults of the allocator hit the first node, which owns everything where there is an owner.
/// Deterministic.
Outcome run_baseline(const WorldSettings& settings, Scheme scheme);

}  // namespace troupe::simulation
