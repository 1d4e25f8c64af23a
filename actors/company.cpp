#include "actors/company.hpp"

#include <algorithm>
#include <caf/actor_system.hpp>
#include <caf/send.hpp>
#include <chrono>
#include <utility>

#include "actors/ask.hpp"
#include "actors/everywhere.hpp"
#include "actors/scheduler.hpp"
#include "actors/supervisor.hpp"
#include "actors/tenant_actor.hpp"
#include "actors/thread_desk.hpp"
#include "core/log.hpp"

namespace troupe::actors {
namespace {

constexpr auto kInspectPatience = std::chrono::milliseconds(100);
/// How often all threads are let through while the actors end; each round waits for every thread.
constexpr int kCurtainRounds = 1000;

/// What CAF owns, in the order in which it must go. Leaked as a whole when actors refuse to end: a process
/// that is about to exit is better off than one that hangs.
struct Runtime {
  Runtime(std::vector<boost::asio::io_context*> threads, bool caller_runs)
      : config(std::move(threads), caller_runs), system(config) {
    system.await_actors_before_shutdown(false);
    caf::logger::set_current_actor_system(nullptr);
  }
  SystemConfig config;
  caf::actor_system system;
};

class TheCompany final : public Company {
 public:
  explicit TheCompany(CompanyOptions options)
      : threads_(options.threads),
        runtime_(std::make_unique<Runtime>(threads_, options.caller_runs_threads)) {
    auto stage = std::make_shared<Stage>();
    stage->clock = options.clock;
    stage->node = options.node;
    cast_ = std::make_shared<Cast>(stage, options.seed);
    cast_->prices = options.prices;
    besides_ = std::move(options.besides);
    cast_->is_prober = options.is_prober;
    cast_->cells.share_by(options.shares);
    cast_->cells.tell_by(options.learnt);
    cast_->cells.link_users({options.node,
                             static_cast<std::uint64_t>(options.clock->wall().time_since_epoch().count()),
                             options.users_send});
    cast_->cells.open_caches(threads_.size(), options.node, options.cache_send);
    supervisor_ = spawn_supervisor(runtime_->system, cast_, options.config, threads_.size());
    for (std::size_t i = 0; i < threads_.size(); ++i) {
      desks_.push_back(std::make_unique<ThreadDesk>(runtime_->system, i, cast_));
    }
  }

  ~TheCompany() override;

  Desk& desk(std::size_t thread) override { return *desks_.at(thread); }

  void apply(std::shared_ptr<const config::Config> config) override {
    caf::anon_send(supervisor_, Apply{std::move(config)});
  }

  boost::asio::awaitable<std::vector<ActorInfo>> inspect() override;
  boost::asio::awaitable<nlohmann::json> explain(RouteAsk ask) override;

  void hear(const std::string& key, const policy::Hearsay& word) override;
  void hear_cache(const std::string& from, const cache::Message& message) override;
  void hear_users(const std::string& from, const users::Message& message) override;
  void members(const std::vector<std::string>& others) override;
  void tick() override;
  void hand_over_users() override;
  void flush_cache(const std::optional<std::string>& tenant) override;
  bool crash_key(const std::string& id) override {
    auto actor = cast_->stage->directory.find("key", id);
    if (!actor) return false;
    caf::anon_send(caf::actor_cast<KeyHandle>(actor), Crash{});
    return true;
  }

 private:
  ThreadDesk& here();
  template <class Message>
  void tell_tenants(const Message& message, bool only_restless);
  bool curtain();

