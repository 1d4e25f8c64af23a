#include "actors/key_actor.hpp"

#include <caf/actor_system.hpp>
#include <stdexcept>
#include <utility>
#include <variant>

#include "actors/cells.hpp"
#include "actors/key_report.hpp"
#include "actors/scheduler.hpp"

namespace troupe::actors {
namespace {

class KeyActor final : public Traced<KeyHandle> {
 public:
  KeyActor(caf::actor_config& config, std::shared_ptr<Stage> stage, std::shared_ptr<KeyCell> cell,
           std::uint64_t restarts)
      : Traced(config, std::move(stage), Role{"key", cell->id, "company", restarts}), cell_(std::move(cell)) {
    cell_->on_stage.store(true, std::memory_order_relaxed);
  }

 protected:
  behavior_type make_behavior() override {
    return {
        [this](Acquire& acquire) { return this->acquire(acquire, now()); },
        [this](const ReadLetters&) { read_letters(now()); },
        [this](const Reconfigure& to) { reconfigure(to, now()); },
        [](const Crash&) { throw std::runtime_error("asked to crash"); },
        [this](const Inspect&) {
          settle_letters(now());
          return inspect();
        },
    };
  }

  nlohmann::json detail() override {
    return key_detail(cell_->state.snapshot(now()), cell_->state.shares(), now());
  }
  std::string state() override { return std::string(policy::name(cell_->state.gauge(now()).phase)); }
  void crashed() override { cell_->on_stage.store(false, std::memory_order_relaxed); }

 private:
  RouteAnswer acquire(Acquire& ask, Time at) {
    settle_letters(at);
    const auto acquired = cell_->state.acquire(
        {ask.input, ask.output, ask.despite_breaker, ask.claimant, ask.reserve}, at, cell_->random);
    publish(at);
    if (const auto* refusal = std::get_if<policy::KeyRefusal>(&acquired)) {
      return refused_by(*ask.endpoint->key, *refusal);
    }
    const auto& grant = std::get<policy::Grant>(acquired);
    return Granted{grant.permit, std::move(ask.endpoint), ask.fallback, grant.probe,
                   ask.score,    ask.hedge_after,         grant.send_by};
  }

  void read_letters(Time at) {
    settle_letters(at);
    publish(at);
  }

  void settle_letters(Time at) {
    cell_->letters.empty([&](Letter& letter) {
      if (const auto* begun = std::get_if<Begun>(&letter))
        return cell_->state.begun(begun->permit, begun->at, at);
      if (const auto* missed = std::get_if<policy::Claimant>(&letter))
        return cell_->state.missed(*missed, at);
      if (const auto* word = std::get_if<policy::Hearsay>(&letter)) return cell_->state.hear(*word, at);
      cell_->state.settle(settled(std::get<Settlement>(letter)), at, cell_->random);
    });
  }

  void reconfigure(const Reconfigure& to, Time at) {
    cell_->state.reconfigure(to.key.limits, to.breaker, to.key.secret != cell_->configured.secret, at);
    if (cell_->shares && to.key.limits != cell_->configured.limits) cell_->state.share(cell_->shares());
    cell_->configured = to.key;
    publish(at);
  }

  void publish(Time at) {
    cell_->gauge.store(cell_->state.gauge(at));
    for (const auto& found : cell_->state.take_findings())
      if (cell_->tell) cell_->tell(found);
  }

  std::shared_ptr<KeyCell> cell_;
};

}  // namespace

KeyHandle spawn_key(caf::actor_system& system, std::shared_ptr<Stage> stage, std::shared_ptr<KeyCell> cell,
                    std::uint64_t restarts) {
  return spawn_traced<KeyActor>(system, std::move(stage), std::move(cell), restarts);
}

}  // namespace troupe::actors
