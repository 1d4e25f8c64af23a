#pragma once
// The actor that knows which keys want an active probe, and how the last ones went. One per node; who
// performs a probe is the gateway. Internal to actors/.
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/typed_actor.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "actors/routing.hpp"
#include "actors/traced.hpp"

namespace troupe::actors {

struct Cast;

/// Is a probe due? Answered with ProbeDue; each one that is named must be followed by ProbeDone.
struct NextProbe {};

/// The endpoint to call, which is the cheapest that the configuration uses the key for; nullptr: none is due.
struct ProbeDue {
  std::shared_ptr<const Endpoint> endpoint;
  std::string prompt;
};

/// How it ended; no answer. `tried` is false when the key had no capacity for it, or it was given up.
struct ProbeDone {
  std::string key;
  bool tried = true;
  std::optional<Fault> fault;
};

using ProberHandle = caf::typed_actor<caf::replies_to<NextProbe>::with<ProbeDue>, caf::reacts_to<ProbeDone>,
                                      caf::replies_to<Inspect>::with<ActorInfo>>;

/// Whether this node probes that key ("provider/key"); called on any thread.
using IsProber = std::function<bool(const std::string& key)>;

/// Starts the actor; `cast` outlives it. The caller publishes the handle.
ProberHandle spawn_prober(caf::actor_system& system, Cast& cast, std::uint64_t restarts);

}  // namespace troupe::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::NextProbe)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::ProbeDue)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::ProbeDone)
