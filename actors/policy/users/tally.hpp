#pragma once
// The windows of one end user, and his calls at a time.
#include <cstdint>
#include <optional>
#include <vector>

#include "actors/policy/key_state.hpp"
#include "actors/policy/rate_window.hpp"
#include "config/types.hpp"
#include "core/time.hpp"

namespace troupe::users {

/// What calls take of limits. `tokens` are those of both directions.
struct Amounts {
  std::int64_t requests = 0, tokens = 0, input = 0, output = 0;
  bool any() const { return requests != 0 || tokens != 0 || input != 0 || output != 0; }
  friend bool operator==(const Amounts&, const Amounts&) = default;
  Amounts& operator+=(const Amounts& o);
  Amounts& operator-=(const Amounts& o);
};
/// Of each the smaller.
Amounts least(const Amounts& x, const Amounts& y);

/// One entry of a window: what may not be used again before it has left.
struct Cooled {
  std::uint32_t window = 0;  ///< rpm to tpd, as policy::RefusalReason counts them
  Duration age{0};
  std::int64_t amount = 0;
};

/// What is left of the minute's limit, or of the day's where there is no other; limit 0: there is none.
struct Left {
  std::int64_t limit = 0, remaining = 0;
  Duration reset{0};  ///< until all of it is free again
};

/// The answer to one more request.
struct Decision {
  bool granted = true;
  // Of a refusal:
  policy::RefusalReason reason = policy::RefusalReason::rpm;
  std::int64_t limit = 0;
  std::optional<Duration> retry;  ///< the earliest that could pass; nullopt: none, it asks for too much
  Left requests, tokens;          ///< after it
};

/// What one user has used and holds, against limits that may change. Windows are those of policy::RateWindow;
/// only what has a limit is counted. A value; not thread-safe.
class Tally {
 public:
  explicit Tally(const config::Limits& limits);

  /// What a request of that estimated size takes. An estimate of the output is a bound that few answers
  /// reach: alone it does not make a request too large.
  static Amounts needed(Tokens input, Tokens output, const config::Limits& limits);

  /// Whether `needed` and one more call fit, and what is left as it is now. Takes nothing.
  Decision weigh(const Amounts& needed, Time now) const;
  /// Only what is left.
  void tell_left(Decision& decision, Time now) const;

  /// Takes and gives back without asking.
  void hold(const Amounts& amounts, std::int64_t calls);
  void release(const Amounts& amounts, std::int64_t calls);
  /// Counts what was used at `seen`.
  void cool(const Amounts& used, Time seen, Time now);
  void cool(const Cooled& entry, Time now);

  std::int64_t calls() const { return calls_; }
  /// Everything that cools, of each window that has a limit.
  std::vector<Cooled> cooling(Time now) const;
  /// What was used stays used; a limit that there was not counts from now.
  void reconfigure(const config::Limits& limits);

 private:
  struct Window {
    std::uint32_t index;
    policy::RateWindow window;
  };
  const Window* find(policy::RefusalReason which) const;
  Left left(policy::RefusalReason minute, policy::RefusalReason day, Time now) const;

  std::vector<Window> windows_;  ///< by index
  std::int64_t calls_ = 0, most_calls_ = 0;
};

}  // namespace troupe::users
