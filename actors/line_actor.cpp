#include "actors/line_actor.hpp"

#include <caf/actor_system.hpp>
#include <caf/typed_response_promise.hpp>
#include <unordered_map>
#include <utility>

#include "actors/cells.hpp"
#include "actors/scheduler.hpp"

namespace troupe::actors {
namespace {

class LineActor final : public Traced<LineHandle> {
 public:
  LineActor(caf::actor_config& config, std::shared_ptr<Stage> stage, std::shared_ptr<LineCell> cell,
            std::uint64_t restarts)
      : Traced(config, std::move(stage), Role{"line", cell->name, "company", restarts}),
        cell_(std::move(cell)),
        line_(static_cast<std::size_t>(cell_->limit())) {
    publish();
  }

  void on_exit() override {
    for (auto& [ticket, promise] : promises_) promise.deliver(Turn{false});
    promises_.clear();  // a promise keeps its actor alive
    line_ = policy::WaitingLine(0);
    publish();
    Traced::on_exit();
  }

 protected:
  using Promise = caf::typed_response_promise<Turn>;

  behavior_type make_behavior() override {
    return {
        [this](const Join& join) { return this->join(join); },
        [this](const Leave& leave) { this->leave(leave.ticket, leave.served); },
        [this](const StepAside& who) { step_aside(who.ticket); },
        [this](const Inspect&) { return inspect(); },
    };
  }

  nlohmann::json detail() override {
    return {{"waiting", line_.size()},
            {"limit", cell_->limit()},
            {"interactive", line_.waiting(config::RequestClass::interactive)},
            {"default", line_.waiting(config::RequestClass::standard)},
            {"batch", line_.waiting(config::RequestClass::batch)}};
  }

 private:
  Promise join(const Join& join) {
    auto promise = make_response_promise<Turn>();
    line_.set_max_length(static_cast<std::size_t>(cell_->limit()));
    const auto joined = line_.join(join.waiter);
    if (joined.out) tell(*joined.out, false);
    if (!joined.in) {
      promise.deliver(Turn{false});
      return promise;
    }
    promises_.emplace(join.waiter.id, promise);
    moved();
    return promise;
  }

  void leave(std::uint64_t ticket, bool served) {
    line_.leave(ticket, served);
    promises_.erase(ticket);
    moved();
  }

  void step_aside(std::uint64_t ticket) {
    line_.step_aside(ticket);
    moved();
  }

  /// Tells whoever has the turn now, once. Published first: an answer may run on the spot and ask the router.
  void moved() {
    const auto turn = line_.call();
    publish();
    if (turn) tell(*turn, true);
  }

  void tell(std::uint64_t ticket, bool yours) {
    const auto found = promises_.find(ticket);
    if (found == promises_.end()) return;
    auto promise = std::move(found->second);
    promises_.erase(found);
    promise.deliver(Turn{yours});
  }

  void publish() {
    cell_->waiting.store(static_cast<std::uint32_t>(line_.size()), std::memory_order_relaxed);
    std::uint32_t waiting = 0;
    for (std::size_t at = 0; at < policy::WaitingLine::kClasses; ++at) {
      waiting += static_cast<std::uint32_t>(line_.waiting(static_cast<config::RequestClass>(at)));
      cell_->ahead[at].store(waiting, std::memory_order_relaxed);
    }
    cell_->turn.store(line_.turn(), std::memory_order_relaxed);
  }

  std::shared_ptr<LineCell> cell_;
  policy::WaitingLine line_;
  std::unordered_map<std::uint64_t, Promise> promises_;  ///< of those who were not told yet
};

}  // namespace

LineHandle spawn_line(caf::actor_system& system, std::shared_ptr<Stage> stage, std::shared_ptr<LineCell> cell,
                      std::uint64_t restarts) {
  return spawn_traced<LineActor>(system, std::move(stage), std::move(cell), restarts);
}

}  // namespace troupe::actors
