#pragma once
// The reply address of one I/O thread: an actor without a mailbox. Internal to actors/.
//
// Coroutines ask actors through it with CAF's own request ids, so delegate, bounce, errors and priorities
// work as between actors. Each open question has a slot; a slot's generation keeps an answer that comes too
// late from reaching the next question in it.
#include <caf/message.hpp>
#include <caf/monitorable_actor.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "actors/scheduler.hpp"

namespace troupe::actors {

/// Somebody who waits for one answer; told on the port's thread, once.
class Asker {
 public:
  /// `content` is the answer, or a caf::error; it may be moved from.
  virtual void answered(caf::message& content) = 0;

 protected:
  ~Asker() = default;
};

class Port final : public caf::monitorable_actor {
 public:
  /// What to do with an answer that nobody waits for any more; runs on the port's thread.
  using Late = std::function<void(caf::message&)>;

  /// The address keeps the port alive.
  static caf::strong_actor_ptr open(caf::actor_system& system, Unit& unit);
  static Port& of(const caf::strong_actor_ptr& address);
  Port(caf::actor_config& config, Unit& unit);

  /// Only on the port's thread: before the first question, and to empty it before the end.
  void on_late(Late late) { late_ = std::move(late); }
  void late(caf::message& content);

  /// Reserves a slot; the id to send the request with, normal priority. Port's thread only, as close().
  caf::message_id open_slot(Asker& asker);
  /// Frees the slot of a question that is not answered; safe for one that is.
  void close_slot(caf::message_id id);
  std::size_t open_slots() const { return slots_.size() - free_.size(); }

  Unit& unit() { return *unit_; }
  caf::strong_actor_ptr address() { return caf::strong_actor_ptr(ctrl()); }

  void enqueue(caf::strong_actor_ptr sender, caf::message_id id, caf::message content,
               caf::execution_unit* host) override;
  void enqueue(caf::mailbox_element_ptr element, caf::execution_unit* host) override;

 private:
  struct Slot {
    std::uint64_t generation = 1;
    Asker* asker = nullptr;
  };

  Slot* find(caf::message_id id);
  void release(Slot& slot);
  void deliver(caf::message_id id, caf::message& content);

  std::shared_ptr<Unit> unit_;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_;
  Late late_;
};

}  // namespace troupe::actors
