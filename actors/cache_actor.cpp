#include "actors/cache_actor.hpp"

#include <caf/actor_system.hpp>
#include <caf/typed_response_promise.hpp>
#include <nlohmann/json.hpp>
#include <unordered_map>
#include <utility>

#include "actors/scheduler.hpp"

namespace troupe::actors {
namespace {

class CacheActor final : public Traced<CacheHandle> {
 public:
  CacheActor(caf::actor_config& config, std::shared_ptr<Stage> stage, std::shared_ptr<CacheCell> cell,
             std::uint64_t restarts)
      : Traced(config, std::move(stage), Role{"cache", cell->name, "company", restarts}),
        cell_(std::move(cell)) {
    cell_->shard.restart();
  }

  void on_exit() override {
    // Who waits gets the answer itself. A promise that is only dropped tells nobody, and keeps its actor
    // alive.
    for (auto& [ticket, promise] : std::exchange(promises_, {}))
      promise.deliver(cache::Told{ticket, nullptr, {}});
    Traced::on_exit();
  }

 protected:
  using Promise = caf::typed_response_promise<cache::Told>;

  behavior_type make_behavior() override {
    return {
        [this](const CacheAsk& asked) { return ask(asked); },
        [this](const CacheEnd& end) {
          shard().end(end.key, end.ticket, end.how, now(), out_, told_);
          promises_.erase(end.ticket);
          tell();
        },
        [this](const CacheHeard& heard) {
          shard().hear(heard.from, heard.message, now(), out_, told_);
          tell();
        },
        [this](const CacheRing& ring) {
          shard().use(cache::Ring(shard().ring().self(), ring.others), now(), out_, told_);
          tell();
        },
        [this](const CacheLimits& limits) { shard().use(limits.limits); },
        [this](const CacheTick&) {
          shard().tick(now(), out_, told_);
          tell();
        },
        [this](const Inspect&) { return inspect(); },
    };
  }

  nlohmann::json detail() override {
    const auto& shelf = shard().shelf();
    auto tenants = nlohmann::json::object();
    for (const auto& [name, share] : shelf.tenants())
      tenants[name] = {{"entries", share.entries},
                       {"bytes", share.bytes},
                       {"hits", share.hits},
                       {"saved_usd", Money{share.saved_picos}.dollars()}};
    return {{"entries", shelf.entries()},
            {"bytes", shelf.bytes()},
            {"max_bytes", shelf.limits().bytes},
            {"hits", shelf.hits()},
            {"joined", shard().joined()},
            {"evicted", shelf.evicted()},
            {"waiting", shard().callers().waiting()},
            {"flights", shard().flights()},
            {"owners", shard().ring().names()},
            {"tenants", std::move(tenants)}};
  }

 private:
  cache::Shard& shard() { return cell_->shard; }

  Promise ask(const CacheAsk& asked) {
    auto promise = make_response_promise<cache::Told>();
    promises_.emplace(asked.ticket, promise);
    shard().ask(asked.key, asked.ticket, asked.max_age, now(), out_, told_);
    tell();
    return promise;
  }

  void tell() {
    for (auto& one : std::exchange(told_, {})) {
      const auto promise = promises_.extract(one.ticket);
      if (!promise.empty()) promise.mapped().deliver(std::move(one));
    }
    for (const auto& [to, message] : std::exchange(out_, {})) {
      if (cell_->send) cell_->send(to, message);
    }
    cell_->restless.store(shard().callers().questions() + shard().flights() > 0, std::memory_order_relaxed);
  }

  std::shared_ptr<CacheCell> cell_;
  cache::Outbox out_;
  cache::Callers::Telling told_;
  std::unordered_map<cache::Ticket, Promise> promises_;
};

}  // namespace

CacheHandle spawn_cache(caf::actor_system& system, std::shared_ptr<Stage> stage,
                        std::shared_ptr<CacheCell> cell, std::uint64_t restarts) {
  return spawn_traced<CacheActor>(system, std::move(stage), std::move(cell), restarts);
}

}  // namespace troupe::actors
