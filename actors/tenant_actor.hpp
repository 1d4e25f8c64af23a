#pragma once
// The actor of one tenant that has limits: it owns the tenant's windows and permits. Internal to actors/.
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/typed_actor.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "actors/desk.hpp"
#include "actors/key_actor.hpp"
#include "actors/policy/users/messages.hpp"
#include "actors/traced.hpp"
#include "config/types.hpp"

namespace troupe::actors {

struct TenantCell;

/// May this tenant make one more request now? The estimates are reserved until the permit is settled. Sent by
/// a desk, answered with Admitted.
struct Admit {
  Tokens input{0}, output{0};
  std::string user = {};  ///< who has limits of his own beside the tenant's; empty: nobody
};

/// The answer, and whose it is: one that came too late is settled by that.
struct Admitted {
  Admission admission;
  std::shared_ptr<TenantCell> cell;
};

/// Another node speaks of the tenant's users; no answer.
struct UsersHeard {
  std::string from;
  users::Message message;
};

/// Who is there beside this node; no answer.
struct UsersRing {
  std::vector<std::string> others;
};

/// Look for deadlines of other nodes; no answer. Needed only while the cell is `restless`.
struct UsersTick {};

/// This node goes: the others are told what it knows of users; no answer.
struct UsersLeave {};

/// What the tenant may take from now on, what it used stays used; no answer.
struct SetLimits {
  config::Limits limits, per_user;
};

using TenantHandle =
    caf::typed_actor<caf::replies_to<Admit>::with<Admitted>, caf::reacts_to<ReadLetters>,
                     caf::reacts_to<SetLimits>, caf::reacts_to<UsersHeard>, caf::reacts_to<UsersRing>,
                     caf::reacts_to<UsersTick>, caf::reacts_to<UsersLeave>, caf::reacts_to<Crash>,
                     caf::replies_to<Inspect>::with<ActorInfo>>;

/// Starts the actor over the state in `cell`; the caller publishes the handle.
TenantHandle spawn_tenant(caf::actor_system& system, std::shared_ptr<Stage> stage,
                          std::shared_ptr<TenantCell> cell, std::uint64_t restarts);

}  // namespace troupe::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::Admit)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::Admitted)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::SetLimits)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::UsersHeard)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::UsersRing)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::UsersTick)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::UsersLeave)
