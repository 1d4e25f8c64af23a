#pragma once
// CAF's actors on the I/O threads: a scheduler module with one unit per io_context. Internal to actors/.
//
// An actor whose empty mailbox gets a message runs on the sender's thread, in FIFO order, in bounded turns,
// so that sockets are not starved. Messages from threads without a unit are posted to the units in turn.
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/execution_unit.hpp>
#include <caf/logger.hpp>
#include <caf/resumable.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "actors/null_clock.hpp"

namespace troupe::actors {

/// The jobs of one I/O thread. Only that thread runs them; others post.
class Unit final : public caf::execution_unit, public std::enable_shared_from_this<Unit> {
 public:
  /// Jobs of one turn before sockets get theirs again, and messages of one actor per job.
  static constexpr std::size_t kTurn = 64;

  Unit(caf::actor_system& system, boost::asio::io_context& io);
  ~Unit() override;

  /// The unit whose jobs this thread is running right now; nullptr outside of enter() and of turns.
  static Unit* current();

  /// CAF's door: takes over the reference that the job holds.
  void exec_later(caf::resumable* job) override;

  /// Runs `send` on this unit's thread and then what it made ready, a turn at most; the rest is posted.
  template <class F>
  void enter(F&& send) {
    if (current() == this) return send();
    Inside inside(*this);
    send();
    run_turn();
  }

  /// From any thread: the job runs in a later turn.
  void post_job(caf::resumable* job);

  boost::asio::io_context& io() { return io_; }
  /// Jobs run so far; for the fence, on the unit's thread.
  std::uint64_t ran() const { return ran_; }
  bool dry() const { return queue_.empty(); }

 private:
  class Inside {
   public:
    explicit Inside(Unit& unit);
    ~Inside();

   private:
    Unit* before_;
  };

  void run_turn();
  void run(caf::resumable* job);
  void arm();

  boost::asio::io_context& io_;
  std::deque<caf::resumable*> queue_;
  std::uint64_t ran_ = 0;
  bool armed_ = false;
};

/// How a system is started: one unit for each of `threads`, which outlive the system. `caller_runs`: as in
/// CompanyOptions::caller_runs_threads.
struct SystemConfig : caf::actor_system_config {
  explicit SystemConfig(std::vector<boost::asio::io_context*> io_threads, bool caller_runs_threads = false);
  std::vector<boost::asio::io_context*> threads;
  bool caller_runs;
};

/// Spawns through `spawn` and takes back the reference to CAF's logger that spawning leaves in the thread:
/// the system's end waits for the last of them.
template <class Spawn>
auto spawned(Spawn&& spawn) {
  auto handle = spawn();
  caf::logger::set_current_actor_system(nullptr);
  return handle;
}

/// The module CAF loads. `stop()` returns only when no actor has work left (or the deadline has passed).
class Coordinator final : public caf::scheduler::abstract_coordinator {
 public:
  static caf::actor_system::module* make(caf::actor_system& system, caf::detail::type_list<>);
  static Coordinator& of(caf::actor_system& system);

  explicit Coordinator(caf::actor_system& system);

  Unit& unit(std::size_t thread) { return *units_[thread]; }
  /// Waits until every unit has run dry and nothing moved in between; false after five seconds. Runs the
  /// contexts itself where nobody else does. Not from inside an actor.
  bool fence();

  void enqueue(caf::resumable* job) override;
  caf::actor_clock& clock() noexcept override { return clock_; }
  bool detaches_utility_actors() const override { return false; }

 protected:
  void start() override;
  void stop() override;

 private:
  std::vector<std::shared_ptr<Unit>> units_;
  std::atomic<std::size_t> next_{0};
  NullClock clock_;
};

}  // namespace troupe::actors
