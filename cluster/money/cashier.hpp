#pragma once
// A node's side of money: fills purses from what was granted, ahead of use and on disk first; gives back.
#include <deque>
#include <memory>
#include <set>

#include "cluster/money/journal.hpp"
#include "cluster/permits/limit.hpp"

namespace troupe::money {

/// One budget as a node knows it, for people.
struct Account {
  Budget budget;
  AllotmentLine cluster;  ///< as the treasurer said last
  bool heard = false;     ///< it said anything yet
  Block block;            ///< on this disk
  Picos granted = 0, ready = 0, reserved = 0, free = 0;
  bool open = false;  ///< of this moment; else its period is over
};

/// One per node and process. A value but for the purses that it shares with whoever pays; not thread-safe.
///
/// With a budget for each user most purses lie still: a line that nobody uses, and of which the treasurer
/// knows everything, rests until its purse is touched, somebody speaks of it, or it is time to state it
/// again. A tick costs what happens, not what there is.
class Cashier {
 public:
  /// `image` is what the disk has: what is below a mark and not settled is in doubt from now on.
  Cashier(NodeName me, std::uint64_t incarnation, std::vector<NodeName> voters, const Image& image,
          Journal& journal);

  /// The budgets of now. What is no longer named is emptied.
  void configure(const std::vector<Budget>& budgets);
  /// Some more of them.
  void add(const std::vector<Budget>& budgets);
  std::shared_ptr<Purse> purse(BudgetId budget) const;
  /// Expenses of that budget that are on disk, in all.
  void settled(BudgetId budget, Picos total);

  void hear(const NodeName& from, const Allotment& message, Time now, Journal& journal);
  /// Marks, credits, states. `treasurer`: who that is; empty: not known.
  void tick(const NodeName& treasurer, Time now, Journal& journal, Outbox& out);
  /// A call waits for money.
  void hurry() { hurry_ = true; }
  /// Empties every purse for good: what calls under way have reserved stays.
  void close(Journal& journal);
  /// Forgets what ended before `end`.
  void forget(Second end, Journal& journal);
  /// This node told an alarm and was heard: whoever is treasurer is to know.
  void told(BudgetId budget, std::uint32_t share);

  std::vector<Account> accounts() const;
  Time heard() const { return heard_; }
  /// Everything that was written is on disk and was told to the treasurer, who answered.
  bool quiet(const Journal& journal) const;

 private:
  struct Pending {
    std::uint64_t number;
    Block block;
    Picos credit;
  };
  struct Line {
    Budget budget;
    bool open = false;  ///< named by the configuration
    std::shared_ptr<Purse> purse;
    Picos granted = 0;
    Block block, safe;  ///< as written last; on disk
    std::deque<Pending> pending;
    Picos coming = 0;  ///< credits that wait for the disk
    double rate = 0, largest = 0;
    Picos asked = 0, head = 0;
    Picos spent = 0, ready = 0;  ///< of the purse, when it was looked at last
    Time sampled = cluster::kLongAgo, head_at = cluster::kLongAgo, heard = cluster::kLongAgo;
    AllotmentLine said;
    StatementLine told;  ///< what was stated last
    std::uint64_t told_in = 0;
    Time told_at = cluster::kLongAgo;
    Time due = cluster::kLongAgo;  ///< in due_, while it rests

    Picos unmarked() const { return std::max<Picos>(0, granted - block.released - block.mark); }
    Picos free() const { return std::max<Picos>(0, purse->ready() + coming) + unmarked(); }
  };

  static void sample(Line& line, Time now);
  static void land(Line& line, const Journal& journal);
  static void write(BudgetId id, Line& line, Picos credit, Journal& journal);
  static void advance(BudgetId id, Line& line, Journal& journal);
  static void give_back(BudgetId id, Line& line, Picos keep, Journal& journal);
  void name(const Budget& budget);
  void wake(BudgetId id, Line& line);
  void look_at(BudgetId id, Line& line, Time now, Journal& journal);
  bool still(BudgetId id, const Line& line) const;
  /// Lays aside what needs no look until it is touched or due.
  void rest();
  StatementLine state(BudgetId id, const Line& line) const;
  std::vector<StatementLine> news(bool whole, Time now, bool& changed);
  void add_due(Time now, std::vector<StatementLine>& to);
  void speak(const NodeName& treasurer, Time now, Outbox& out);

  Holder me_;
  std::uint64_t incarnation_;
  std::vector<NodeName> voters_;
  std::map<BudgetId, Line> lines_;
  std::set<BudgetId> awake_;
  std::set<std::pair<Time, BudgetId>> due_;  ///< open lines that rest, and when each is stated again
  std::shared_ptr<policy::TouchedPurses> touched_ = std::make_shared<policy::TouchedPurses>();
  std::deque<std::pair<BudgetId, std::uint32_t>> told_;  ///< the last of them
  std::uint64_t seq_ = 0, answered_ = 0;
  Time spoke_ = cluster::kLongAgo, heard_ = cluster::kLongAgo, whole_ = cluster::kLongAgo;
  NodeName spoken_to_;
  bool hurry_ = false, closed_ = false;
};

}  // namespace troupe::money
