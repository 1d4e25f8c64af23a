#pragma once
// The one who grants money: the permits' allocator in office, behind a fence and a majority of disks of its
// own.
#include "cluster/money/book.hpp"
#include "cluster/permits/limit.hpp"

namespace troupe::money {

/// Lives from winning an office to losing it. Who is elected is a question of progress only: what keeps two
/// treasurers apart is the epoch that a majority of disks has promised. A value; not thread-safe.
class Treasurer {
 public:
  enum class State : std::uint8_t {
    reading,   ///< waits for a majority's disks; for all of them where a majority is new
    lost,      ///< a majority's disks are new although money was granted: nobody knows how much
    founding,  ///< a majority takes over what is known
    open,
  };

  Treasurer(Epoch epoch, const std::vector<NodeName>& voters, std::vector<Budget> budgets);

  void configure(std::vector<Budget> budgets, Time now);
  /// Some more of them.
  void add(const std::vector<Budget>& budgets, Time now);
  void hear(const NodeName& from, const Copy& message, Time now);
  void hear(const NodeName& from, const Stored& message);
  void hear(const NodeName& from, const Statement& message, Time now);
  void tick(Time now, Outbox& out);

  /// What is to be told now, each again after five minutes until told() was called. Nothing in the first
  /// seconds of an office: nodes say first what they told under another.
  std::vector<Alarm> take_alarms(Time now);
  void told(BudgetId budget, std::uint32_t share);
  /// Owners that nodes named and that configure() does not know.
  std::set<std::string> take_strangers() { return std::exchange(strangers_, {}); }

  const Epoch& epoch() const { return epoch_; }
  State state() const { return state_; }
  const std::map<BudgetId, Book>& books() const { return books_; }

 private:
  struct Told {
    std::uint64_t number = 0, acked = 0;
    Time at = cluster::kLongAgo;
  };
  struct Voter {
    LedgerId ledger = 0;  ///< 0: it has not answered
    Filled filled = Filled::blank;
    bool whole = false;  ///< it has everything that was taken over
    Time asked = cluster::kLongAgo, sent = cluster::kLongAgo, looked = cluster::kLongAgo;
    std::map<BudgetId, Told> told;
    std::set<BudgetId> behind;  ///< records that it has not confirmed as they are
    bool more = false;          ///< some of them were not sent to it yet
    std::vector<Record> records;
  };
  struct Seat {
    std::uint64_t incarnation = 0, seq = 0;
    std::set<BudgetId> owed;
    bool unanswered = false;  ///< a statement, whatever there is to say of its lines
  };
  bool majority(std::size_t count) const { return count * 2 > voters_.size(); }
  void decide(Time now);
  void open(bool fresh, Time now);
  void ask(Time now, Outbox& out);
  void store(Time now, Outbox& out);
  Store next_for(Voter& voter, Time now) const;
  void count();
  void name(const Budget& budget);
  /// Lets go of the books with which nothing is to be done.
  void rest();
  void confirm();
  void answer(Time now, Outbox& out);
  void look_beside(BudgetId budget);

  Epoch epoch_;
  State state_ = State::reading;
  bool founded_ = false;  ///< a majority has what was taken over
  std::vector<Budget> budgets_;
  std::map<NodeName, Voter> voters_;
  std::map<BudgetId, Book> books_;
  std::set<BudgetId> busy_;     ///< books that may have changed, or wait for a majority
  std::set<BudgetId> ringing_;  ///< books with an alarm that nobody told yet
  std::map<BudgetId, Time> stamped_;
  std::map<Holder, Seat> seats_;
  std::map<BudgetId, std::uint64_t> group_of_;
  std::map<std::uint64_t, std::set<BudgetId>> groups_;
  std::map<std::pair<BudgetId, std::uint32_t>, Time> told_at_;
  Time opened_ = kNever;
  std::set<std::string> owners_, strangers_;
};

}  // namespace troupe::money
