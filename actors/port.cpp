#include "actors/port.hpp"

#include <boost/asio/post.hpp>
#include <caf/actor_config.hpp>
#include <caf/make_actor.hpp>
#include <utility>

namespace troupe::actors {
namespace {

// A request id has 60 bits: 36 of generation over 24 of slot. Sixteen million open questions per thread.
constexpr unsigned kSlotBits = 24;
constexpr std::uint64_t kSlotMask = (std::uint64_t{1} << kSlotBits) - 1;
constexpr std::uint64_t kGenerationMask = (std::uint64_t{1} << 36) - 1;

}  // namespace

caf::strong_actor_ptr Port::open(caf::actor_system& system, Unit& unit) {
  caf::actor_config config;
  return caf::make_actor<Port, caf::strong_actor_ptr>(system.next_actor_id(), system.node(), &system, config,
                                                      unit);
}

Port& Port::of(const caf::strong_actor_ptr& address) {
  return static_cast<Port&>(*caf::actor_cast<caf::abstract_actor*>(address));
}

Port::Port(caf::actor_config& config, Unit& unit)
    : caf::monitorable_actor(config), unit_(unit.shared_from_this()) {}

void Port::late(caf::message& content) {
  if (late_) late_(content);
}

caf::message_id Port::open_slot(Asker& asker) {
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(slots_.size()));
    slots_.emplace_back();
  }
  const auto index = free_.back();
  free_.pop_back();
  slots_[index].asker = &asker;
  return caf::make_message_id(slots_[index].generation << kSlotBits | index);
}

void Port::close_slot(caf::message_id id) {
  if (auto* slot = find(id)) release(*slot);
}

Port::Slot* Port::find(caf::message_id id) {
  const auto raw = id.request_id().integer_value();
  const auto index = raw & kSlotMask;
  if (index >= slots_.size()) return nullptr;
  auto& slot = slots_[index];
  return slot.asker && slot.generation == raw >> kSlotBits ? &slot : nullptr;
}

void Port::release(Slot& slot) {
  slot.asker = nullptr;
  slot.generation = slot.generation == kGenerationMask ? 1 : slot.generation + 1;
  free_.push_back(static_cast<std::uint32_t>(&slot - slots_.data()));
}

void Port::deliver(caf::message_id id, caf::message& content) {
  auto* slot = find(id);
  if (!slot) return late(content);
  auto* asker = slot->asker;
  release(*slot);
  asker->answered(content);
}

void Port::enqueue(caf::strong_actor_ptr, caf::message_id id, caf::message content, caf::execution_unit*) {
  if (!id.is_response()) return;
  if (Unit::current() == unit_.get()) return deliver(id, content);
  boost::asio::post(unit_->io(), [this, self = address(), id, own = std::move(content)]() mutable {
    unit_->enter([&] { deliver(id, own); });
  });
}

void Port::enqueue(caf::mailbox_element_ptr element, caf::execution_unit* host) {
  if (element) enqueue(element->sender, element->mid, element->move_content_to_message(), host);
}

}  // namespace troupe::actors
