#pragma once
// The waiting line of one alias (or of a provider, for "provider/model" names): first come, first served,
// bounded. One request at a time is at the head and asks the router again. Internal to actors/.
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/typed_actor.hpp>
#include <cstdint>
#include <memory>

#include "actors/traced.hpp"
#include "core/time.hpp"

namespace troupe::actors {

struct LineCell;

/// Lets `ticket` (unique on this node) wait; answered with Turn when it is at the head, or at once when the
/// line is full.
struct Join {
  std::uint64_t ticket = 0;
  Time deadline = kNever;
};

struct Turn {
  bool yours = false;  ///< false: the line is full
};

/// `ticket` is done, from the head or from anywhere in the line; no answer. Unknown tickets are ignored.
struct Leave {
  std::uint64_t ticket = 0;
};

using LineHandle = caf::typed_actor<caf::replies_to<Join>::with<Turn>, caf::reacts_to<Leave>,
                                    caf::replies_to<Inspect>::with<ActorInfo>>;

LineHandle spawn_line(caf::actor_system& system, std::shared_ptr<Stage> stage, std::shared_ptr<LineCell> cell,
                      std::uint64_t restarts);

}  // namespace troupe::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::Join)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::Turn)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::Leave)
