#include "actors/router_actor.hpp"

#include <caf/actor_system.hpp>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "actors/candidates.hpp"
#include "actors/cells.hpp"
#include "actors/explain.hpp"
#include "actors/policy/retry_budget.hpp"
#include "actors/scheduler.hpp"
#include "core/hash.hpp"
#include "core/random.hpp"

namespace troupe::actors {
namespace {

/// Names of the form "provider/model" come from clients: only so many are remembered at a time.
constexpr std::size_t kDirectRoutes = 256;
/// Who has had the turn of its class looks so often whether a higher one is done.
constexpr Duration kNextLook = std::chrono::milliseconds(20);

struct Choice {
  const AliasRoute* route = nullptr;
  std::size_t position = 0;
  std::uint32_t fallback = 0;
  bool despite_breaker = false;
};

class RouterActor final : public Traced<RouterHandle> {
 public:
  RouterActor(caf::actor_config& config, std::shared_ptr<Stage> stage, std::size_t thread,
              std::shared_ptr<const Snapshot> snapshot, std::uint64_t seed, std::uint64_t restarts)
      : Traced(config, std::move(stage), Role{"router", std::to_string(thread), "company", restarts}),
        snapshot_(std::move(snapshot)),
        random_(seed) {}

 protected:
  behavior_type make_behavior() override {
    return {
        [this](Route& route) { return this->route(route.ask, now()); },
        [this](const Explain& explain) { return this->explain(explain.ask, now()); },
        [this](const Adopt& adopt) { this->adopt(adopt.snapshot); },
        [this](const Inspect&) { return inspect(); },
    };
  }

  nlohmann::json detail() override {
    return {{"revision", snapshot_->revision}, {"aliases", snapshot_->aliases.size()}};
  }

 private:
  caf::result<RouteAnswer> route(const RouteAsk& ask, Time at) {
    const auto* primary = find(ask.facts->model);
    if (!primary) return RouteAnswer(unknown_model(ask.facts->model));
    if (primary->line->others_first(ask.facts->priority, ask.in_line))
      return RouteAnswer(others_wait(*primary, at + (ask.in_line ? kNextLook : Duration::zero())));
    Refused refused;
    if (auto choice = choose_along(*primary, ask, at, refused)) return send_to_key(*choice, ask, at);
    return RouteAnswer(std::move(refused));
  }

  /// The primary alias, then its fallbacks in order. Without a choice `refused` says why: the primary's
  /// reason, or that of whoever could serve first.
  std::optional<Choice> choose_along(const AliasRoute& primary, const RouteAsk& ask, Time at,
                                     Refused& refused) {
    if (auto choice = choose(primary, 0, ask, at, refused)) return choice;
    if (refused.fault == Fault::troupe_no_capacity) tell_missed(primary, *ask.facts);
    if (!ask.facts->fallback) return std::nullopt;
    const auto& names = primary.model->fallbacks;
    for (std::uint32_t n = 0; n < names.size(); ++n) {
      const auto* route = find(names[n]);
      if (!route) continue;
      Refused other;
      if (auto choice = choose(*route, n + 1, ask, at, other)) return choice;
      if (other.retry_at < refused.retry_at) refused = std::move(other);
    }
    return std::nullopt;
  }

  /// A key that shows that it has nothing is not asked; but who wanted something of it has a claim to what it
  /// has next (policy::FairUse). One of them is told, by chance: with time all are. Batch work waits for
  /// others and not they for it.
  void tell_missed(const AliasRoute& route, const RequestFacts& facts) {
    if (facts.priority == config::RequestClass::batch) return;
    const auto from = random_.below(scores_.size());
    for (std::size_t i = 0; i < scores_.size(); ++i) {
      const auto at = (from + i) % scores_.size();
      if (scores_[at].rejected != policy::Rejection::no_capacity) continue;
      auto& cell = *route.endpoints[at]->key->cell;
      const auto* key = cell.door.handle();
      if (cell.letters.put(claimant(facts)) && key) send(*key, ReadLetters{});
      return;
    }
  }

  static policy::Claimant claimant(const RequestFacts& facts) { return {fnv1a(facts.tenant), facts.weight}; }

  std::optional<Choice> choose(const AliasRoute& route, std::uint32_t fallback, const RouteAsk& ask, Time at,
                               Refused& refused) {
    fill_candidates(route, ask, at, candidates_);
    leave_reserve(reserve(*ask.facts), at, candidates_);
    scores_.assign(candidates_.size(), {});
    const auto what = pick_ask(route, *ask.facts);
    if (const auto picked = policy::pick(what, candidates_, scores_, at, random_)) {
      return Choice{&route, *picked, fallback, false};
    }
    const auto none = policy::why_none(candidates_, scores_);
    if (none.fault == Fault::troupe_all_open && try_least_bad()) {
      if (const auto picked = policy::pick_least_bad(candidates_, scores_)) {
        return Choice{&route, *picked, fallback, true};
      }
    }
    refused =
        Refused{none.fault, none.retry_at,
                "nothing of '" + route.model->name + "' is available: " + list_rejections(route, scores_),
                std::nullopt, none.retry_at != kNever || none.fault == Fault::troupe_no_capacity};
    return std::nullopt;
  }

