#pragma once
// The permits of one limit that this node holds now: what an admission looks at. Shared with the cluster's
// agent.
#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "core/time.hpp"

namespace troupe::policy {

using Units = std::int64_t;  ///< requests, tokens or calls at once

enum class LimitKind : std::uint8_t {
  window,          ///< the provider counts at admission: used when the call is admitted
  counted_at_end,  ///< reserved at admission, used when the call ends by what was really counted
  concurrency,     ///< reserved at admission, back when the call ends; never cools
  floor,           ///< stays with a node that is cut off; reserved until what was used has cooled: see Floor
};

/// Until when this node may use what it holds. One per node; written by the agent, read by everybody.
class Lease {
 public:
  bool holds(Time now) const {
    return now.time_since_epoch().count() < until_.load(std::memory_order_relaxed);
  }
  Time until() const { return Time(Duration(until_.load(std::memory_order_relaxed))); }
  void prolong(Time until) {
    until_.store(std::max(until_.load(std::memory_order_relaxed), until.time_since_epoch().count()),
                 std::memory_order_relaxed);
  }

 private:
  std::atomic<Duration::rep> until_{Duration::min().count() / 2};
};

/// What this node knows of a limit in the whole cluster.
struct Outlook {
  Units units = 0;      ///< the limit that is in force
  Units left = 0;       ///< neither used, nor reserved, nor out of reach on any node
  Time next_at;         ///< when the first of what was used is free again; in the past: not known
  Time full_at;         ///< when all of it is left again, if nothing more is used
  Time as_of;           ///< when this node asked; what others used since is not known here
  Units own_since = 0;  ///< what this node took since and is taken off `left`; below zero: what came back
};

/// A purse that the owner (a key or tenant) spends from while the agent fills and empties it, from any
/// threads: what is free is one atomic number. The counters beside it only grow; whoever reads an older value
/// knows of less.
class Permits {
 public:
  Permits(LimitKind kind, std::shared_ptr<const Lease> lease) : kind_(kind), lease_(std::move(lease)) {}

  LimitKind kind() const { return kind_; }

  // -- the owner's side
  /// Free units; nothing without a lease.
  Units available(Time now) const { return lease_->holds(now) ? std::max<Units>(0, free()) : 0; }
  /// Takes `units`, or nothing: used at once in a window, else reserved until finish(). False without a
  /// lease, or when fewer are free.
  bool take(Units units, Time now) {
    if (!lease_->holds(now) || !withdraw(units)) return false;
    (kind_ == LimitKind::window ? used_ : reserved_).fetch_add(units, std::memory_order_relaxed);
    return true;
  }
  /// A call ended that had taken `reserved`, and `used` of it really counted: more than that leaves a debt.
  void finish(Units reserved, Units used) {
    if (kind_ == LimitKind::window) return;
    if (kind_ == LimitKind::concurrency || kind_ == LimitKind::floor) used = 0;
    used_.fetch_add(used, std::memory_order_relaxed);
    reserved_.fetch_sub(reserved, std::memory_order_relaxed);
    free_.fetch_add(reserved - used, std::memory_order_relaxed);
  }
  /// More was used than was taken: reserved all the same, out of what is free or comes later.
  void owe(Units units) {
    reserved_.fetch_add(units, std::memory_order_relaxed);
    free_.fetch_sub(units, std::memory_order_relaxed);
  }
  /// A call was never sent. A window's permit cools all the same: it may have been reported as used already.
  void undo(Units units) { finish(units, 0); }
  /// What calls ask for: `units` more were asked for; `want` wait beyond what is there, `head` for the first.
  void ask(Units units) { asked_.fetch_add(units, std::memory_order_relaxed); }
  void wait(Units want, Units head) {
    want_.store(want, std::memory_order_relaxed);
    head_.store(head, std::memory_order_relaxed);
  }
  /// A call that needs `units` was turned away; it may come again.
  void miss(Units units) { missed_.fetch_add(units, std::memory_order_relaxed); }

