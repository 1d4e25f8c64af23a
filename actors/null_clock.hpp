#pragma once
// CAF's clock, switched off: deadlines are Asio's. A finite CAF timeout would stay in the clock until it
// expires and costs more than the message it guards. Internal to actors/.
#include <caf/actor_clock.hpp>
#include <caf/group.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/message.hpp>

namespace troupe::actors {

/// Asking for a delayed message or a CAF timeout is a programming error: std::logic_error, so the asking
/// actor dies and says so. Cancelling is allowed; there is nothing to cancel.
class NullClock final : public caf::actor_clock {
 public:
  void set_ordinary_timeout(time_point, caf::abstract_actor*, caf::atom_value, uint64_t) override;
  void set_multi_timeout(time_point, caf::abstract_actor*, caf::atom_value, uint64_t) override;
  void set_request_timeout(time_point, caf::abstract_actor*, caf::message_id) override;
  void schedule_message(time_point, caf::strong_actor_ptr, caf::mailbox_element_ptr) override;
  void schedule_message(time_point, caf::group, caf::strong_actor_ptr, caf::message) override;
  void cancel_ordinary_timeout(caf::abstract_actor*, caf::atom_value) override {}
  void cancel_request_timeout(caf::abstract_actor*, caf::message_id) override {}
  void cancel_timeouts(caf::abstract_actor*) override {}
  void cancel_all() override {}
};

}  // namespace troupe::actors
