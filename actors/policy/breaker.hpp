#pragma once
// Stops calls to a key that fails, and finds out carefully when it works again.
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>
#include <variant>

#include "config/types.hpp"
#include "core/fault.hpp"
#include "core/random.hpp"
#include "core/time.hpp"

namespace troupe::policy {

/// Calls pass. `reopened` remembers how often it opened lately, until the ramp is over.
struct Closed {
  int failures_in_row = 0;
  std::optional<Time> ramp_from;  ///< set while recovering: weight grows from here
  int reopened = 0;
};
/// No call passes before `until`.
struct Open {
  Time until;
  int reopened = 0;  ///< how many times in a row: the cooldown doubles with each
};
/// A few probes pass; enough successes close, one failure opens.
struct HalfOpen {
  int in_flight = 0, succeeded = 0;
  int reopened = 0;
};
/// 401, 402, 403 or spent quota: no call passes until revive().
struct Dead {
  Fault why;
};
using BreakerState = std::variant<Closed, Open, HalfOpen, Dead>;

enum class BreakerPhase : std::uint8_t { closed, open, half_open, dead };
enum class BreakerCause : std::uint8_t {
  failures_in_row,
  error_rate,
  cooldown_over,
  probe_failed,
  probes_passed,
  key_refused,  ///< the provider says that the key is dead or its quota is spent
  revived,      ///< the configuration changed, or an active probe or a forced call passed, also elsewhere
  doubted,      ///< another node's word that the provider refuses the key has run out
};
std::string_view name(BreakerPhase phase);
std::string_view name(BreakerCause cause);

struct BreakerTransition {
  Time when;
  BreakerPhase from, to;
  BreakerCause cause;
  std::optional<Fault> fault;  ///< the last straw, where there was one
};

/// Carried by a call from entry() to its result, so that a late answer is not taken for a probe's.
struct BreakerTicket {
  bool probe = false;
  bool forced = false;  ///< passed although the breaker would have stopped it
  std::uint32_t generation = 0;
};

/// Closed -> open after `failures` in a row, or when at least `min_requests` within `window` failed at
/// `error_rate`; open -> half-open after the cooldown (doubling each time, +-10 %, never above
/// `cooldown_max`); half-open lets at most `half_open_probes` be under way or passed, closes when all passed,
/// opens again when one failed. After closing the weight ramps up. (Release It!, M. Nygard.) A value; not
/// thread-safe.
class Breaker {
 public:
  explicit Breaker(const config::Breaker& settings) : settings_(settings) {}

  /// Whether a call may pass now; when not, retry_at() says when that could change.
  bool allows(Time now) const;
  /// `now` when calls pass; the end of the cooldown; kNever when dead; `now` + 100 ms while probes are out.
  Time retry_at(Time now) const;
  /// Lets one call through (also when allows() is false: the caller forced it) and says how to report it.
  BreakerTicket entry(Time now);

  /// How that call ended. A fault that does not trip breakers (core/fault.hpp) is no verdict.
  void result(BreakerTicket ticket, std::optional<Fault> fault, Time now, Random& random);
  /// The call never happened: its probe, if it was one, is free again.
  void abandon(BreakerTicket ticket);

  /// Dead or open -> half-open at once: an active probe passed.
  void revive(Time now);
  /// The same for a changed secret; calls still under way with the old one have no say any more.
  void renew(Time now);
  void configure(const config::Breaker& settings) { settings_ = settings; }
  /// Another node's breaker for this key is open: until then half as many failures (rounded up) open this
  /// one. It never opens by hearsay alone. In the past: takes it back.
  void suspect(Time until) { suspect_until_ = until; }
  /// Closed -> half-open: calls are probes until enough passed.
  void doubt(Time now);

  /// As of `now`: an open breaker whose cooldown is over counts as half-open.
  BreakerPhase phase(Time now) const;
  /// 0 open or dead, 0.1 half-open, 0.1 rising to 1 over `ramp` after closing, 1 else.
  double weight_factor(Time now) const;
  const BreakerState& state() const { return state_; }
  /// The last 16 transitions, oldest first.
  const std::deque<BreakerTransition>& history() const { return history_; }

 private:
  /// Results by tenth of the window.
  struct Slot {
    std::int64_t tenth = -1;
    std::int32_t total = 0, failed = 0;
  };
  bool is_probe(BreakerTicket ticket) const;
  std::int64_t tenth(Time now) const;
  void count(bool failed, Time now);
  bool rate_too_high(Time now) const;
  int strict(int threshold, Time now) const;
  void succeeded(BreakerTicket ticket, Time now);
  void failed(BreakerTicket ticket, Fault fault, Time now, Random& random);
  void open(int reopened, BreakerCause cause, Fault fault, Time now, Random& random);
  void close(int reopened, Time now);
  void move(BreakerState to, BreakerCause cause, std::optional<Fault> fault, Time now);
  void half_open_when_due(Time now);

  static constexpr std::size_t kSlots = 10, kHistory = 16;
  config::Breaker settings_;
  BreakerState state_ = Closed{};
  Time suspect_until_ = Time::min();
  std::uint32_t generation_ = 0;  ///< of the half-open period
  std::array<Slot, kSlots> slots_;
  std::deque<BreakerTransition> history_;
};

}  // namespace troupe::policy