  /// The cluster's use of this limit, by the last word of the allocator and what happened here since. nullopt
  /// before there was one.
  std::optional<Outlook> outlook(Time now) const {
    const Time as_of(Duration(as_of_.load(std::memory_order_relaxed)));
    if (as_of == kLongBefore) return std::nullopt;
    Outlook out;
    out.units = units_.load(std::memory_order_relaxed);
    out.next_at = Time(Duration(next_at_.load(std::memory_order_relaxed)));
    out.full_at = Time(Duration(full_at_.load(std::memory_order_relaxed)));
    out.as_of = as_of;
    out.own_since = taken() - taken_then_.load(std::memory_order_relaxed);
    const auto left = left_.load(std::memory_order_relaxed) - out.own_since;
    out.left = std::max<Units>(0, std::min(out.units, std::max(available(now), left)));
    return out;
  }

  // -- the agent's side
  /// The allocator's word; `then` is what taken() was when this node asked. Read while it is written, it may
  /// be of two words for a moment.
  void learn(const Outlook& said, Units then) {
    units_.store(said.units, std::memory_order_relaxed);
    left_.store(said.left, std::memory_order_relaxed);
    taken_then_.store(then, std::memory_order_relaxed);
    next_at_.store(said.next_at.time_since_epoch().count(), std::memory_order_relaxed);
    full_at_.store(said.full_at.time_since_epoch().count(), std::memory_order_relaxed);
    as_of_.store(said.as_of.time_since_epoch().count(), std::memory_order_relaxed);
  }
  void grant(Units units) { free_.fetch_add(units, std::memory_order_relaxed); }
  /// Takes back what is free beyond `keep`; answers how much.
  Units give_back(Units keep) {
    auto free = free_.load(std::memory_order_relaxed);
    while (free > keep) {
      if (!free_.compare_exchange_weak(free, keep, std::memory_order_relaxed)) continue;
      returned_.fetch_add(free - keep, std::memory_order_relaxed);
      return free - keep;
    }
    return 0;
  }
  /// Whatever was granted is somebody else's now: calls under way bring nothing back when they end.
  void forfeit() { free_.store(-reserved(), std::memory_order_relaxed); }
  /// Free or reserved.
  Units held() const { return std::max<Units>(0, free() + reserved()); }
  Units free() const { return free_.load(std::memory_order_relaxed); }
  Units used() const { return used_.load(std::memory_order_relaxed); }
  Units returned() const { return returned_.load(std::memory_order_relaxed); }
  Units reserved() const { return reserved_.load(std::memory_order_relaxed); }
  /// Used or reserved.
  Units taken() const { return used() + reserved(); }
  Units asked() const { return asked_.load(std::memory_order_relaxed); }
  Units wanted() const { return want_.load(std::memory_order_relaxed); }
  Units wanted_first() const { return head_.load(std::memory_order_relaxed); }
  /// What was turned away since the last look.
  Units take_missed() { return missed_.exchange(0, std::memory_order_relaxed); }

 private:
  static constexpr Time kLongBefore = Time(Duration::min() / 2);

  bool withdraw(Units units) {
    auto free = free_.load(std::memory_order_relaxed);
    while (free >= units) {
      if (free_.compare_exchange_weak(free, free - units, std::memory_order_relaxed)) return true;
    }
    return false;
  }

  LimitKind kind_;
  std::shared_ptr<const Lease> lease_;
  std::atomic<Units> free_{0}, used_{0}, returned_{0}, reserved_{0}, asked_{0}, want_{0}, head_{0},
      missed_{0};
  std::atomic<Units> units_{0}, left_{0}, taken_then_{0};
  std::atomic<Duration::rep> next_at_{0}, full_at_{0}, as_of_{kLongBefore.time_since_epoch().count()};
};

}  // namespace troupe::policy
