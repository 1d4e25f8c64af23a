#pragma once
// How a desk tells an actor something that needs no answer. Internal to actors/.
#include <caf/actor_cast.hpp>
#include <caf/mailbox_element.hpp>
#include <utility>

#include "actors/port.hpp"

namespace troupe::actors {

/// Sends without a reply address and runs what that makes ready. On the port's thread.
template <class Handle, class Message>
void tell(Port& port, const Handle& to, Message message) {
  auto* actor = caf::actor_cast<caf::abstract_actor*>(to);
  port.unit().enter([&] {
    actor->enqueue(caf::make_mailbox_element(nullptr, caf::make_message_id(), {}, std::move(message)),
                   &port.unit());
  });
}

}  // namespace troupe::actors
