#pragma once
// One budget at the treasurer: who has how much, who wants more, who gets it.
#include <deque>
#include <map>
#include <optional>
#include <set>

#include "cluster/money/messages.hpp"
#include "cluster/permits/limit.hpp"
#include "core/time.hpp"

namespace troupe::money {

/// Grants change the record at once; they are told to a holder when a majority has the record on disk. A
/// value; not thread-safe.
class Book {
 public:
  /// `taken_over` is the newest record that a majority could have. Nothing of it is told before a majority
  /// has it again under `epoch`.
  Book(Record taken_over, const Epoch& epoch);

  const Record& record() const { return record_; }
  /// The budget as configured; nullopt: nothing is granted any more.
  void configure(const std::optional<Budget>& budget, Time now);

  bool open() const { return budget_.has_value(); }
  /// `newer`: no later statement of this holder was heard. What it had spent counts in any case.
  void hear(const Holder& holder, const StatementLine& line, bool newer, Time now);
  /// Gives what is free to whom it lacks, and calls back from others where somebody waits.
  void give(Time now);

  /// What other slots of the same rolling budget hold: it counts as held here too.
  void beside(Picos held) { beside_ = held; }
  /// Spent and in doubt, other slots included.
  Picos used() const;
  /// The shares that were reached, on a majority's disks, and not told yet.
  std::vector<Alarm> due() const;
  /// That one, and those below it, were told and heard.
  void told(std::uint32_t share);

  /// The record differs from what was stamped last.
  bool dirty() const { return dirty_; }
  /// Gives the record its next number.
  void stamp();
  /// A majority has the record on disk up to that number.
  void committed(std::uint64_t number);
  bool settled() const { return committed_ >= record_.stamp.seq; }

  AllotmentLine line_for(const Holder& holder, Time now) const;
  /// Holders with something to be told.
  std::set<Holder> take_news() { return std::exchange(news_, {}); }

 private:
  struct Demand {
    Time heard;
    Picos free = 0, want = 0, head = 0, unseen = 0, reserved = 0;
    std::optional<Picos> keep;        ///< recalled to so much
    Time served = cluster::kLongAgo;  ///< a call that waited there was given what it lacked
  };
  struct Pending {
    std::uint64_t number;
    Holder holder;
    Picos granted;
  };
  bool live(const Demand& demand, Time now) const;
  void grant(const Holder& holder, Picos amount);
  void call_back(Time now);
  void reach();
  Picos pool() const { return record_.cap - beside_ - record_.held(); }

  Record record_;
  std::optional<Budget> budget_;
  Picos beside_ = 0;
  bool dirty_ = true;
  std::uint64_t committed_ = 0;
  std::deque<Pending> pending_;
  std::map<Holder, Picos> confirmed_;
  std::map<Holder, Demand> demands_;
  std::set<Holder> news_;
};

}  // namespace troupe::money
