#include "actors/supervisor.hpp"

#include <algorithm>
#include <caf/actor_system.hpp>
#include <caf/exit_reason.hpp>
#include <caf/send.hpp>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "actors/cache_actor.hpp"
#include "actors/line_actor.hpp"
#include "actors/scheduler.hpp"
#include "actors/tenant_actor.hpp"
#include "core/log.hpp"

namespace troupe::actors {
namespace {

/// One child: how to start it again. `start` spawns, publishes the handle, and returns the address to watch.
struct Child {
  std::string type, name;
  std::uint64_t restarts = 0;
  bool leaving = false;  ///< told to end: comes back only if a later revision wants it again
  std::function<caf::strong_actor_ptr(std::uint64_t restarts)> start;
};

class Supervisor final : public Traced<SupervisorHandle> {
 public:
  Supervisor(caf::actor_config& config, std::shared_ptr<Cast> cast, std::vector<Child> children,
             std::vector<caf::strong_actor_ptr> actors)
      : Traced(config, cast->stage, Role{"supervisor", "company", "", 0}), cast_(std::move(cast)) {
    for (std::size_t i = 0; i < children.size(); ++i) early_.emplace_back(actors[i], std::move(children[i]));
    set_down_handler([this](caf::scheduled_actor*, caf::down_msg& down) { fell(down); });
  }

 protected:
  behavior_type make_behavior() override {
    for (auto& [actor, child] : early_) watch(actor, std::move(child));
    early_.clear();
    return {
        [this](const Apply& apply) { put_in_force(apply.config); },
        [this](const Curtain&) { end(); },
        [this](const Inspect&) { return inspect(); },
    };
  }

  nlohmann::json detail() override {
    return {{"children", children_.size()}, {"revision", cast_->snapshot()->revision}};
  }

 private:
  void watch(const caf::strong_actor_ptr& actor, Child child) {
    monitor(actor);
    children_.insert_or_assign(caf::actor_cast<caf::actor_addr>(actor), std::move(child));
  }

  void start(Child child) {
    auto actor = child.start(child.restarts);
    watch(actor, std::move(child));
  }

  void fell(const caf::down_msg& down) {
    const auto found = children_.find(down.source);
    if (found == children_.end()) return;
    auto child = std::move(found->second);
    children_.erase(found);
    if (child.leaving) return;
    if (++child.restarts > Cast::kMaxRestarts) {
      log::error("actor_given_up").text("type", child.type).text("name", child.name);
      return;
    }
    log::warn("actor_restarted").text("type", child.type).text("name", child.name);
    start(std::move(child));
    reconfigure(*cast_->snapshot());  // what was sent to the dead actor is lost
  }

  void put_in_force(const std::shared_ptr<const config::Config>& config);
  void drop_children_not_in(const Snapshot& snapshot);
  void reconfigure(const Snapshot& snapshot);
  using Known = std::map<std::pair<std::string_view, std::string_view>, Child*>;  ///< by type and name
  Known known();
  void end();

