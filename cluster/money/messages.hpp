#pragma once
// Everything that nodes say to each other about money. Documented one by one in docs/protocol.md.
#include <variant>
#include <vector>

#include "cluster/money/record.hpp"

namespace troupe::money {

/// Treasurer to voters: promise on disk to follow nobody below `epoch`, and show me every record.
struct Read {
  Epoch epoch;
};
/// Voter to treasurer, when the promise is on disk.
struct Copy {
  Epoch epoch;
  LedgerId ledger = 0;
  Filled filled = Filled::blank;
  std::vector<Record> records;
};
/// Treasurer to a voter's disk: keep these. `whole`: this is everything that a majority knew. `confirm`: a
/// majority has it.
struct Store {
  Epoch epoch;
  LedgerId ledger = 0;
  bool whole = false;
  bool confirm = false;
  std::vector<Record> records;
};
/// Voter to treasurer: they are on disk, up to these numbers.
struct Stored {
  Epoch epoch;
  LedgerId ledger = 0;
  Filled filled = Filled::blank;
  std::vector<std::pair<BudgetId, std::uint64_t>> numbers;
};
/// Voter to treasurer: I have promised more; the highest number seen is `seen`.
struct Refusal {
  Epoch epoch;
  std::uint64_t seen = 0;
};

/// What a holder says of one budget; all of it is on its disk.
struct StatementLine {
  BudgetId budget = 0;
  Picos spent = 0, doubt = 0, mark = 0, released = 0, granted_seen = 0;
  Picos free = 0;  ///< could be spent or given back
  Picos want = 0;  ///< would be good to have beyond that
  Picos head = 0;  ///< what the largest waiting call lacks
  bool operator==(const StatementLine&) const = default;
};
/// Node to treasurer (to all voters while it does not know who that is).
struct Statement {
  Holder holder;
  std::uint64_t incarnation = 0, seq = 0;
  std::vector<StatementLine> lines;
  /// Owners of budgets that somebody's request brought up, of which nothing was heard lately.
  std::vector<std::string> owners = {};
  /// Alarms that this node told, and was heard; budgets and shares.
  std::vector<std::pair<BudgetId, std::uint32_t>> told = {};
};

struct AllotmentLine {
  BudgetId budget = 0;
  Picos granted = 0;    ///< to this holder in all, on the disks of a majority
  bool recall = false;  ///< somebody else waits: keep no more than `keep`
  Picos keep = 0;
  Picos left = 0;  ///< what could still come from others (if calls under way cost nothing) and the treasury
  Picos cap = 0, spent = 0, doubt = 0, lost = 0, held = 0;  ///< of the whole budget, for people
  Picos beside = 0;  ///< of a rolling budget: what its other slots hold
};
/// Treasurer to node.
struct Allotment {
  Holder holder;
  std::uint64_t incarnation = 0, seq = 0;  ///< of the newest statement that was heard
  std::vector<AllotmentLine> lines;
};

using Message = std::variant<Read, Copy, Store, Stored, Refusal, Statement, Allotment>;

/// To be sent; messages to oneself are heard at once.
struct Outgoing {
  NodeName to;
  Message message;
};
using Outbox = std::vector<Outgoing>;

}  // namespace troupe::money