  std::vector<boost::asio::io_context*> threads_;
  std::unique_ptr<Runtime> runtime_;
  std::shared_ptr<Cast> cast_;
  std::function<std::vector<ActorInfo>()> besides_;
  SupervisorHandle supervisor_;
  std::vector<std::unique_ptr<ThreadDesk>> desks_;
};

void TheCompany::hear(const std::string& key, const policy::Hearsay& word) {
  const auto snapshot = cast_->snapshot();
  for (const auto& known : snapshot->keys) {
    if (known->id != key) continue;
    const auto* actor = known->cell->door.handle();
    if (known->cell->letters.put(word) && actor) caf::anon_send(*actor, ReadLetters{});
  }
}

/// Where the cache is off there is nobody to tell.
void tell_shard(const CacheCell& cell, const auto& message) {
  if (const auto* actor = cell.door.handle()) caf::anon_send(*actor, message);
}

void TheCompany::hear_cache(const std::string& from, const cache::Message& message) {
  const auto& cells = cast_->cells;
  if (std::holds_alternative<cache::Flush>(message)) {
    for (const auto& cell : cells.caches()) tell_shard(*cell, CacheHeard{from, message});
    return;
  }
  const auto key = std::visit(
      [](const auto& word) {
        if constexpr (requires { word.key; }) return word.key;
        return cache::Digest{};
      },
      message);
  tell_shard(*cells.cache_of(key), CacheHeard{from, message});
}

/// Those whose users have limits.
template <class Message>
void TheCompany::tell_tenants(const Message& message, bool only_restless) {
  const auto snapshot = cast_->snapshot();
  for (const auto& [name, seat] : snapshot->tenants) {
    if (only_restless ? !seat.cell->restless.load(std::memory_order_relaxed)
                      : seat.per_user == config::Limits{})
      continue;
    if (const auto* actor = seat.cell->door.handle()) caf::anon_send(*actor, message);
  }
}

void TheCompany::hear_users(const std::string& from, const users::Message& message) {
  const auto& tenant =
      std::visit([](const auto& word) -> const std::string& { return word.tenant; }, message);
  const auto snapshot = cast_->snapshot();
  const auto found = snapshot->tenants.find(tenant);
  if (found == snapshot->tenants.end() || found->second.per_user == config::Limits{}) return;
  if (const auto* actor = found->second.cell->door.handle())
    caf::anon_send(*actor, UsersHeard{from, message});
}

void TheCompany::hand_over_users() {
  tell_tenants(UsersLeave{}, false);
}

void TheCompany::members(const std::vector<std::string>& others) {
  for (const auto& cell : cast_->cells.caches()) tell_shard(*cell, CacheRing{others});
  tell_tenants(UsersRing{others}, false);
}

void TheCompany::tick() {
  tell_tenants(UsersTick{}, true);
  for (const auto& cell : cast_->cells.caches()) {
    if (cell->restless.load(std::memory_order_relaxed)) tell_shard(*cell, CacheTick{});
  }
}

void TheCompany::flush_cache(const std::optional<std::string>& tenant) {
  hear_cache(cast_->stage->node, cache::Flush{!tenant, tenant.value_or("")});
}

/// The desk of the thread we are on; the first one when the caller is on none.
ThreadDesk& TheCompany::here() {
  for (std::size_t i = 0; i < threads_.size(); ++i) {
    if (threads_[i]->get_executor().running_in_this_thread()) return *desks_[i];
  }
  return *desks_.front();
}

ActorInfo unanswered(const Directory::Entry& entry, const std::string& node) {
  ActorInfo info;
  info.id = entry.id;
  info.type = entry.role.type;
  info.name = entry.role.name;
  info.parent = entry.role.parent;
  info.restarts = entry.role.restarts;
  info.node = node;
  info.state = "busy";
  return info;
}

boost::asio::awaitable<std::vector<ActorInfo>> TheCompany::inspect() {
  auto& desk = here();
  const auto everybody = cast_->stage->directory.everybody();
  std::vector<std::unique_ptr<Question<ActorInfo>>> questions;
  for (const auto& entry : everybody) {
    questions.push_back(std::make_unique<Question<ActorInfo>>(desk.port()));
    questions.back()->send(entry.actor, Inspect{}, Priority::high);
  }
  const auto& clock = *cast_->stage->clock;
  const auto deadline = clock.now() + kInspectPatience;
  std::vector<ActorInfo> answers;
  for (std::size_t i = 0; i < everybody.size(); ++i) {
    auto& question = *questions[i];
    if (!question.settled()) co_await question.wait(std::max(Duration{0}, deadline - clock.now()));
    auto answer = question.take();
    answers.push_back(answer ? std::move(*answer) : unanswered(everybody[i], cast_->stage->node));
  }
  if (besides_) {
    for (auto& row : besides_()) answers.push_back(std::move(row));
  }
  co_return answers;
}

boost::asio::awaitable<nlohmann::json> TheCompany::explain(RouteAsk ask) {
  auto& desk = here();
  Question<nlohmann::json> question(desk.port());
  question.send(*desk.router().handle(), Explain{std::move(ask)});
  if (!question.settled()) co_await question.wait(kInspectPatience);
  auto answer = question.take();
  if (!answer) co_return nlohmann::json{{"error", "the router did not answer"}};
  co_return std::move(*answer);
}

/// True when every actor has ended.
bool TheCompany::curtain() {
  caf::anon_send(supervisor_, Curtain{});
  supervisor_ = nullptr;
  auto& registry = runtime_->system.registry();
  for (int round = 0; round < kCurtainRounds && registry.running() > 0; ++round) {
    if (!nudge_everywhere(threads_, runtime_->config.caller_runs)) break;
  }
  return registry.running() == 0 && Coordinator::of(runtime_->system).fence();
}

TheCompany::~TheCompany() {
  if (!curtain()) {
    log::error("actors_refuse_to_end");
    for (auto& desk : desks_) desk.release();
    runtime_.release();
    return;
  }
  desks_.clear();
  for (auto& router : cast_->routers) router->close();
  cast_->prober.close();
  cast_->cells.close();
}

}  // namespace

std::unique_ptr<Company> Company::start(CompanyOptions options) {
  return std::make_unique<TheCompany>(std::move(options));
}

}  // namespace troupe::actors
