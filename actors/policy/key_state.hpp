#pragma once
// All that decides whether one provider key may make one more call.
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "actors/policy/breaker.hpp"
#include "actors/policy/concurrency.hpp"
#include "actors/policy/evidence.hpp"
#include "actors/policy/fair_use.hpp"
#include "actors/policy/latency.hpp"
#include "actors/policy/rate_window.hpp"
#include "actors/policy/shares.hpp"
#include "config/types.hpp"
#include "core/fault.hpp"
#include "core/random.hpp"
#include "core/time.hpp"
#include "core/units.hpp"

namespace troupe::policy {

using PermitId = std::uint64_t;  ///< never 0, never used twice by one KeyState

/// Leave to make one call; settle exactly once.
struct Grant {
  PermitId permit = 0;
  bool probe = false;     ///< a half-open breaker's
  Time send_by = kNever;  ///< where nodes share limits: not sent by then, it must be asked for again
};

/// What stood in the way.
enum class RefusalReason : std::uint8_t {
  rpm,
  tpm,
  itpm,
  otpm,
  rpd,
  tpd,
  concurrency,
  breaker_open,
  dead,
  paused
};
std::string_view name(RefusalReason reason);

/// For whom capacity is left that there is.
enum class KeptFor : std::uint8_t {
  nobody,
  tenants,  ///< others, who may still claim it (FairUse)
  classes,  ///< requests of higher classes (batches.reserve)
};

/// No permit, and nothing was taken.
struct KeyRefusal {
  RefusalReason reason;
  Fault fault;             ///< what a caller is told: troupe_no_capacity or troupe_all_open
  Time retry_at = kNever;  ///< the earliest instant that could pass by waiting; kNever: not by waiting
  bool permits = false;    ///< only permits of this node were missing: other nodes may have some
  KeptFor kept_for = KeptFor::nobody;
};
using Acquired = std::variant<Grant, KeyRefusal>;

struct AcquireAsk {
  Tokens input{0}, output{0};  ///< estimates; reserved until settled
  bool force = false;  ///< pass an open or dead breaker (when_all_open: try_least_bad); limits still hold
  Claimant claimant = {};
  double reserve = 0;  ///< 0..1 of each limit that must stay free after it: batch work leaves so much alone
};

/// Provider truth from the headers of any answer; same fields as actors::ProviderLimits.
struct ProviderTruth {
  WindowTruth requests_minute, tokens_minute, input_tokens_minute, output_tokens_minute, requests_day,
      tokens_day;
  std::optional<Duration> retry_after;  ///< counts on errors only
};

/// How a call ended; same fields as actors::Settlement.
struct Settled {
  PermitId permit = 0;
  std::optional<Fault> fault;  ///< nullopt = success
  bool called = true;          ///< false: nothing was sent, the permit returns unused
  Usage usage;                 ///< what was counted or relayed, also on faults
  std::optional<Money> cost;   ///< nullopt = unknown price
  std::optional<Duration> first_token, total;
  ProviderTruth limits;
};

/// The little that routers need of a key; plain and small, to be copied to them.
struct KeyGauge {
  double headroom = 1;  ///< 0..1 of the tightest window or of concurrency
  std::int64_t in_flight = 0;
  Time not_before = Time::min();  ///< a call is refused before this (kNever: dead); in the past: it may pass
  BreakerPhase phase = BreakerPhase::closed;
  double weight_factor = 1;  ///< of the breaker: 0 open, 0.1..1 recovering, 1 healthy
  std::optional<double> first_token_ms, first_token_peak_ms, first_token_p95_ms;
  double success_ratio = 1;
  std::optional<Money> average_cost;
  Time last_call = Time::min();  ///< when a permit was granted last
};

struct LastFault {
  Fault fault;
  Time when;
};

/// Everything, for inspection.
struct KeySnapshot {
  std::vector<WindowView> windows;  ///< rpm, tpm, itpm, otpm, rpd, tpd
  std::int64_t in_flight = 0, concurrency_limit = 0;
  BreakerPhase phase = BreakerPhase::closed;
  Time breaker_retry_at = Time::min();
  double weight_factor = 1;
  std::vector<BreakerTransition> history;  ///< oldest first
  LatencyView latency;
  std::optional<LastFault> last_fault;
  Time paused_until = Time::min();  ///< the provider asked for a pause (retry-after of an overload)
  std::vector<Hearsay> hearsay;     ///< what other nodes said and holds
  double headroom = 1;
  std::uint64_t granted = 0, settled = 0, refused = 0;
  std::uint64_t ignored = 0;    ///< settlements of permits that were unknown or settled before
  std::uint64_t reclaimed = 0;  ///< permits that nobody settled in time
};

/// One provider key: windows, concurrency, breaker, latency, permits. A permit is in exactly one place: free,
/// held by one call, or cooling; granted == settled + reclaimed + in flight. A value; not thread-safe.
class KeyState {
 public:
  /// A permit that nobody settled for so long is taken for used at the last moment.
  static constexpr Duration kLongestCall = std::chrono::minutes(30);

  KeyState(const config::Limits& limits, const config::Breaker& breaker);

