#pragma once
// What can happen next.
#include <functional>

#include "tests/simulation/model/state.hpp"

namespace troupe::simulation::model {

using Emit = std::function<void(const State&, const Step&)>;

/// The first allocator is in office, every voter has the account, nothing is granted.
State first(const Bounds& bounds);

/// Every state that one event leads to: a message that arrives, now or late, once or again (one that is lost
/// is an event that does not happen), a call, a restart, an election, a tick of all clocks. In the same order
/// each time.
void next(const State& state, const Bounds& bounds, const Rules& rules, const Emit& emit);

/// Units that could be used now, and those that a provider may still count: more than `permits` is a permit
/// in two places.
int out(const State& state, const Bounds& bounds);
/// I1 in every account of somebody in office: permits that are missing (positive) or too many.
int imbalance(const State& state, const Bounds& bounds);

}  // namespace troupe::simulation::model
