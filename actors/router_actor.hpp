#pragma once
// The actor that picks: one per I/O thread, over an immutable snapshot and the gauges of the keys. It answers
// refusals itself and delegates everything else to a key. Internal to actors/.
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/typed_actor.hpp>
#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>

#include "actors/key_actor.hpp"
#include "actors/routing.hpp"
#include "actors/snapshot.hpp"
#include "actors/traced.hpp"

namespace troupe::actors {

/// Where may this request go? Answered by the chosen key, or here with Refused.
struct Route {
  RouteAsk ask;
};

/// The same without asking a key: a JSON object as Company::explain() describes it.
struct Explain {
  RouteAsk ask;
};

/// Routes by this revision from now on; no answer.
struct Adopt {
  std::shared_ptr<const Snapshot> snapshot;
};

using RouterHandle = caf::typed_actor<caf::replies_to<Route>::with<RouteAnswer>,
                                      caf::replies_to<Explain>::with<nlohmann::json>, caf::reacts_to<Adopt>,
                                      caf::replies_to<Inspect>::with<ActorInfo>>;

RouterHandle spawn_router(caf::actor_system& system, std::shared_ptr<Stage> stage, std::size_t thread,
                          std::shared_ptr<const Snapshot> snapshot, std::uint64_t seed,
                          std::uint64_t restarts);

}  // namespace troupe::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::Route)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::Explain)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::Adopt)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(nlohmann::json)