  std::shared_ptr<Cast> cast_;
  std::vector<std::pair<caf::strong_actor_ptr, Child>> early_;  ///< started before us
  std::map<caf::actor_addr, Child> children_;
};

/// An actor over a cell that outlives it. Letters are for one that settles: what was written to its
/// predecessor's box is read after publishing, when whoever saw the old handle has written.
template <auto spawn, bool has_letters = false, class Cell>
Child child_over(const char* type, std::string name, caf::actor_system& system,
                 const std::shared_ptr<Stage>& stage, const std::shared_ptr<Cell>& cell) {
  auto start = [&system, stage, cell](std::uint64_t restarts) {
    auto handle = spawn(system, stage, cell, restarts);
    cell->door.publish(handle);
    if constexpr (has_letters) caf::anon_send(handle, ReadLetters{});
    return caf::actor_cast<caf::strong_actor_ptr>(handle);
  };
  return {type, std::move(name), 0, false, std::move(start)};
}

/// What one of so many shards may keep. A shard that nobody wants any more keeps nothing.
cache::Shelf::Limits shelf_limits(const config::Config& config, std::size_t shards) {
  if (!config.cache.exact) return {};
  return {static_cast<std::size_t>(config.cache.exact->max) / shards,
          static_cast<std::size_t>(config.cache.exact->max_entry)};
}

/// Restarts with the revision that is in force by then.
Child router_child(caf::actor_system& system, Cast& cast, std::size_t thread) {
  auto start = [&system, &cast, thread](std::uint64_t restarts) {
    auto handle = spawn_router(system, cast.stage, thread, cast.snapshot(), cast.seed + thread, restarts);
    cast.routers[thread]->publish(handle);
    return caf::actor_cast<caf::strong_actor_ptr>(handle);
  };
  return {"router", std::to_string(thread), 0, false, std::move(start)};
}

Child prober_child(caf::actor_system& system, Cast& cast) {
  auto start = [&system, &cast](std::uint64_t restarts) {
    auto handle = spawn_prober(system, cast, restarts);
    cast.prober.publish(handle);
    return caf::actor_cast<caf::strong_actor_ptr>(handle);
  };
  return {"prober", "prober", 0, false, std::move(start)};
}

/// The keys, lines, tenants and shards of the cache that a revision needs.
std::vector<Child> needed(caf::actor_system& system, const Cast& cast, const Snapshot& snapshot) {
  const auto& stage = cast.stage;
  std::vector<Child> children;
  if (snapshot.config->cache.exact)
    for (const auto& cell : cast.cells.caches())
      children.push_back(child_over<spawn_cache>("cache", cell->name, system, stage, cell));
  for (const auto& key : snapshot.keys)
    children.push_back(child_over<spawn_key, true>("key", key->cell->id, system, stage, key->cell));
  for (const auto& line : snapshot.lines())
    children.push_back(child_over<spawn_line>("line", line->name, system, stage, line));
  for (const auto& [name, seat] : snapshot.tenants) {
    if (seat.limits)
      children.push_back(child_over<spawn_tenant, true>("tenant", seat.cell->name, system, stage, seat.cell));
  }
  return children;
}

void Supervisor::put_in_force(const std::shared_ptr<const config::Config>& config) {
  const auto before = cast_->snapshot();
  const auto after = make_snapshot(config, cast_->prices, before->revision + 1, cast_->cells);
  auto here = known();
  for (auto& child : needed(system(), *cast_, *after)) {
    const auto found = here.find({child.type, child.name});
    // One that is leaving comes back when it has left, never twice at once.
    if (found != here.end())
      found->second->leaving = false;
    else
      start(std::move(child));
  }
  reconfigure(*after);  // also those that started again over the state of an earlier revision
  cast_->put_in_force(after);
  for (auto& router : cast_->routers) {
    if (const auto* handle = router->handle()) caf::anon_send(*handle, Adopt{after});
  }
  drop_children_not_in(*after);
  log::info("config_in_force").number("revision", static_cast<std::int64_t>(after->revision));
}

void Supervisor::reconfigure(const Snapshot& snapshot) {
  for (const auto& key : snapshot.keys) {
    if (const auto* handle = key->cell->door.handle()) {
      caf::anon_send(*handle, Reconfigure{key->key, snapshot.config->breaker});
    }
  }
  for (const auto& [name, seat] : snapshot.tenants) {
    const auto* handle = seat.cell->door.handle();
    if (handle && seat.limits) caf::anon_send(*handle, SetLimits{*seat.limits, seat.per_user});
  }
  const auto limits = shelf_limits(*snapshot.config, std::max<std::size_t>(1, cast_->cells.caches().size()));
  for (const auto& cell : cast_->cells.caches()) {
    if (const auto* handle = cell->door.handle()) caf::anon_send(*handle, CacheLimits{limits});
  }
}

/// Who is there; valid as long as nobody goes.
Supervisor::Known Supervisor::known() {
  Known out;
  for (auto& [address, child] : children_)
    out.emplace(std::pair<std::string_view, std::string_view>(child.type, child.name), &child);
  return out;
}

void Supervisor::drop_children_not_in(const Snapshot& snapshot) {
  std::set<std::pair<std::string, std::string>> wanted;
  for (const auto& key : snapshot.keys) wanted.insert({"key", key->id});
  for (const auto& line : snapshot.lines()) wanted.insert({"line", line->name});
  for (const auto& [name, seat] : snapshot.tenants) {
    if (seat.limits) wanted.insert({"tenant", name});
  }
  for (auto& [address, child] : children_) {
    if (child.type == "router" || child.type == "prober" || child.type == "cache" ||
        wanted.count({child.type, child.name}) != 0)
      continue;
    child.leaving = true;
    caf::anon_send_exit(address, caf::exit_reason::user_shutdown);
  }
}

void Supervisor::end() {
  for (const auto& [address, child] : children_) {
    caf::anon_send_exit(address, caf::exit_reason::user_shutdown);
  }
  children_.clear();
  quit();
}

}  // namespace

std::shared_ptr<const Snapshot> Cast::snapshot() const {
  std::lock_guard hold(mutex_);
  return snapshot_;
}

void Cast::put_in_force(std::shared_ptr<const Snapshot> snapshot) {
  std::lock_guard hold(mutex_);
  snapshot_ = std::move(snapshot);
  revision_.store(snapshot_->revision, std::memory_order_release);
}

void Cast::refresh(std::shared_ptr<const Snapshot>& known) const {
  if (!known || known->revision != revision_.load(std::memory_order_acquire)) known = snapshot();
}

SupervisorHandle spawn_supervisor(caf::actor_system& system, std::shared_ptr<Cast> cast,
                                  std::shared_ptr<const config::Config> config, std::size_t threads) {
  cast->put_in_force(make_snapshot(std::move(config), cast->prices, 1, cast->cells));
  auto children = needed(system, *cast, *cast->snapshot());
  for (std::size_t i = 0; i < threads; ++i) {
    cast->routers.push_back(std::make_unique<Door<RouterHandle>>());
    children.push_back(router_child(system, *cast, i));
  }
  children.push_back(prober_child(system, *cast));
  const auto limits = shelf_limits(*cast->snapshot()->config, std::max<std::size_t>(1, threads));
  for (const auto& cell : cast->cells.caches()) cell->shard.use(limits);
  std::vector<caf::strong_actor_ptr> actors;
  for (auto& child : children) actors.push_back(child.start(0));
  return spawn_traced<Supervisor, caf::no_spawn_options>(system, std::move(cast), std::move(children),
                                                         std::move(actors));
}

}  // namespace troupe::actors
