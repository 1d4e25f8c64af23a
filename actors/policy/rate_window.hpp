#pragma once
// A rolling window that the provider can never see exceeded, whatever 60 seconds it looks at.
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>

#include "core/time.hpp"

namespace troupe::policy {

/// What an answer's headers say of one window; absent fields say nothing. `reset` is a span from now.
struct WindowTruth {
  std::optional<std::int64_t> limit, remaining;
  std::optional<Duration> reset;
  bool any() const { return limit || remaining || reset; }
};

/// One window for inspection. A limit of 0 means none.
struct WindowView {
  std::string_view name;                           ///< "rpm", "tpm", ...; static
  std::int64_t limit = 0;                          ///< in force: the smaller of configured and learned
  std::int64_t configured = 0;                     ///< the operator's
  std::optional<std::int64_t> learned, remaining;  ///< the provider's, as last heard
  std::int64_t used = 0;                           ///< cooling: the provider may still count it
  std::int64_t reserved = 0;                       ///< held by calls in flight
  std::int64_t withheld = 0;                       ///< spent by others, as the provider told us
  Time resets = Time::min();        ///< when everything that cools now has left; in the past: empty
  Time closed_until = Time::min();  ///< a 429 closed it
};

/// At most `limit` units in any rolling `span`, as the provider sees it. A unit is held from reserve() until
/// settle(), and then cools for span + guard from the last moment at which it could have reached the
/// provider; only then it is free again. Units are requests or tokens.
///
/// Proof: let j be the call reserved last among those that the provider saw within one span. Every other one
/// of them reached it less than a span before j did, so at j's reserve() it was held or cooling, and was
/// counted. Uses that settle above their reservation may pass the limit by the difference, and nothing is
/// admitted until it has left.
///
/// Memory: at most about 250 entries; what settles within span/240 of each other expires together, with the
/// newest. `now` must not go backwards. A value; not thread-safe.
class RateWindow {
 public:
  /// What the provider's clock, and bytes under way at settlement, may differ by: 250 ms + span/2000.
  static Duration default_guard(Duration span);

  RateWindow(Duration span, std::int64_t limit) : RateWindow(span, limit, default_guard(span)) {}
  RateWindow(Duration span, std::int64_t limit, Duration guard);

  /// The first instant at which `amount` fits if nothing else is reserved meanwhile: `now` when it fits now;
  /// kNever when it is more than the limit. Calls in flight are taken to settle now, fully used: settling
  /// below the reservation makes room sooner (held_back() tells).
  Time earliest(std::int64_t amount, Time now) const;
  bool fits(std::int64_t amount, Time now) const { return earliest(amount, now) <= now; }
  /// True when `amount` would fit now if the calls in flight gave back all that they hold.
  bool held_back(std::int64_t amount, Time now) const;

  /// Takes `amount` when it fits; false and unchanged when not.
  bool admit(std::int64_t amount, Time now);
  /// Takes `amount` without asking.
  void reserve(std::int64_t amount) { reserved_ += amount; }
  /// The call that held `reserved` has used `used`, last seen by the provider at `seen` (<= now).
  void settle(std::int64_t reserved, std::int64_t used, Time seen, Time now);
  /// Nothing of it reached the provider.
  void give_back(std::int64_t reserved) { reserved_ -= reserved; }

  /// A reload: what was used stays used. 0 = no limit.
  void set_limit(std::int64_t limit) { configured_ = limit; }
  /// Nothing is admitted before `until`. Never moves an earlier closing forward.
  void close_until(Time until);
  /// Takes provider truth. A learned limit only ever lowers the configured one; `remaining` below ours
  /// withholds the difference until the reset (a minute where none is given). Without a configured limit, a
  /// learned one is information, and only `remaining` = 0 closes the window until the reset.
  void learn(const WindowTruth& truth, Time now);
  /// What another node learned of the provider's limit: lowers ours until it is taken back (nullopt).
  void cap(std::optional<std::int64_t> limit) { capped_ = limit; }
  /// Forgets what was learned and any closing: the key's secret changed. What was used stays used.
  void forget_provider();

  /// The limit that admission uses; 0 = none.
  std::int64_t limit() const;
  std::int64_t configured() const { return configured_; }
  /// What could be admitted now; the largest number when there is no limit.
  std::int64_t available(Time now) const;
  /// 0..1 of the limit (of the learned one, as information, when none is configured); 1 without any.
  double headroom(Time now) const;
  std::int64_t used(Time now) const;
  std::int64_t reserved() const { return reserved_; }
  Time closed_until() const { return closed_until_; }
  /// Entries kept now: bounded, whatever the traffic.
  std::size_t entries() const { return cooling_.size(); }
  WindowView view(std::string_view name, Time now) const;
  /// What cools, oldest first: `see(when it was seen, amount)`.
  template <class See>
  void each_cooling(Time now, See&& see) const {
    expire(now);
    for (const auto& entry : cooling_) see(entry.newest, entry.amount);
  }

 private:
  struct Cooling {
    std::int64_t bucket = 0;  ///< instant / grain
    Time newest;              ///< of what is in it
    std::int64_t amount = 0;
  };
  void expire(Time now) const;
  void cool(std::int64_t amount, Time seen);
  void withhold(const WindowTruth& truth, Time now);
  Time leaves(const Cooling& entry) const { return entry.newest + span_ + guard_; }
  std::int64_t withheld(Time now) const { return now < withheld_until_ ? withheld_ : 0; }

  Duration span_, guard_, grain_;
  std::int64_t configured_;
  std::int64_t reserved_ = 0;
  mutable std::int64_t cooling_sum_ = 0;
  mutable std::deque<Cooling> cooling_;  ///< oldest first; mutable: forgetting what has left is no change
  Time closed_until_ = Time::min();
  std::optional<std::int64_t> learned_, remaining_, capped_;
  std::int64_t withheld_ = 0;
  Time withheld_until_ = Time::min();
};

}  // namespace troupe::policy
