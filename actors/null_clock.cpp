#include "actors/null_clock.hpp"

#include <stdexcept>

namespace troupe::actors {
namespace {
[[noreturn]] void refuse() {
  throw std::logic_error("CAF's clock is switched off: use an Asio timer");
}
}  // namespace

void NullClock::set_ordinary_timeout(time_point, caf::abstract_actor*, caf::atom_value, uint64_t) {
  refuse();
}
void NullClock::set_multi_timeout(time_point, caf::abstract_actor*, caf::atom_value, uint64_t) {
  refuse();
}
void NullClock::set_request_timeout(time_point, caf::abstract_actor*, caf::message_id) {
  refuse();
}
void NullClock::schedule_message(time_point, caf::strong_actor_ptr, caf::mailbox_element_ptr) {
  refuse();
}
void NullClock::schedule_message(time_point, caf::group, caf::strong_actor_ptr, caf::message) {
  refuse();
}

}  // namespace troupe::actors
