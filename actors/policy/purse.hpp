#pragma once
// The money of one budget that this node may spend now: what an admission looks at. Shared with the cashier
// (cluster/money), who has made sure on disk that it counts as spent before it is put in here.
#include <algorithm>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

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

/// One budget in one period. Any thread; no lock, no disk.
class Purse {
 public:
  enum class Taken : std::uint8_t {
    yes,
    wait,       ///< nothing at hand, more may come: ask again soon
    exhausted,  ///< what is left of the budget anywhere, and reserved by calls under way, is less than this
  };

  /// `id` names the budget and its period, `owner` the tenant; the budget renews at `until`.
  Purse(std::uint64_t id, std::string owner, Picos cap, WallTime until)
      : id_(id), owner_(std::move(owner)), cap_(cap), until_(until) {}

  std::uint64_t id() const { return id_; }
  const std::string& owner() const { return owner_; }
  Money cap() const { return {cap_.load(std::memory_order_relaxed)}; }
  WallTime until() const { return until_; }

  // -- the caller's side
  /// Reserves the estimate of a call, or nothing.
  Taken take(Picos amount) {
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
  /// Whether it is known how much is left: what does not come then is reserved by calls under way.
  bool known() const { return coming_.load(std::memory_order_relaxed) >= 0; }
  /// A call ended that had reserved `reserved` and really cost `cost`: more than that leaves a debt.
  void settle(Picos reserved, Picos cost) {
    spent_.fetch_add(cost, std::memory_order_relaxed);
    reserved_.fetch_sub(reserved, std::memory_order_relaxed);
    ready_.fetch_add(reserved - cost, std::memory_order_relaxed);
  }

  // -- the cashier's side
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
  /// By calls that ended, since the process began.
  Picos spent() const { return spent_.load(std::memory_order_relaxed); }
  Picos asked() const { return asked_.load(std::memory_order_relaxed); }
  /// The largest amount that was asked for, and that was turned away, since the last look.
  Picos take_largest() { return largest_.exchange(0, std::memory_order_relaxed); }
  Picos take_missed() { return missed_.exchange(0, std::memory_order_relaxed); }

 private:
  const std::uint64_t id_;
  const std::string owner_;
  std::atomic<Picos> cap_;
  const WallTime until_;
  std::atomic<Picos> ready_{0}, reserved_{0}, spent_{0}, asked_{0}, largest_{0}, missed_{0}, coming_{-1};
};

/// What one call cost, as it is kept for the books. No text of anybody's.
struct Expense {
  WallTime at;
  std::string tenant, provider, model;
  Tokens input, output;
  Picos cost = 0;
  bool estimated = false;  ///< the provider gave no figures
};

/// The money of one call: reserved, then settled exactly once. Dropped unsettled it cost nothing: it was not
/// sent.
class Reservation {
 public:
  using Book = std::function<void(const std::shared_ptr<Purse>&, const Expense&)>;

  Reservation() = default;
  /// `amount` is taken already. `book` writes the expense down; it outlives every reservation.
  Reservation(std::shared_ptr<Purse> purse, Picos amount, const Book* book)
      : purse_(std::move(purse)), amount_(amount), book_(book) {}
  Reservation(Reservation&& other) noexcept = default;
  Reservation& operator=(Reservation&&) = delete;
  ~Reservation() {
    if (purse_) purse_->settle(amount_, 0);
  }

  explicit operator bool() const { return purse_ != nullptr; }
  Picos amount() const { return amount_; }
  /// The second time nothing happens.
  void settle(const Expense& expense) {
    const auto purse = std::exchange(purse_, nullptr);
    if (!purse) return;
    if (expense.cost != 0 && book_ && *book_) (*book_)(purse, expense);
    purse->settle(amount_, expense.cost);
  }

 private:
  std::shared_ptr<Purse> purse_;
  Picos amount_ = 0;
  const Book* book_ = nullptr;
};

/// How this node's requests pay. Empty functions: nobody has a budget.
struct Cash {
  /// The purse of a tenant now; nullptr without a budget. Any thread, no lock.
  std::function<std::shared_ptr<Purse>(const std::string& tenant)> purse;
  Reservation::Book book;
  std::function<void()> hurry;  ///< a call waits for money; any thread, cheap
};

}  // namespace troupe::policy
