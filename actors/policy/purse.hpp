#pragma once
// The money of one budget that this node may spend now: what an admission looks at. Shared with the cashier
// (cluster/money), who has made sure on disk that it counts as spent before it is put in here.
#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "core/time.hpp"
#include "core/units.hpp"

namespace troupe::policy {

using Picos = std::int64_t;  ///< pico-dollars, as in Money

/// Takes the larger of both, whoever else does so too.
inline void raise(std::atomic<Picos>& to, Picos value) {
  auto seen = to.load(std::memory_order_relaxed);
  while (seen < value && !to.compare_exchange_weak(seen, value, std::memory_order_relaxed)) {
  }
}

/// The purses that somebody used since their cashier laid them aside: with a budget for each user most lie
/// still, and are not looked at. Any thread; the lock is taken when a purse is used after a rest, for a
/// moment.
class TouchedPurses {
 public:
  void add(std::uint64_t id) {
    const std::lock_guard lock(mutex_);
    ids_.push_back(id);
  }
  std::vector<std::uint64_t> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(ids_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<std::uint64_t> ids_;
};

/// One budget in one period. Any thread; no lock (but see TouchedPurses), no disk.
class Purse {
 public:
  enum class Taken : std::uint8_t {
    yes,
    wait,       ///< nothing at hand, more may come: ask again soon
    exhausted,  ///< what is left of the budget anywhere, and reserved by calls under way, is less than this
  };

  /// `id` names the budget and its period, `owner` whose it is (config::Fund); the budget renews at `until`.
  /// `touched` hears when it is used after a rest(); nullptr: nobody does.
  Purse(std::uint64_t id, std::string owner, Picos cap, WallTime until,
        std::shared_ptr<TouchedPurses> touched = nullptr)
      : id_(id), owner_(std::move(owner)), cap_(cap), until_(until), touched_(std::move(touched)) {}

  std::uint64_t id() const { return id_; }
  const std::string& owner() const { return owner_; }
  Money cap() const { return {cap_.load(std::memory_order_relaxed)}; }
  WallTime until() const { return until_; }

  // -- the caller's side
  /// Reserves the estimate of a call, or nothing.
  Taken take(Picos amount) {
    const auto taken = try_take(amount);
    touch();
    return taken;
  }
  /// Whether it is known how much is left: what does not come then is reserved by calls under way.
  bool known() const { return coming_.load(std::memory_order_relaxed) >= 0; }
  /// A call ended that had reserved `reserved` and really cost `cost`: more than that leaves a debt.
  void settle(Picos reserved, Picos cost) {
    spent_.fetch_add(cost, std::memory_order_relaxed);
    reserved_.fetch_sub(reserved, std::memory_order_relaxed);
    ready_.fetch_add(reserved - cost, std::memory_order_relaxed);
    touch();
  }

  // -- the cashier's side
  /// Lays it aside: the next use is told to `touched`. What was used meanwhile shows in asked(), spent(),
  /// ready() and missed(), to be looked at after this call.
  void rest() {
    noticed_.store(false, std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_seq_cst);
  }
  void credit(Picos amount) { ready_.fetch_add(amount, std::memory_order_relaxed); }
  /// Takes what is ready beyond `keep` out again; answers how much.
  Picos withdraw(Picos keep) {
    auto ready = ready_.load(std::memory_order_relaxed);
    while (ready > keep) {
      if (ready_.compare_exchange_weak(ready, keep, std::memory_order_relaxed)) return ready - keep;
    }
    return 0;
  }
  /// What could still come in here, at most; negative: nobody knows.
  void expect(Picos coming) { coming_.store(coming, std::memory_order_relaxed); }
  void resize(Picos cap) { cap_.store(cap, std::memory_order_relaxed); }
  Picos ready() const { return ready_.load(std::memory_order_relaxed); }
  Picos reserved() const { return reserved_.load(std::memory_order_relaxed); }
  /// How much of the budget is gone, as far as this node knows: what other nodes hold counts. 0 while nobody
  /// has said what is left.
  double used() const {
    const auto cap = cap_.load(std::memory_order_relaxed), coming = coming_.load(std::memory_order_relaxed);
    if (cap <= 0 || coming < 0) return 0;
    return 1 - static_cast<double>(ready() + reserved() + coming) / static_cast<double>(cap);
  }
  /// What a call may cost at most to be paid now or soon; 0 while nobody has said what is left.
  Picos within_reach() const {
    const auto coming = coming_.load(std::memory_order_relaxed);
    return coming < 0 ? 0 : std::max<Picos>(0, ready()) + coming - std::min(coming, reserved());
  }
  /// By calls that ended, since the process began.
  Picos spent() const { return spent_.load(std::memory_order_relaxed); }
  Picos asked() const { return asked_.load(std::memory_order_relaxed); }
  /// The largest amount that was asked for, and that was turned away, since the last look.
  Picos take_largest() { return largest_.exchange(0, std::memory_order_relaxed); }
  /// Whether anything was asked for since the last look; one looker only.
  bool take_used() { return looked_.exchange(asked()) != asked(); }
  Picos missed() const { return missed_.load(std::memory_order_relaxed); }
  Picos take_missed() { return missed_.exchange(0, std::memory_order_relaxed); }

 private:
  Taken try_take(Picos amount) {
    raise(largest_, amount);
    auto ready = ready_.load(std::memory_order_relaxed);
    while (ready >= amount) {
      if (!ready_.compare_exchange_weak(ready, ready - amount, std::memory_order_relaxed)) continue;
      reserved_.fetch_add(amount, std::memory_order_relaxed);
      asked_.fetch_add(amount, std::memory_order_relaxed);
      return Taken::yes;
    }
    const auto coming = coming_.load(std::memory_order_relaxed);
    if (coming >= 0 && std::max<Picos>(0, ready) + coming < amount) return Taken::exhausted;
    raise(missed_, amount);
    return Taken::wait;
  }
  /// After a change: whoever rested before it sees it, or it is told.
  void touch() {
    std::atomic_thread_fence(std::memory_order_seq_cst);
    if (noticed_.load(std::memory_order_relaxed)) return;
    if (!noticed_.exchange(true) && touched_) touched_->add(id_);
  }

  const std::uint64_t id_;
  const std::string owner_;
  std::atomic<Picos> cap_;
  const WallTime until_;
  std::atomic<Picos> ready_{0}, reserved_{0}, spent_{0}, asked_{0}, largest_{0}, missed_{0}, coming_{-1},
      looked_{0};
  const std::shared_ptr<TouchedPurses> touched_;
  std::atomic<bool> noticed_{true};
};

}  // namespace troupe::policy
