#pragma once
// A node's own small part of a limit, which it keeps while it is cut off (docs/protocol.md, Floors).
#include <deque>
#include <memory>
#include <mutex>
#include <utility>

#include "actors/policy/permits.hpp"

namespace troupe::policy {

/// Slots that are used again and again: each for one unit in any window, because it stays reserved until the
/// unit has cooled. So nobody else has to know what was used. Shared between the owner of the limit and the
/// agent; any thread.
class Floor {
 public:
  /// `of` is the kind of the limit, `cools` its window and the guard, `slots` a purse of kind floor.
  Floor(LimitKind of, Duration cools, std::shared_ptr<Permits> slots)
      : of_(of), cools_(cools), slots_(std::move(slots)) {}

  const std::shared_ptr<Permits>& slots() const { return slots_; }

  /// What could be taken at `now`.
  Units available(Time now) {
    cool(now);
    return slots_->available(now);
  }
  /// Takes `units`, or nothing.
  bool take(Units units, Time now) {
    const std::lock_guard lock(mutex_);
    ripen(now);
    if (!slots_->take(units, now)) return false;
    if (of_ == LimitKind::window) put(units, now);
    return true;
  }
  /// A call ended that had taken `reserved`, and `used` of it really counted: more than that leaves a debt.
  void end(Units reserved, Units used, Time now) {
    if (of_ == LimitKind::window) return;
    if (of_ == LimitKind::concurrency) used = 0;
    const std::lock_guard lock(mutex_);
    if (used > reserved)
      slots_->owe(used - reserved);
    else
      slots_->finish(reserved - used, 0);
    if (used > 0) put(used, now);
  }
  /// Frees what has cooled.
  void cool(Time now) {
    const std::lock_guard lock(mutex_);
    ripen(now);
  }

 private:
  static constexpr int kEntries = 1024;  // of a window: more are put together, each up to a step longer

  void put(Units units, Time now) {
    if (!cooling_.empty() && now - cooling_.back().since < cools_ / kEntries) {
      cooling_.back().units += units;
      cooling_.back().until = now + cools_;
    } else {
      cooling_.push_back({now, units, now + cools_});
    }
  }
  void ripen(Time now) {
    for (; !cooling_.empty() && cooling_.front().until <= now; cooling_.pop_front())
      slots_->finish(cooling_.front().units, 0);
  }
  struct Used {
    Time since;
    Units units;
    Time until;
  };

  const LimitKind of_;
  const Duration cools_;
  const std::shared_ptr<Permits> slots_;
  std::mutex mutex_;
  std::deque<Used> cooling_;
};

}  // namespace troupe::policy
