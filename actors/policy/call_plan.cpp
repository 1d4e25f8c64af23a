#include "actors/policy/call_plan.hpp"

#include <algorithm>

namespace troupe::policy {
namespace {

constexpr int kMostRefusals =
    64;  // a picked key that is full has just been overtaken; so often it is not chance

}  // namespace

CallPlan::CallPlan(const config::Model& model, Time arrived, Time total_deadline, RetryAllowance& allowance)
    : model_(&model),
      queue_deadline_(std::min(arrived + model.queue.max_wait, total_deadline)),
      total_deadline_(total_deadline),
      allowance_(&allowance) {}

Step CallPlan::ask() const {
  Ask step{failed_, providers_, in_line_};
  step.tried_keys.insert(step.tried_keys.end(), busy_.begin(), busy_.end());
  step.tried_keys.insert(step.tried_keys.end(), again_.begin(), again_.end());
  return step;
}

bool CallPlan::retryable(Fault fault) const {
  const auto& t = traits(fault);
  if (t.worth == Worth::nothing) return false;
  // Another endpoint for a model that is missing or too small is routing, not retrying.
  if (t.worth == Worth::other_provider) return true;
  const auto& on = model_->retry.on;
  return std::find(on.begin(), on.end(), t.retry_class) != on.end();
}

Duration CallPlan::backoff(Random& random) const {
  const int doublings = std::min(attempts_ - 1, 20);
  const auto cap =
      std::min<Duration>(model_->retry.backoff_max, model_->retry.backoff * (1LL << std::max(0, doublings)));
  return Duration(static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(cap.count()) + 1)));
}

Step CallPlan::failed(Fault fault, std::uint32_t key, const std::string& provider,
                      std::optional<Duration> retry_after, Time now, Random& random) {
  ++attempts_;
  fault_ = fault;
  in_line_ = false;
  const Time retry_at = retry_after ? now + *retry_after : kNever;
  if (!retryable(fault) || attempts_ >= model_->retry.attempts || now >= total_deadline_)
    return GiveUp{fault, retry_at};
  if (!allowance_->take(now)) return GiveUp{fault, retry_at};
  switch (traits(fault).worth) {
    case Worth::nothing:
      return GiveUp{fault, retry_at};
    case Worth::other_key:
      // A spent window opens again and the router knows when; a dead key does not.
      if (traits(fault).trips_breaker) {
        failed_.push_back(key);
      } else {
        busy_.push_back(key);
        hold({fault, retry_at, true});
      }
      break;
    case Worth::other_provider:
      providers_.push_back(provider);
      break;
    case Worth::same_again:
      again_.push_back(key);
      again_at_ = now + std::max(backoff(random), retry_after.value_or(Duration::zero()));
      break;
  }
  return ask();
}

void CallPlan::hold(const Held& refusal) {
  if (!held_ || refusal.retry_at < held_->retry_at) {
    held_ = Held{refusal.fault, refusal.retry_at, refusal.wait_helps || (held_ && held_->wait_helps)};
  } else {
    held_->wait_helps = held_->wait_helps || refusal.wait_helps;
  }
}

void CallPlan::forget_busy() {
  busy_.clear();
  held_.reset();
}

Step CallPlan::refused(Fault fault, Time retry_at, std::optional<std::uint32_t> key, bool wait_helps,
                       Time now, Random&) {
  if (key && ++refusals_ < kMostRefusals) {
    busy_.push_back(*key);
    hold({fault, retry_at, wait_helps});
    return ask();
  }
  if (held_) {
    // The router knows only that these keys were tried; what they said is the reason.
    if (fault == Fault::policy_no_target) fault = held_->fault;
    retry_at = std::min(retry_at, held_->retry_at);
    wait_helps = wait_helps || held_->wait_helps;
  }
  // Nothing untried is left: the same endpoint once more, after its pause. When that failed too, a key that
  // opens in time is the better hope: a provider that is down would use up every attempt within milliseconds.
  const bool another_opens = wait_helps && retry_at <= queue_deadline_;
  if (!again_.empty() && (!went_back_ || !another_opens)) {
    went_back_ = true;
    const Time at = std::max(again_at_, now);
    again_.clear();
    forget_busy();
    const Time patience = std::max(queue_deadline_, now + model_->retry.backoff_max);
    if (at < std::min(total_deadline_, patience)) return WaitUntil{at};
  }
  const Fault told = fault_.value_or(fault);
  if (!wait_helps || (retry_at != kNever && retry_at > queue_deadline_) || now >= queue_deadline_)
    return GiveUp{told, retry_at};
  forget_busy();
  retry_at_ = retry_at;
  if (!in_line_) return JoinLine{queue_deadline_};
  constexpr auto kLook = std::chrono::milliseconds(20);  // a concurrency permit comes back at no known time
  return WaitUntil{std::min(retry_at == kNever ? now + kLook : retry_at, queue_deadline_)};
}

Step CallPlan::joined(bool at_head, Time now) {
  if (!at_head)
    return GiveUp{
        fault_.value_or(now >= queue_deadline_ ? Fault::policy_queue_timeout : Fault::policy_queue_full),
        retry_at_};
  in_line_ = true;
  return ask();
}

}  // namespace troupe::policy
