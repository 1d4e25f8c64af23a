#pragma once
// How a call pays: money of every budget that it counts in, reserved before it is sent, settled when it ends.
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "actors/policy/purse.hpp"

namespace troupe::policy {

/// What one call cost, as it is kept for the books. No text of anybody's.
struct Expense {
  WallTime at{};
  std::string tenant, key, user;
  std::vector<std::pair<std::string, std::string>> tags;
  std::string provider, model;
  Tokens input{}, output{};
  std::optional<Picos> cost;  ///< nullopt: its price is not known
  bool estimated = false;     ///< the provider gave no figures
};

/// What of it counts in one budget.
struct Charge {
  std::uint64_t budget = 0;  ///< Purse::id()
  WallTime until{};          ///< of the budget's period
  Picos cost = 0;            ///< the call's, or by the budget's rule for unknown prices
};

/// Writes one call down. Any thread; does not wait for the disk.
using Book = std::function<void(const Expense&, std::vector<Charge>)>;

/// An amount that was taken from a purse.
struct Hold {
  std::shared_ptr<Purse> purse;
  Picos amount = 0;
};

/// The money of one call: settled exactly once. Dropped unsettled it cost nothing: it was not sent.
class Reservation {
 public:
  Reservation() = default;
  /// The amounts are taken already. `book` outlives every reservation; nullptr: nobody writes it down.
  Reservation(std::vector<Hold> holds, const Book* book)
      : holds_(std::move(holds)), book_(book), open_(true) {}
  Reservation(Reservation&& other) noexcept
      : holds_(std::exchange(other.holds_, {})),
        book_(other.book_),
        open_(std::exchange(other.open_, false)) {}
  Reservation& operator=(Reservation&&) = delete;
  ~Reservation() {
    for (const auto& hold : holds_) hold.purse->settle(hold.amount, 0);
  }

  explicit operator bool() const { return open_; }
  const std::vector<Hold>& holds() const { return holds_; }
  /// `costs`: one for each hold. The second time nothing happens. A call that cost nobody anything is not
  /// written down.
  void settle(const Expense& expense, std::span<const Picos> costs) {
    if (!std::exchange(open_, false)) return;
    const auto holds = std::exchange(holds_, {});
    std::vector<Charge> charges;
    bool costly = expense.cost.value_or(0) != 0 || expense.input.count + expense.output.count > 0;
    for (std::size_t i = 0; i < holds.size(); ++i) {
      if (costs[i] == 0) continue;
      costly = true;
      charges.push_back({holds[i].purse->id(), holds[i].purse->until(), costs[i]});
    }
    if (costly && book_ && *book_) (*book_)(expense, std::move(charges));
    for (std::size_t i = 0; i < holds.size(); ++i) holds[i].purse->settle(holds[i].amount, costs[i]);
  }

 private:
  std::vector<Hold> holds_;
  const Book* book_ = nullptr;
  bool open_ = false;
};

/// Takes all amounts or none. `lacking`: set to the first that could not be paid.
Purse::Taken take_all(const std::vector<Hold>& wanted, std::size_t& lacking);

/// How this node's requests pay. Empty functions: nobody has a budget, nothing is written down.
struct Cash {
  /// The purse of that owner (config::Fund) now; nullptr: not there (yet). Any thread, no lock.
  std::function<std::shared_ptr<Purse>(const std::string& owner)> purse;
  /// Somebody has a budget of his own among many, who has no purse yet: it comes soon. Any thread, cheap.
  /// False: there are too many.
  std::function<bool(const std::string& owner)> open;
  Book book;
  std::function<void()> hurry;  ///< a call waits for money; any thread, cheap
};

}  // namespace troupe::policy