  caf::result<RouteAnswer> send_to_key(const Choice& choice, const RouteAsk& ask, Time at) {
    const auto& endpoint = choice.route->endpoints[choice.position];
    const auto* key = endpoint->key->cell->door.handle();
    if (!key) return RouteAnswer(off_stage(*endpoint->key, at));
    if (ask.hedge && !hedges_of(*choice.route).try_retry(at))
      return RouteAnswer(hedged_enough(*choice.route));
    Acquire acquire;
    acquire.endpoint = endpoint;
    acquire.input = ask.facts->input;
    acquire.output = ask.facts->output;
    acquire.claimant = claimant(*ask.facts);
    acquire.reserve = reserve(*ask.facts);
    acquire.fallback = choice.fallback;
    acquire.score = scores_[choice.position].value;
    acquire.despite_breaker = choice.despite_breaker;
    if (choice.route->model->hedge) acquire.hedge_after = hedge_after(choice, ask, at);
    return delegate(*key, std::move(acquire));
  }

  policy::RetryBudget& hedges_of(const AliasRoute& route) {
    const double most = route.model->hedge ? route.model->hedge->max : 0;
    return hedges_.try_emplace(route.model->name, most).first->second;
  }

  /// How long this call may be slow before it is hedged. Hedges have a share of their own: retries, which
  /// come when things fail, do not use it up.
  std::optional<Duration> hedge_after(const Choice& choice, const RouteAsk& ask, Time at) {
    const auto& hedge = *choice.route->model->hedge;
    if (ask.hedge) return std::nullopt;
    if (ask.tried_keys.empty()) hedges_of(*choice.route).request(at);
    if (hedge.after) return hedge.after;
    const auto& p95 = candidates_[choice.position].gauge.first_token_p95_ms;
    if (!p95) return std::nullopt;
    return std::chrono::duration_cast<Duration>(std::chrono::duration<double, std::milli>(*p95));
  }

  nlohmann::json explain(const RouteAsk& ask, Time at) {
    const auto* primary = find(ask.facts->model);
    if (!primary) return {{"model", ask.facts->model}, {"error", unknown_model(ask.facts->model).why}};
    Refused refused;
    const auto choice = choose(*primary, 0, ask, at, refused);
    auto told = explain_route(*primary, candidates_, scores_,
                              choice ? std::optional(choice->position) : std::nullopt);
    told["model"] = ask.facts->model;
    if (!choice) told["why"] = refused.why;
    return told;
  }

  const AliasRoute* find(const std::string& name) {
    if (const auto* route = snapshot_->alias(name)) return route;
    if (const auto known = direct_.find(name); known != direct_.end()) return &known->second;
    auto route = direct_route(*snapshot_, name);
    if (!route.model) return nullptr;
    if (direct_.size() >= kDirectRoutes) direct_.clear();
    return &direct_.emplace(name, std::move(route)).first->second;
  }

  void adopt(std::shared_ptr<const Snapshot> snapshot) {
    direct_.clear();
    hedges_.clear();
    snapshot_ = std::move(snapshot);
  }

  /// What batch work leaves alone of each key's limits.
  double reserve(const RequestFacts& facts) const {
    return facts.priority == config::RequestClass::batch ? snapshot_->config->batches.reserve : 0;
  }

  bool try_least_bad() const {
    return snapshot_->config->breaker.when_all_open == config::WhenAllOpen::try_least_bad;
  }

  static Refused unknown_model(const std::string& name) {
    return {Fault::caller_unknown_model, kNever, "there is no model '" + name + "'", std::nullopt, false};
  }
  static Refused others_wait(const AliasRoute& route, Time at) {
    return {Fault::troupe_no_capacity, at, "others wait for '" + route.model->name + "' already",
            std::nullopt, true};
  }
  static Refused hedged_enough(const AliasRoute& route) {
    return {Fault::policy_no_target, kNever, "hedges of '" + route.model->name + "' are at their share",
            std::nullopt, false};
  }
  static Refused off_stage(const KeyInfo& key, Time at) {
    return {Fault::troupe_no_capacity, at, "key '" + key.id + "' is being restarted", key.index, false};
  }

  std::shared_ptr<const Snapshot> snapshot_;
  std::unordered_map<std::string, AliasRoute> direct_;
  std::unordered_map<std::string, policy::RetryBudget> hedges_;  ///< by alias
  Random random_;
  std::vector<policy::Candidate> candidates_;  ///< of the route looked at last
  std::vector<policy::Score> scores_;
};

}  // namespace

RouterHandle spawn_router(caf::actor_system& system, std::shared_ptr<Stage> stage, std::size_t thread,
                          std::shared_ptr<const Snapshot> snapshot, std::uint64_t seed,
                          std::uint64_t restarts) {
  return spawn_traced<RouterActor>(system, std::move(stage), thread, std::move(snapshot), seed, restarts);
}

}  // namespace troupe::actors
