#include "actors/tenant_actor.hpp"

#include <algorithm>
#include <caf/actor_system.hpp>
#include <caf/sec.hpp>
#include <caf/typed_response_promise.hpp>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <unordered_map>
#include <utility>
#include <variant>

#include "actors/cells.hpp"
#include "actors/key_report.hpp"
#include "actors/scheduler.hpp"
#include "actors/tenant_words.hpp"

namespace troupe::actors {
namespace {

using policy::RefusalReason;

constexpr Duration kFresh = std::chrono::seconds(1);  // what is known of other nodes is worth so long

/// An estimate of the output is a bound that few answers reach: alone it does not make a request too large.
Tokens reservable(const Admit& ask, const config::Limits& limits) {
  auto output = ask.output.count;
  for (const auto most : {limits.tpm, limits.tpd})
    if (most > 0) output = std::min(output, std::max<std::int64_t>(0, most - ask.input.count));
  return {output};
}

/// What a request takes at least: outputs are estimates that few answers reach.
std::int64_t least(RefusalReason limit, const Admit& ask) {
  switch (limit) {
    case RefusalReason::tpm:
    case RefusalReason::itpm:
    case RefusalReason::tpd:
      return std::max<std::int64_t>(1, ask.input.count);
    default:
      return 1;
  }
}

/// KeyState takes a success without figures for one whose figures are lost; a tenant's session knows what it
/// counted, and a fault of the caller's is one that costs nothing.
policy::Settled counted(const Settlement& letter) {
  auto to = settled(letter);
  if (to.usage.input.count == 0 && to.usage.output.count == 0) to.fault = Fault::caller_bad_request;
  return to;
}

class TenantActor final : public Traced<TenantHandle> {
 public:
  TenantActor(caf::actor_config& config, std::shared_ptr<Stage> stage, std::shared_ptr<TenantCell> cell,
              std::uint64_t restarts)
      : Traced(config, std::move(stage), Role{"tenant", cell->name, "company", restarts}),
        cell_(std::move(cell)) {
    cell_->users.restart();
  }

  void on_exit() override {
    // Who waits asks again. A promise that is kept keeps its actor alive.
    for (auto& [ticket, one] : std::exchange(waiting_, {}))
      one.promise.deliver(caf::make_error(caf::sec::request_receiver_down));
    Traced::on_exit();
  }

 protected:
  behavior_type make_behavior() override {
    return {
        [this](const Admit& ask) { return admit(ask, now()); },
        [this](const ReadLetters&) { settle_letters(now()); },
        [this](const SetLimits& to) { set_limits(to.limits, to.per_user, now()); },
        [this](const UsersHeard& heard) {
          cell_->users.hear(heard.from, heard.message, now(), out_, told_);
          speak(now());
        },
        [this](const UsersRing& ring) {
          cell_->users.use(ring.others, now(), out_, told_);
          speak(now());
        },
        [this](const UsersTick&) {
          cell_->users.tick(now(), out_, told_);
          speak(now());
        },
        [this](const UsersLeave&) {
          settle_letters(now());
          cell_->users.leave(now(), out_);
          speak(now());
        },
        [](const Crash&) { throw std::runtime_error("asked to crash"); },
        [this](const Inspect&) {
          settle_letters(now());
          return inspect();
        },
    };
  }

  nlohmann::json detail() override {
    auto detail = tenant_detail(cell_->state.snapshot(now()), cell_->state.shares(), now());
    const auto& users = cell_->users;
    detail["users"] = users.size();
    if (users.any()) {
      detail["user_homes"] = {{"nodes", users.ring().names()},
                              {"at_home", users.at_home()},
                              {"asked", users.figures().asked},
                              {"decided_alone", users.figures().alone}};
    }
    return detail;
  }

 private:
  /// A user's own limits come first, where they are counted: what he may not have is not taken from his
  /// tenant.
  caf::result<Admitted> admit(const Admit& ask, Time at) {
    settle_letters(at);
    if (ask.user.empty() || !cell_->users.any()) return decided(ask, 0, {}, at);
    const auto ticket = ++cell_->tickets;
    cell_->users.ask(ask.user, ticket, ask.input, ask.output, at, out_, told_);
    const auto mine = std::find_if(told_.begin(), told_.end(),
                                   [&](const users::Told& told) { return told.ticket == ticket; });
    if (mine == told_.end()) {
      auto promise = make_response_promise<Admitted>();
      waiting_.emplace(ticket, Waiting{promise, ask});
      speak(at);
      return promise;
    }
    const auto decision = mine->decision;
    told_.erase(mine);
    auto answer = decided(ask, ticket, decision, at);
    speak(at);
    return answer;
  }

  /// The answer, once it is known what the user may; `ticket` 0: there is none.
  Admitted decided(const Admit& ask, users::Ticket ticket, const users::Decision& user, Time at) {
    Admitted answer{{}, cell_};
    auto& admission = answer.admission;
    if (!user.granted) {
      admission.refused =
          Refused{Fault::policy_rate_limited, user.retry ? at + *user.retry : kNever,
                  user_over_limit(cell_->name, user.reason, user.limit, !user.retry), std::nullopt, false};
    } else {
      const policy::AcquireAsk needed{ask.input, reservable(ask, cell_->limits), false};
      const auto acquired = cell_->state.acquire(needed, at, cell_->random);
      if (const auto* refusal = std::get_if<policy::KeyRefusal>(&acquired)) {
        admission.refused = refused(*refusal, ask, at);
        if (ticket != 0) give_back(ticket, at);
      } else {
        admission.permit = std::get<policy::Grant>(acquired).permit;
        if (ticket != 0) cell_->of_users.emplace(admission.permit, ticket);
      }
    }
    admission.requests = either(user.requests, RefusalReason::rpm, RefusalReason::rpd, at);
    admission.tokens = either(user.tokens, RefusalReason::tpm, RefusalReason::tpd, at);
    return answer;
  }

