#pragma once
// The permits of one limit that this node holds now: what an admission looks at.
#include <algorithm>
#include <atomic>
#include <memory>

#include "cluster/permits/limit.hpp"

namespace troupe::cluster {

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
  std::atomic<Duration::rep> until_{kLongAgo.time_since_epoch().count()};
};

/// Four counters that only their owner writes: the key (or tenant) uses and returns, the agent grants. Either
/// may read the other's at any time: an older value only means less. Calls of one side come from one thread
/// at a time.
class Permits {
 public:
  Permits(LimitKind kind, std::shared_ptr<const Lease> lease) : kind_(kind), lease_(std::move(lease)) {}

  LimitKind kind() const { return kind_; }

  // -- the owner's side
  /// Free units; nothing without a lease.
  Units available(Time now) const { return lease_->holds(now) ? std::max<Units>(0, balance()) : 0; }
  /// Takes `units` that are available: used at once in a window, else reserved until finish().
  void take(Units units) { add(kind_ == LimitKind::window ? used_ : reserved_, units); }
  /// A call ended that had taken `reserved`, and `used` of it really counted.
  void finish(Units reserved, Units used) {
    if (kind_ == LimitKind::window) return;
    add(reserved_, -reserved);
    if (kind_ == LimitKind::counted_at_end) add(used_, used);
  }
  /// A call was never sent. A window's permit cools all the same: it may have been reported as used already.
  void undo(Units units) {
    if (kind_ != LimitKind::window) add(reserved_, -units);
  }
  /// Gives back what is free beyond `keep`; answers how much.
  Units give_back(Units keep) {
    const auto surplus = std::max<Units>(0, balance() - keep);
    add(returned_, surplus);
    return surplus;
  }
  /// What calls ask for: `units` more were asked for; `want` wait beyond what is there, `head` for the first.
  void ask(Units units) { add(asked_, units); }
  void wait(Units want, Units head) {
    want_.store(want, std::memory_order_relaxed);
    head_.store(head, std::memory_order_relaxed);
  }

  // -- the agent's side
  void grant(Units total) { granted_.store(total, std::memory_order_release); }
  Units granted() const { return granted_.load(std::memory_order_acquire); }
  Units used() const { return used_.load(std::memory_order_relaxed); }
  Units returned() const { return returned_.load(std::memory_order_relaxed); }
  Units reserved() const { return reserved_.load(std::memory_order_relaxed); }
  Units asked() const { return asked_.load(std::memory_order_relaxed); }
  Units wanted() const { return want_.load(std::memory_order_relaxed); }
  Units wanted_first() const { return head_.load(std::memory_order_relaxed); }
  Units balance() const { return granted() - used() - returned() - reserved(); }

 private:
  static void add(std::atomic<Units>& to, Units units) {
    to.store(to.load(std::memory_order_relaxed) + units, std::memory_order_relaxed);
  }

  LimitKind kind_;
  std::shared_ptr<const Lease> lease_;
  std::atomic<Units> granted_{0}, used_{0}, returned_{0}, reserved_{0}, asked_{0}, want_{0}, head_{0};
};

}  // namespace troupe::cluster
