#pragma once
// What a node may use of one key's or tenant's limits, where nodes share them.
#include <algorithm>
#include <array>
#include <bitset>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>

#include "actors/policy/floor.hpp"
#include "actors/policy/permits.hpp"

namespace troupe::policy {

/// The node's permits for the limits of one key, in the order of RefusalReason: rpm, tpm, itpm, otpm, rpd,
/// tpd, concurrency. Empty entries share nothing: no such limit, or a node on its own.
struct Shares {
  /// A limit that nodes share, as callers and operators are told of it.
  struct Standing {
    Units limit = 0, left = 0;    ///< in the whole cluster
    Duration next{0}, resets{0};  ///< until some of what was used is free again (0: not known); until all is
    Duration age{0};              ///< of what is known of other nodes
  };

  static constexpr std::size_t kLimits = 7, kConcurrency = 6;
  using Amounts = std::array<Units, kLimits>;
  /// What a call holds, and which of it is the floor's.
  struct Taken {
    Amounts amounts{};
    std::bitset<kLimits> floors;
  };

  std::array<std::shared_ptr<Permits>, kLimits> permits;
  std::array<std::shared_ptr<Floor>, kLimits> floors;  ///< for what permits lack; empty with `strict`
  std::function<void()> hurry;  ///< a call was turned away for want of permits; any thread, cheap
  Duration guard{};             ///< a call must be sent so soon after its admission; zero: no such bound

  bool any() const {
    for (const auto& of : permits)
      if (of) return true;
    return false;
  }

  /// nullopt where nothing is shared, or no allocator has said anything yet.
  std::optional<Standing> standing(std::size_t which, Time now) const {
    const auto told = permits.at(which) ? permits.at(which)->outlook(now) : std::nullopt;
    if (!told) return std::nullopt;
    constexpr Duration kNone{0};
    auto resets = std::max(kNone, told->full_at - now);
    if (told->own_since > 0 && which != kConcurrency) resets = std::max(resets, span(which));
    return Standing{told->units, told->left, std::max(kNone, told->next_at - now), resets,
                    std::max(kNone, now - told->as_of)};
  }
  /// The window of a limit; of concurrency it means nothing.
  static constexpr Duration span(std::size_t which) {
    return which == 4 || which == 5 ? Duration(std::chrono::hours(24)) : Duration(std::chrono::minutes(1));
  }

  /// Takes all of `call.amounts`, or nothing and answers which limit is short; what is short is asked for.
  std::optional<std::size_t> take(Taken& call, Time now) const {
    auto lacking = look(call, now);
    for (std::size_t i = 0; !lacking && i < kLimits; ++i) {
      if (!permits[i] || take_one(call, i, now)) continue;
      for (std::size_t taken = 0; taken < i; ++taken)  // the agent took some back just now
        undo_one(call, taken, now);
      lacking = i;
    }
    if (lacking && hurry) hurry();
    return lacking;
  }
  /// A call ended; `used` of it counted. Concurrency comes back whole.
  void finish(const Taken& call, const Amounts& used, Time now) const {
    for (std::size_t i = 0; i < kLimits; ++i) {
      if (call.floors[i]) {
        if (floors[i]) floors[i]->end(call.amounts[i], used[i], now);
      } else if (permits[i]) {
        permits[i]->finish(call.amounts[i], used[i]);
      }
    }
  }

 private:
  std::optional<std::size_t> look(Taken& call, Time now) const {
    std::optional<std::size_t> lacking;
    for (std::size_t i = 0; i < kLimits; ++i) {
      if (!permits[i]) continue;
      const auto needed = call.amounts[i];
      permits[i]->ask(needed);
      if (permits[i]->available(now) >= needed) continue;
      call.floors[i] = floors[i] && floors[i]->available(now) >= needed;
      if (call.floors[i]) continue;
      permits[i]->miss(needed);
      lacking = i;
    }
    return lacking;
  }
  bool take_one(const Taken& call, std::size_t i, Time now) const {
    return call.floors[i] ? floors[i]->take(call.amounts[i], now) : permits[i]->take(call.amounts[i], now);
  }
  void undo_one(const Taken& call, std::size_t i, Time now) const {
    if (!permits[i]) return;
    if (call.floors[i])
      floors[i]->end(call.amounts[i], 0, now);
    else
      permits[i]->undo(call.amounts[i]);
  }
};

}  // namespace troupe::policy
