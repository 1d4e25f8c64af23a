#pragma once
// Between the words of a session and those of policy::KeyState, and what operators see of a key.
#include <nlohmann/json_fwd.hpp>

#include "actors/policy/key_state.hpp"
#include "actors/routing.hpp"
#include "core/time.hpp"

namespace troupe::actors {

policy::Settled settled(const Settlement& settlement);

/// The key was picked and said no.
Refused refused_by(const KeyInfo& key, const policy::KeyRefusal& refusal);

/// Windows with limit, used, share and resets, breaker with history, in-flight, latency quantiles, last
/// fault, learned limits. Instants are given in seconds from `now`.
nlohmann::json key_detail(const policy::KeySnapshot& snapshot, const policy::Shares& shares, Time now);

/// Of a tenant: {state,in_flight,windows,permits}, as above.
nlohmann::json tenant_detail(const policy::KeySnapshot& snapshot, const policy::Shares& shares, Time now);

}  // namespace troupe::actors
