#pragma once
// What a node may use of one key's or tenant's limits, where nodes share them.
#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>

#include "actors/policy/permits.hpp"

namespace troupe::policy {

/// The node's permits for the limits of one key, in the order of RefusalReason: rpm, tpm, itpm, otpm, rpd,
/// tpd, concurrency. Empty entries share nothing: no such limit, or a node on its own.
struct Shares {
  static constexpr std::size_t kLimits = 7, kConcurrency = 6;
  using Amounts = std::array<Units, kLimits>;

  std::array<std::shared_ptr<Permits>, kLimits> permits;
  std::function<void()> hurry;  ///< a call was turned away for want of permits; any thread, cheap
  Duration guard{};             ///< a call must be sent so soon after its admission; zero: no such bound

  bool any() const {
    for (const auto& of : permits)
      if (of) return true;
    return false;
  }

  /// Takes all of `needed`, or nothing and answers which limit is short; what is short is asked for.
  std::optional<std::size_t> take(const Amounts& needed, Time now) const {
    std::optional<std::size_t> lacking;
    for (std::size_t i = 0; i < kLimits; ++i) {
      if (!permits[i]) continue;
      permits[i]->ask(needed[i]);
      if (permits[i]->available(now) >= needed[i]) continue;
      permits[i]->miss(needed[i]);
      lacking = i;
    }
    for (std::size_t i = 0; !lacking && i < kLimits; ++i) {
      if (!permits[i] || permits[i]->take(needed[i], now)) continue;
      for (std::size_t taken = 0; taken < i; ++taken)  // the agent took some back just now
        if (permits[taken]) permits[taken]->undo(needed[taken]);
      lacking = i;
    }
    if (lacking && hurry) hurry();
    return lacking;
  }
  /// A call ended that had taken `reserved`; `used` of it counted. Concurrency comes back whole.
  void finish(const Amounts& reserved, const Amounts& used) const {
    for (std::size_t i = 0; i < kLimits; ++i)
      if (permits[i]) permits[i]->finish(reserved[i], used[i]);
  }
};

}  // namespace troupe::policy
