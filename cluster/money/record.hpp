#pragma once
// Whose money is where: the one record of a budget's period that voters keep on disk.
#include <algorithm>
#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "actors/policy/purse.hpp"
#include "cluster/permits/ids.hpp"

namespace troupe::money {

using cluster::Asked;
using cluster::Epoch;
using cluster::NodeName;
using cluster::Stamp;
using policy::Picos;
using policy::Purse;

using BudgetId = std::uint64_t;  ///< hash of the owner and the period's first second, the same on every node
using LedgerId = std::uint64_t;  ///< random name of one store, made when the store is made; 0 = none
using Second = std::int64_t;     ///< of the calendar (UTC), since 1970

/// One budget in one period.
struct Budget {
  BudgetId id = 0;
  std::string owner;  ///< config::Fund
  Picos cap = 0;
  Second from = 0, until = 0;
  std::vector<std::uint32_t> alerts = {};  ///< shares of it that are told, in ten thousandths, ascending
  /// Of a rolling budget: what its slots have in common. The cap is of all of them together.
  std::uint64_t group = 0;
  bool past = false;  ///< a slot that still counts, in which nothing is spent any more
  bool operator==(const Budget&) const = default;
};

/// A budget has reached one of its shares: to be told once. The id is the same whoever tells it.
struct Alarm {
  Budget budget;
  std::uint32_t share = 0;  ///< in ten thousandths
  Picos used = 0;           ///< spent and in doubt
  std::string id() const { return std::to_string(budget.id) + "-" + std::to_string(share); }
};

/// Who holds money: a node as long as it keeps its disk. With another disk it is somebody else, and what the
/// lost one held stays held: it counts as spent.
struct Holder {
  NodeName node;
  LedgerId ledger = 0;
  auto operator<=>(const Holder&) const = default;
};

/// What one holder had of one budget. All four only grow.
struct Share {
  Picos granted = 0, released = 0;
  Picos spent = 0;  ///< settled and on the holder's disk, as far as it was told
  Picos doubt = 0;  ///< it may have spent this when it was killed: counts as spent
  Picos held() const { return granted - released; }
  bool operator==(const Share&) const = default;
};

/// The whole truth about one budget's period. I1: the sum of what is held is at most the cap, but for what
/// calls cost beyond their estimates.
struct Record {
  BudgetId id = 0;
  Stamp stamp;
  Picos cap = 0;
  Second until = 0;
  // Of the budget's shares that are told (config::Alert), in ten thousandths; both only grow.
  std::uint32_t reached = 0;  ///< the highest that was reached
  std::uint32_t told = 0;     ///< the highest that was told, and heard
  std::vector<std::pair<Holder, Share>> shares;

  Share* find(const Holder& holder) {
    for (auto& [who, share] : shares)
      if (who == holder) return &share;
    return nullptr;
  }
  Share& of(const Holder& holder) {
    if (auto* share = find(holder)) return *share;
    return shares.emplace_back(holder, Share{}).second;
  }
  Picos held() const {
    Picos sum = 0;
    for (const auto& [who, share] : shares) sum += share.held();
    return sum;
  }
  bool operator==(const Record&) const = default;
};

/// A holder's own account of one budget. Everything below `mark` may have been spent.
struct Block {
  Picos mark = 0;      ///< of what was granted: counts as spent after a crash. Advanced ahead of use
  Picos released = 0;  ///< given back for good; only grows
  Picos doubt = 0;     ///< the part of the mark that a crash left unexplained; only grows
  Picos settled = 0;   ///< the sum of the expenses on this disk
  Second until = 0;
  bool operator==(const Block&) const = default;
};

/// What a voter's disk knows.
enum class Filled : std::uint8_t {
  blank,      ///< nothing: it is new
  founded,    ///< everything that a treasurer knew
  confirmed,  ///< and that a majority was founded: money may have been granted since
};

/// One thing for the disk; in this order, none left out. Expenses go there by themselves.
struct PromiseWrite {
  Epoch epoch;
};
struct FilledWrite {
  Filled filled = Filled::blank;
};
struct RecordWrite {
  Record record;
};
struct BlockWrite {  ///< all of the block but `settled`
  BudgetId budget = 0;
  Block block;
};
struct ForgetWrite {  ///< the period is long over
  BudgetId budget = 0;
};
using Write = std::variant<PromiseWrite, FilledWrite, RecordWrite, BlockWrite, ForgetWrite>;

/// What a disk holds.
struct Image {
  LedgerId ledger = 0;
  Filled filled = Filled::blank;
  Epoch promised;
  std::map<BudgetId, Record> records;
  std::map<BudgetId, Block> blocks;

  void apply(const Write& write);
};

}  // namespace troupe::money
