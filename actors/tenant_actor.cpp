#include "actors/tenant_actor.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <caf/actor_system.hpp>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <variant>

#include "actors/cells.hpp"
#include "actors/key_report.hpp"
#include "actors/scheduler.hpp"

namespace troupe::actors {
namespace {

using policy::RefusalReason;

constexpr Duration kFresh = std::chrono::seconds(1);  // what is known of other nodes is worth so long

std::string_view words(RefusalReason reason) {
  switch (reason) {
    case RefusalReason::rpm:
      return "requests per minute";
    case RefusalReason::tpm:
      return "tokens per minute";
    case RefusalReason::itpm:
      return "input tokens per minute";
    case RefusalReason::otpm:
      return "output tokens per minute";
    case RefusalReason::rpd:
      return "requests per day";
    case RefusalReason::tpd:
      return "tokens per day";
    case RefusalReason::concurrency:
      return "requests at a time";
    case RefusalReason::breaker_open:
    case RefusalReason::dead:
    case RefusalReason::paused:
      break;  // of providers' keys only
  }
  return "requests";
}

/// An estimate of the output is a bound that few answers reach: alone it does not make a request too large.
Tokens reservable(const Admit& ask, const config::Limits& limits) {
  auto output = ask.output.count;
  for (const auto most : {limits.tpm, limits.tpd})
    if (most > 0) output = std::min(output, std::max<std::int64_t>(0, most - ask.input.count));
  return {output};
}

/// "The tenant 'search'", "The key 'prod' of the tenant 'search'".
std::string whose(std::string_view owner) {
  const auto first = owner.find('/');
  if (first == owner.npos) return fmt::format("The tenant '{}'", owner);
  const auto second = owner.find('/', first + 1);
  return fmt::format("The key '{}' of the tenant '{}'", owner.substr(second + 1),
                     owner.substr(first + 1, second - first - 1));
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
        cell_(std::move(cell)) {}

 protected:
  behavior_type make_behavior() override {
    return {
        [this](const Admit& ask) { return admit(ask, now()); },
        [this](const ReadLetters&) { settle_letters(now()); },
        [this](const SetLimits& to) { set_limits(to.limits, to.per_user, now()); },
        [](const Crash&) { throw std::runtime_error("asked to crash"); },
        [this](const Inspect&) {
          settle_letters(now());
          return inspect();
        },
    };
  }

  nlohmann::json detail() override {
    auto detail = tenant_detail(cell_->state.snapshot(now()), cell_->state.shares(), now());
    detail["users"] = cell_->users.size();
    return detail;
  }

 private:
  Admitted admit(const Admit& ask, Time at) {
    settle_letters(at);
    const policy::AcquireAsk needed{ask.input, reservable(ask, cell_->limits), false};
    const auto acquired = cell_->state.acquire(needed, at, cell_->random);
    Admitted answer{{}, cell_};
    if (const auto* refusal = std::get_if<policy::KeyRefusal>(&acquired)) {
      answer.admission.refused = refused(*refusal, ask, at);
    } else {
      answer.admission.permit = std::get<policy::Grant>(acquired).permit;
      answer.admission.refused = refused_to_user(ask, answer.admission.permit, at);
      if (answer.admission.refused) answer.admission.permit = 0;
    }
    answer.admission.requests = either(ask, RefusalReason::rpm, RefusalReason::rpd, at);
    answer.admission.tokens = either(ask, RefusalReason::tpm, RefusalReason::tpd, at);
    return answer;
  }

  /// The end user's own limits, once the tenant's have admitted; the tenant gets back what its user may not
  /// have.
  std::optional<Refused> refused_to_user(const Admit& ask, PermitId permit, Time at) {
    if (ask.user.empty() || !cell_->users.any()) return std::nullopt;
    const auto& limits = cell_->users.limits();
    const policy::AcquireAsk needed{ask.input, reservable(ask, limits), false};
    const auto acquired = cell_->users.acquire(ask.user, needed, at, cell_->random);
    if (const auto* grant = std::get_if<policy::Grant>(&acquired)) {
      cell_->of_users.emplace(permit, TenantCell::OfUser{ask.user, grant->permit});
      return std::nullopt;
    }
    policy::Settled unused;
    unused.permit = permit;
    unused.called = false;
    cell_->state.settle(unused, at, cell_->random);
    const auto& refusal = std::get<policy::KeyRefusal>(acquired);
    const auto limit = refusal.reason == RefusalReason::concurrency
                           ? limits.concurrency
                           : cell_->users.window(ask.user, refusal.reason, at).limit;
    const auto why = refusal.retry_at == kNever ? "asks in one request for more than" : "has reached";
    return Refused{Fault::policy_rate_limited, refusal.retry_at,
                   fmt::format("This user of the tenant '{}' {} the limit of {} {} that each user has ({}).",
                               cell_->name, why, limit, words(refusal.reason), policy::name(refusal.reason)),
                   std::nullopt, false};
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
    const auto why = retry_at == kNever ? "asks in one request for more than" : "has reached";
    return {Fault::policy_rate_limited, retry_at,
            fmt::format("{} {} its limit of {} {} ({}).", whose(cell_->name), why, limit,
                        words(refusal.reason), policy::name(refusal.reason)),
            std::nullopt, soon};
  }

  /// The minute's window; the day's where only the day has a limit; the user's where the tenant has neither.
  Admission::Window either(const Admit& ask, RefusalReason minute, RefusalReason day, Time at) const {
    for (const auto which : {minute, day}) {
      const auto window = cell_->state.window(which, at);
      if (window.limit > 0) return told(window, which, at);
    }
    for (const auto which : {minute, day}) {
      const auto window = cell_->users.window(ask.user, which, at);
      if (window.limit > 0) return own(window, which, at);
    }
    return {};
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
  }

  void begun(const Begun& call, Time at) {
    cell_->state.begun(call.permit, call.at, at);
    if (const auto found = cell_->of_users.find(call.permit); found != cell_->of_users.end())
      cell_->users.begun(found->second.user, found->second.permit, call.at, at);
  }

  void settle(policy::Settled settled, Time at) {
    const auto permit = settled.permit;
    cell_->state.settle(settled, at, cell_->random);
    const auto found = cell_->of_users.find(permit);
    if (found == cell_->of_users.end()) return;
    settled.permit = found->second.permit;
    cell_->users.settle(found->second.user, settled, at, cell_->random);
    cell_->of_users.erase(found);
  }

  void set_limits(const config::Limits& limits, const config::Limits& per_user, Time at) {
    cell_->users.reconfigure(per_user, at);
    cell_->state.reconfigure(limits, config::Breaker{}, false, at);
    if (cell_->shares && limits != cell_->limits) cell_->state.share(cell_->shares());
    cell_->limits = limits;
  }

  std::shared_ptr<TenantCell> cell_;
};

}  // namespace

TenantHandle spawn_tenant(caf::actor_system& system, std::shared_ptr<Stage> stage,
                          std::shared_ptr<TenantCell> cell, std::uint64_t restarts) {
  return spawn_traced<TenantActor>(system, std::move(stage), std::move(cell), restarts);
}

}  // namespace troupe::actors