  /// Grants when breaker, pauses, concurrency and all six windows admit the estimates, or refuses with the
  /// reason that lasts longest. What is free may be kept for others than the claimant: so much of it must
  /// stay free as `reserve` says (a call that is larger than the rest needs all of the limit), or as other
  /// tenants may claim.
  Acquired acquire(const AcquireAsk& ask, Time now, Random& random);

  /// Where nodes share this key's limits: calls need permits of `shares` too. Calls under way keep what they
  /// took.
  void share(Shares shares) { shares_ = std::move(shares); }
  const Shares& shares() const { return shares_; }

  /// Somebody was turned away without having been asked: it is known that there is nothing.
  void missed(const Claimant& claimant, Time now) { fair_.fell_short(claimant, false, now); }

  /// Ends a permit. Ignored and counted when it is unknown or was settled before.
  ///
  /// Requests cool from begun() or the first token (they had arrived by then), else from now; tokens from
  /// now. After a fault that leaves open what the provider counted (timeouts, resets, cuts, a caller who
  /// left) at least the reservation counts as used. A 429 closes its window until `retry-after`, the reset,
  /// or a doubling pause.
  void settle(const Settled& settled, Time now, Random& random);

  /// The provider has begun to answer this call, so its request had arrived by `at`: it cools from then while
  /// the call goes on. A stream of ten minutes does not keep its place in the minute for ten minutes. Once
  /// per permit; ignored when it is unknown.
  void begun(PermitId permit, Time at, Time now);

  /// Reclaims permits older than kLongestCall. acquire() does it too; call it when idle.
  void tick(Time now);

  /// Another node's word. A refused key is refused here as well to all but forced calls, which are how it
  /// is found out; a pause is kept; a smaller limit holds; an open breaker makes this one stricter, and no
  /// more. "Works again" ends also what this node saw itself: the next calls are probes. A refusal that
  /// runs out leaves the breaker half-open, so that a few calls find out. Nothing of it ever admits more than
  /// the limits do.
  void hear(const Hearsay& word, Time now);
  /// What this node has learnt since the last call of this, for the others.
  std::vector<Evidence> take_findings() { return findings_.take(); }

  /// An active probe (no permit of ours) was answered: a dead or open breaker goes half-open.
  void revive(Time now) { breaker_.revive(now); }
  /// New settings; what was used stays used. A changed secret revives a dead key and forgets what the
  /// provider said of the old one.
  void reconfigure(const config::Limits& limits, const config::Breaker& breaker, bool secret_changed,
                   Time now);

  KeyGauge gauge(Time now) const;
  /// One of the six windows, rpm to tpd; without allocation.
  WindowView window(RefusalReason which, Time now) const {
    const auto index = static_cast<std::size_t>(which);
    return windows_.at(index).view(name(which), now);
  }
  KeySnapshot snapshot(Time now) const;

 private:
  enum WindowIndex : std::size_t { kRpm, kTpm, kItpm, kOtpm, kRpd, kTpd, kWindows };
  using Amounts = std::array<std::int64_t, kWindows>;
  struct Permit {
    Amounts held;
    Time acquired;
    BreakerTicket ticket;
    bool begun = false;  ///< its requests cool already, and `held` has none
    std::optional<Shares::Taken> shared;
    std::optional<std::uint64_t> claimed = {};  ///< by whom, where it is counted
  };
  using Held = std::map<PermitId, Permit>;

  Amounts amounts(const AcquireAsk& ask) const;
  std::optional<KeyRefusal> obstacle(const AcquireAsk& ask, const Amounts& needed, Time now) const;
  // key_fairness.cpp
  std::optional<KeyRefusal> held_off(const AcquireAsk& ask, const Amounts& needed, Time now);
  std::optional<KeyRefusal> lacking_of(std::size_t limit, std::int64_t needed, std::int64_t kept,
                                       Time now) const;
  std::int64_t limit_of(std::size_t limit) const;
  void note_shortage(const AcquireAsk& ask, const KeyRefusal& refusal, Time now);
  static FairUse::Amounts fair(const Amounts& amounts, std::int64_t calls);
  void end_claim(const Permit& permit, const Amounts& used, Time now);
  Time window_retry_at(std::size_t window, std::int64_t amount, Time now) const;
  void spend(const Permit& permit, const Settled& settled, Time now);
  void learn(const Settled& settled, Time now, Random& random);
  void close_after(const Settled& settled, Time now, Random& random);
  void reclaim(Time now);
  void expire_hearsay(Time now);
  void end_hearsay(About about);
  BreakerPhase phase(Time now) const;
  void testify(const Permit& permit, const Settled& settled, BreakerPhase before, Time now);
  void testify_limit(std::size_t window, const WindowTruth& truth, Time now);
  void finish_shared(const Permit& permit, const Amounts& used, Time now) const;

  std::array<RateWindow, kWindows> windows_;
  Concurrency concurrency_;
  Breaker breaker_;
  Latency latency_;
  Held permits_;
  Shares shares_;
  FairUse fair_;
  Findings findings_;
  Rumours rumours_;
  Time last_call_ = Time::min();
  PermitId next_ = 1;
  Time paused_until_ = Time::min();
  int refused_in_row_ = 0;  ///< 429s without a word on when to return
  std::optional<LastFault> last_fault_;
  std::uint64_t granted_ = 0, settled_ = 0, refused_ = 0, ignored_ = 0, reclaimed_ = 0;
};

}  // namespace troupe::policy
