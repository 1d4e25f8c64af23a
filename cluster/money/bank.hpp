#pragma once
// Money at one node: cashier always, vault and treasurer where it is a voter and elected.
#include <optional>

#include "cluster/money/cashier.hpp"
#include "cluster/money/treasurer.hpp"
#include "cluster/money/vault.hpp"

namespace troupe::money {

struct BankSettings {
  NodeName me;
  std::uint64_t incarnation = 0;  ///< higher than that of any earlier process of this node
  std::vector<NodeName> voters;   ///< of the permit protocol; a node on its own: itself
  Duration mute{};                ///< how long a voter with a new disk says nothing
};

/// Who is in office by the permits' election; here a matter of progress, not of safety.
struct Office {
  bool mine = false;
  NodeName holder;  ///< empty: not known
};

/// Driven by messages, ticks (at least each 20 ms) and the disk's answers. Messages to itself never leave it.
/// A value but for the purses; not thread-safe.
class Bank {
 public:
  Bank(BankSettings settings, const Image& image, Time now);

  void configure(std::vector<Budget> budgets, Time now);
  /// Some more of them, until the next configure(): costs what they are, not what there is.
  void add(const std::vector<Budget>& budgets, Time now);
  void hear(const NodeName& from, const Message& message, Time now, Outbox& out);
  void tick(const Office& office, Time now, Outbox& out);
  /// What is to be written next, in order; the number of the newest is last_write().
  std::vector<Write> take_writes() { return journal_.take(); }
  std::uint64_t last_write() const { return journal_.last(); }
  /// The disk has everything up to that number.
  void synced(std::uint64_t number, Time now, Outbox& out);
  /// All expenses of a budget that are on disk.
  void settled(BudgetId budget, Picos total) { cashier_.settled(budget, total); }

  std::shared_ptr<Purse> purse(BudgetId budget) const { return cashier_.purse(budget); }
  void hurry() { cashier_.hurry(); }
  /// Empties the purses for good; quiet() when the treasurer knows.
  void close() { cashier_.close(journal_); }
  bool quiet() const { return cashier_.quiet(journal_); }
  /// Alarms of the treasurer in office; each is to be told, and then told().
  std::vector<Alarm> take_alarms(Time now);
  void told(BudgetId budget, std::uint32_t share);
  std::set<std::string> take_strangers();
  /// Forgets periods that ended before `end`.
  void forget(Second end);

  const Cashier& cashier() const { return cashier_; }
  const Vault* vault() const { return vault_ ? &*vault_ : nullptr; }
  const Treasurer* treasurer() const { return treasurer_ ? &*treasurer_ : nullptr; }

 private:
  void dispatch(const NodeName& from, const Message& message, Time now);
  void take_office();
  void deliver(Time now, Outbox& out);

  BankSettings settings_;
  Journal journal_;
  Cashier cashier_;
  std::optional<Vault> vault_;
  std::optional<Treasurer> treasurer_;
  std::vector<Budget> budgets_;
  Office office_;
  std::uint64_t highest_ = 0;  ///< number of an epoch seen
  Outbox pending_;
};

}  // namespace troupe::money
