#pragma once
// The waiting line of one alias (or of a provider, for "provider/model" names): a fair queue, bounded
// (policy/waiting_line.hpp). Who has the turn asks the router again. Internal to actors/.
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/typed_actor.hpp>
#include <cstdint>
#include <memory>

#include "actors/policy/waiting_line.hpp"
#include "actors/traced.hpp"
#include "core/time.hpp"

namespace troupe::actors {

struct LineCell;

/// Lets somebody wait (its id is unique on this node); answered with Turn when it has the turn, at once when
/// the line is full, or when it has to make room.
struct Join {
  policy::Waiter waiter;
};

struct Turn {
  bool yours = false;  ///< false: the line is full
};

/// `ticket` is done, from the head or from anywhere in the line; no answer. Unknown tickets are ignored.
struct Leave {
  std::uint64_t ticket = 0;
  bool served = false;
};

/// `ticket` has the turn and cannot use it for a reason of its own; no answer.
struct StepAside {
  std::uint64_t ticket = 0;
};

using LineHandle = caf::typed_actor<caf::replies_to<Join>::with<Turn>, caf::reacts_to<Leave>,
                                    caf::reacts_to<StepAside>, caf::replies_to<Inspect>::with<ActorInfo>>;

LineHandle spawn_line(caf::actor_system& system, std::shared_ptr<Stage> stage, std::shared_ptr<LineCell> cell,
                      std::uint64_t restarts);

}  // namespace troupe::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::Join)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::Turn)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::Leave)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::StepAside)