  void give_back(users::Ticket ticket, Time at) {
    cell_->users.end(ticket, {false, {}, {}, {}}, at, out_, told_);
  }

  /// To requests that waited, and to other nodes.
  void speak(Time at) {
    while (!told_.empty()) {
      for (const auto& told : std::exchange(told_, {})) {
        auto one = waiting_.extract(told.ticket);
        if (!one.empty()) {
          auto& [promise, ask] = one.mapped();
          promise.deliver(decided(ask, told.ticket, told.decision, at));
        } else if (told.decision.granted) {
          give_back(told.ticket, at);  // whoever asked asks again: the actor was restarted
        }
      }
    }
    for (const auto& [to, message] : std::exchange(out_, {})) {
      if (cell_->link.send) cell_->link.send(to, message);
    }
    cell_->restless.store(cell_->users.restless(), std::memory_order_relaxed);
  }

  /// Where permits were missing and other nodes may have some it says so: they come in a moment.
  Refused refused(const policy::KeyRefusal& refusal, const Admit& ask, Time at) const {
    auto limit = refusal.reason == RefusalReason::concurrency ? cell_->limits.concurrency
                                                              : cell_->state.window(refusal.reason, at).limit;
    auto retry_at = refusal.retry_at;
    bool soon = refusal.permits;
    const auto standing = cell_->state.shares().standing(static_cast<std::size_t>(refusal.reason), at);
    if (soon && standing && standing->age < kFresh) {
      limit = standing->limit;
      soon = standing->left >= least(refusal.reason, ask);
      if (!soon) retry_at = std::max(retry_at, at + standing->next);
    }
    return {Fault::policy_rate_limited, retry_at,
            over_limit(cell_->name, refusal.reason, limit, retry_at == kNever), std::nullopt, soon};
  }

  /// The minute's window; the day's where only the day has a limit; the user's where the tenant has neither.
  Admission::Window either(const users::Left& user, RefusalReason minute, RefusalReason day, Time at) const {
    for (const auto which : {minute, day}) {
      const auto window = cell_->state.window(which, at);
      if (window.limit > 0) return told(window, which, at);
    }
    return {user.limit, user.remaining, user.reset};
  }

  /// Of the whole cluster where nodes share the limit, as far as this one has heard of it.
  Admission::Window told(const policy::WindowView& window, RefusalReason which, Time at) const {
    const auto index = static_cast<std::size_t>(which);
    if (const auto standing = cell_->state.shares().standing(index, at); standing && window.limit > 0)
      return {standing->limit, standing->left, standing->resets};
    return own(window, which, at);
  }

  /// Of this node.
  static Admission::Window own(const policy::WindowView& window, RefusalReason which, Time at) {
    const auto index = static_cast<std::size_t>(which);
    const auto span = policy::Shares::span(index);
    const auto taken = window.used + window.reserved;
    const auto cooled = std::max(Duration{0}, window.resets > at ? window.resets - at : Duration{0});
    return {window.limit, std::max<std::int64_t>(0, window.limit - taken),
            window.reserved > 0 ? std::max(span, cooled) : cooled};
  }

  void settle_letters(Time at) {
    cell_->letters.empty([&](Letter& letter) {
      if (const auto* begun = std::get_if<Begun>(&letter)) return this->begun(*begun, at);
      settle(counted(std::get<Settlement>(letter)), at);
    });
    speak(at);
  }

  void begun(const Begun& call, Time at) {
    cell_->state.begun(call.permit, call.at, at);
    if (const auto found = cell_->of_users.find(call.permit); found != cell_->of_users.end())
      cell_->users.begun(found->second, call.at, at, out_, told_);
  }

  void settle(const policy::Settled& settled, Time at) {
    cell_->state.settle(settled, at, cell_->random);
    const auto found = cell_->of_users.find(settled.permit);
    if (found == cell_->of_users.end()) return;
    const auto& usage = settled.usage;
    cell_->users.end(found->second,
                     {settled.called, usage.input, usage.output, settled.total.value_or(Duration{0})}, at,
                     out_, told_);
    cell_->of_users.erase(found);
  }

  void set_limits(const config::Limits& limits, const config::Limits& per_user, Time at) {
    cell_->users.reconfigure(per_user);
    cell_->state.reconfigure(limits, config::Breaker{}, false, at);
    if (cell_->shares && limits != cell_->limits) cell_->state.share(cell_->shares());
    cell_->limits = limits;
  }

  struct Waiting {
    caf::typed_response_promise<Admitted> promise;
    Admit ask;
  };

  std::shared_ptr<TenantCell> cell_;
  users::Outbox out_;
  users::Telling told_;
  std::unordered_map<users::Ticket, Waiting> waiting_;  ///< for a user's home
};

}  // namespace

TenantHandle spawn_tenant(caf::actor_system& system, std::shared_ptr<Stage> stage,
                          std::shared_ptr<TenantCell> cell, std::uint64_t restarts) {
  return spawn_traced<TenantActor>(system, std::move(stage), std::move(cell), restarts);
}

}  // namespace troupe::actors
