#include "actors/scheduler.hpp"

#include <boost/asio/post.hpp>
#include <caf/behavior.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/exit_reason.hpp>
#include <caf/send.hpp>
#include <utility>

#include "actors/everywhere.hpp"
#include "core/log.hpp"

namespace troupe::actors {
namespace {

/// Enough for a backlog of 64,000 messages per actor; more means that actors talk to each other for ever.
constexpr int kFenceRounds = 1000;

thread_local Unit* t_current = nullptr;

using Job = caf::intrusive_ptr<caf::resumable>;

/// Takes the place of CAF's printer, which would need a thread of its own: what is sent to it is dropped.
class SilentPrinter final : public caf::event_based_actor {
 public:
  explicit SilentPrinter(caf::actor_config& config) : caf::event_based_actor(config) {
    set_default_handler(caf::drop);
  }
  caf::behavior make_behavior() override {
    return {[](caf::unit_t) {}};
  }
};

}  // namespace

Unit::Inside::Inside(Unit& unit) : before_(std::exchange(t_current, &unit)) {}
Unit::Inside::~Inside() {
  t_current = before_;
}

Unit::Unit(caf::actor_system& system, boost::asio::io_context& io) : caf::execution_unit(&system), io_(io) {}

Unit::~Unit() {
  for (auto* job : queue_) caf::intrusive_ptr_release(job);
}

Unit* Unit::current() {
  return t_current;
}

void Unit::exec_later(caf::resumable* job) {
  if (current() != this) return post_job(job);
  queue_.push_back(job);
}

void Unit::post_job(caf::resumable* job) {
  boost::asio::post(io_, [self = shared_from_this(), owned = Job(job, false)]() mutable {
    self->queue_.push_back(owned.detach());
    self->enter([] {});
  });
}

void Unit::run_turn() {
  for (std::size_t n = 0; n < kTurn && !queue_.empty(); ++n) {
    auto* job = queue_.front();
    queue_.pop_front();
    run(job);
  }
  if (!queue_.empty()) arm();
}

void Unit::run(caf::resumable* job) {
  ++ran_;
  if (job->resume(this, kTurn) == caf::resumable::resume_later) {
    queue_.push_back(job);
  } else {
    caf::intrusive_ptr_release(job);
  }
}

void Unit::arm() {
  if (std::exchange(armed_, true)) return;
  boost::asio::post(io_, [self = shared_from_this()] {
    self->armed_ = false;
    self->enter([] {});
  });
}

SystemConfig::SystemConfig(std::vector<boost::asio::io_context*> io_threads, bool caller_runs_threads)
    : threads(std::move(io_threads)), caller_runs(caller_runs_threads) {
  load<Coordinator>();
}

caf::actor_system::module* Coordinator::make(caf::actor_system& system, caf::detail::type_list<>) {
  return new Coordinator(system);
}

Coordinator& Coordinator::of(caf::actor_system& system) {
  return static_cast<Coordinator&>(system.scheduler());
}

Coordinator::Coordinator(caf::actor_system& system) : abstract_coordinator(system) {
  for (auto* io : static_cast<const SystemConfig&>(system.config()).threads) {
    units_.push_back(std::make_shared<Unit>(system, *io));
  }
}

void Coordinator::enqueue(caf::resumable* job) {
  if (auto* here = Unit::current()) return here->exec_later(job);
  units_[next_.fetch_add(1, std::memory_order_relaxed) % units_.size()]->post_job(job);
}

void Coordinator::start() {
  utility_actors_[printer_id] = system().spawn<SilentPrinter, caf::hidden>();
}

void Coordinator::stop() {
  caf::anon_send_exit(utility_actors_[printer_id], caf::exit_reason::user_shutdown);
  utility_actors_[printer_id] = nullptr;
  if (!fence()) log::error("scheduler_fence_timeout");
}

bool Coordinator::fence() {
  const auto& how = static_cast<const SystemConfig&>(system().config());
  // Nobody moved between two rounds and every queue is empty: whatever one unit posted to another before the
  // second round has run by then, because contexts are FIFO.
  std::uint64_t before = ~std::uint64_t{0};
  for (int round = 0; round < kFenceRounds; ++round) {
    auto state = std::make_shared<std::pair<std::atomic<std::uint64_t>, std::atomic<bool>>>(0, true);
    auto look = [state, units = units_](std::size_t i) {
      units[i]->enter([] {});
      state->first += units[i]->ran();
      if (!units[i]->dry()) state->second = false;
    };
    if (!run_everywhere(how.threads, look, how.caller_runs)) return false;
    if (state->second && state->first == before) return true;
    before = state->first;
  }
  return false;
}

}  // namespace troupe::actors
