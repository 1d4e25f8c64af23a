#pragma once
// The SQLite file: schema, recovery, one transaction per batch.
#include <filesystem>
#include <map>
#include <memory>
#include <vector>

#include "cluster/ledger/cost_book.hpp"
#include "cluster/money/record.hpp"
#include "core/result.hpp"

namespace troupe::ledger {

/// One call, and what of it counts in which budgets. Kept as a part of its minute's line (lines.hpp); without
/// charges only its sums are.
struct Entry {
  policy::Expense expense;
  std::vector<policy::Charge> charges;
};

/// What reaches the disk together or not at all; expenses after the writes.
struct Batch {
  std::vector<money::Write> writes;
  std::vector<Entry> entries = {};
  std::vector<CostRow> costs = {};  ///< what the entries add to the sums
  std::int64_t forget_before = 0;   ///< day before which sums are not kept; 0: all are
  bool empty() const { return writes.empty() && entries.empty(); }
};

/// Blocks while it works; one thread at a time.
class Store {
 public:
  /// Opens DIR/ledger.db, or makes it with the name `fresh`; brings one of an earlier version up to date.
  /// Fails with words for the operator: a directory that cannot be written, a file that another process uses,
  /// that is damaged, or of a later version.
  static Result<std::unique_ptr<Store>> open(const std::filesystem::path& dir, money::LedgerId fresh);
  virtual ~Store() = default;

  /// Everything but the expenses, as of the last commit.
  virtual money::Image load() = 0;
  /// When it returns the batch is on the disk (synced), and the answer says the sums of the budgets that have
  /// new expenses. On failure nothing of it is.
  virtual Result<std::map<money::BudgetId, money::Picos>> commit(const Batch& batch) = 0;
  /// Every sum that is kept.
  virtual std::vector<CostRow> costs() = 0;
  /// What all calls that count in a budget came to, and how many they are.
  virtual std::pair<money::Picos, std::int64_t> expenses(money::BudgetId budget) = 0;
};

}  // namespace troupe::ledger
