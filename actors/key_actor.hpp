#pragma once
// The actor of one provider key: it owns the key's windows, breaker and permits. Internal to actors/.
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/typed_actor.hpp>
#include <cstdint>
#include <memory>
#include <optional>

#include "actors/policy/fair_use.hpp"
#include "actors/routing.hpp"
#include "actors/traced.hpp"
#include "config/types.hpp"

namespace troupe::actors {

/// May this request call that endpoint now? Answered with Granted, or with Refused naming the key. Sent by a
/// router on behalf of a session, which gets the answer.
struct Acquire {
  std::shared_ptr<const Endpoint> endpoint;  ///< of this key
  Tokens input{0}, output{0};                ///< estimates, reserved until the permit is settled
  std::uint32_t fallback = 0;
  double score = 0;
  std::optional<Duration> hedge_after;
  bool despite_breaker = false;  ///< when_all_open: try_least_bad
  policy::Claimant claimant = {};
  double reserve = 0;  ///< of each limit, for higher classes
};

/// Settlements wait in the letter box of the key's cell; no answer. They travel beside the mailbox because a
/// permit must be settled also when the actor dies in between.
struct ReadLetters {};

/// The key as the configuration has it now; no answer.
struct Reconfigure {
  config::Key key;
  config::Breaker breaker;
};

/// Makes the actor throw: tests of supervision.
struct Crash {};

using KeyHandle = caf::typed_actor<caf::replies_to<Acquire>::with<RouteAnswer>, caf::reacts_to<ReadLetters>,
                                   caf::reacts_to<Reconfigure>, caf::reacts_to<Crash>,
                                   caf::replies_to<Inspect>::with<ActorInfo>>;

/// Starts the actor over the state in `cell`; the caller publishes the handle.
KeyHandle spawn_key(caf::actor_system& system, std::shared_ptr<Stage> stage, std::shared_ptr<KeyCell> cell,
                    std::uint64_t restarts);

}  // namespace troupe::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::Acquire)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::ReadLetters)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::Reconfigure)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::Crash)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::RouteAnswer)
