#include "actors/line_actor.hpp"

#include <caf/actor_system.hpp>
#include <caf/typed_response_promise.hpp>
#include <unordered_map>
#include <utility>

#include "actors/cells.hpp"
#include "actors/policy/waiting_line.hpp"
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
    cell_->waiting.store(0, std::memory_order_relaxed);
  }

  void on_exit() override {
    for (auto& [ticket, promise] : promises_) promise.deliver(Turn{false});
    promises_.clear();  // a promise keeps its actor alive
    cell_->waiting.store(0, std::memory_order_relaxed);
    Traced::on_exit();
  }

 protected:
  using Promise = caf::typed_response_promise<Turn>;

  behavior_type make_behavior() override {
    return {
        [this](const Join& join) { return this->join(join); },
        [this](const Leave& leave) { this->leave(leave.ticket); },
        [this](const Inspect&) { return inspect(); },
    };
  }

  nlohmann::json detail() override { return {{"waiting", line_.size()}, {"limit", cell_->limit()}}; }

 private:
  Promise join(const Join& join) {
    auto promise = make_response_promise<Turn>();
    line_.set_max_length(static_cast<std::size_t>(cell_->limit()));
    if (!line_.join(join.ticket)) {
      promise.deliver(Turn{false});
      return promise;
    }
    promises_.emplace(join.ticket, promise);
    moved();
    return promise;
  }

  void leave(std::uint64_t ticket) {
    line_.leave(ticket);
    promises_.erase(ticket);
    moved();
  }

  /// Tells whoever is at the head now, once.
  void moved() {
    cell_->waiting.store(static_cast<std::uint32_t>(line_.size()), std::memory_order_relaxed);
    const auto head = line_.head();
    const auto found = head ? promises_.find(*head) : promises_.end();
    if (found == promises_.end()) return;
    auto promise = std::move(found->second);
    promises_.erase(found);
    promise.deliver(Turn{true});
  }

  std::shared_ptr<LineCell> cell_;
  policy::WaitingLine line_;
  std::unordered_map<std::uint64_t, Promise> promises_;  ///< of those who wait behind the head
};

}  // namespace

LineHandle spawn_line(caf::actor_system& system, std::shared_ptr<Stage> stage, std::shared_ptr<LineCell> cell,
                      std::uint64_t restarts) {
  return spawn_traced<LineActor>(system, std::move(stage), std::move(cell), restarts);
}

}  // namespace troupe::actors
