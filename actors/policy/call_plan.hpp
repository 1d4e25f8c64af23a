#pragma once
// What a request does next: one plan, a value. The session performs its steps and tells it what happened.
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "config/types.hpp"
#include "core/fault.hpp"
#include "core/random.hpp"
#include "core/time.hpp"

namespace troupe::policy {

/// Ask the router for an endpoint, but for none of these.
struct Ask {
  std::vector<std::uint32_t> tried_keys;
  std::vector<std::string> tried_providers;
  bool in_line = false;
};
/// Do nothing until then.
struct WaitUntil {
  Time until;
};
/// Wait for one's turn among the requests for this model.
struct JoinLine {
  Time deadline;
};
/// Answer the caller with this fault; `retry_at` is when asking again could work (kNever: not known).
struct GiveUp {
  Fault fault;
  Time retry_at = kNever;
};
using Step = std::variant<Ask, WaitUntil, JoinLine, GiveUp>;

/// Says whether one more retry fits the retry budget, and counts it (policy::RetryBudget behind it).
class RetryAllowance {
 public:
  virtual ~RetryAllowance() = default;
  virtual bool take(Time now) = 0;
};

/// Rules, each with its test: at most `retry.attempts` calls; only faults of the classes in `retry.on`; a
/// fault decides (core/fault.hpp, Worth) whether another key, another provider or anything will do; endpoints
/// not tried come first, the same one again only after a backoff with full jitter; retries within the retry
/// budget; nothing after the total deadline; a full window is waited for up to `queue.max_wait`, in line.
/// After the first byte the session does not ask any more.
class CallPlan {
 public:
  CallPlan(const config::Model& model, Time arrived, Time total_deadline, RetryAllowance& allowance);

  Step begin() const { return ask(); }
  /// The router found nothing (`key` absent) or the picked key refused. `wait_helps`: waiting until
  /// `retry_at`, or in line, could.
  Step refused(Fault fault, Time retry_at, std::optional<std::uint32_t> key, bool wait_helps, Time now,
               Random& random);
  /// A call failed before anything reached the caller.
  Step failed(Fault fault, std::uint32_t key, const std::string& provider,
              std::optional<Duration> retry_after, Time now, Random& random);
  /// A WaitUntil is over.
  Step waited() const { return ask(); }
  /// A JoinLine ended: at the head, or not (line full, or the deadline passed).
  Step joined(bool at_head, Time now);

  int attempts() const { return attempts_; }

 private:
  struct Held {
    Fault fault;
    Time retry_at;
    bool wait_helps;
  };

  Step ask() const;
  void hold(const Held& refusal);
  void forget_busy();
  bool retryable(Fault fault) const;
  Duration backoff(Random& random) const;

  const config::Model* model_;
  Time queue_deadline_, total_deadline_;
  RetryAllowance* allowance_;
  int attempts_ = 0, refusals_ = 0;
  bool in_line_ = false;
  bool went_back_ = false;                     ///< an endpoint that failed was tried again
  Time retry_at_ = kNever;                     ///< of the last refusal
  std::optional<Fault> fault_;                 ///< of the last call that failed: what the caller is told
  Time again_at_ = kNever;                     ///< when an endpoint of `again_` may be called once more
  std::vector<std::uint32_t> failed_, again_;  ///< keys: not any more; only after the backoff
  std::vector<std::uint32_t> busy_;            ///< keys that refused since the last wait
  std::optional<Held> held_;                   ///< what the keys in `busy_` said: the soonest of them
  std::vector<std::string> providers_;
};

}  // namespace troupe::policy
