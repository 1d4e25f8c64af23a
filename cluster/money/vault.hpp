#pragma once
// A voter of money: a promise and the records, on disk before anybody hears of them.
#include "cluster/money/journal.hpp"
#include "cluster/permits/limit.hpp"

namespace troupe::money {

/// Single-decree consensus per record with one leader at a time (Lamport, Paxos made simple): no record of a
/// lower epoch is taken once a higher one was promised. A value; not thread-safe.
class Vault {
 public:
  /// `image` is what the disk has. A new disk says nothing before `mute_until`: whoever relied on a promise
  /// that the old disk lost is out of office then.
  Vault(const Image& image, Time mute_until)
      : ledger_(image.ledger),
        filled_(image.filled),
        mute_until_(image.filled != Filled::blank ? cluster::kLongAgo : mute_until),
        promised_(image.promised),
        records_(image.records) {}

  void hear(const NodeName& from, const Read& message, Time now, Journal& journal);
  void hear(const NodeName& from, const Store& message, Time now, Journal& journal);
  /// Drops what ended before `end`.
  void forget(Second end, Journal& journal);

  Filled filled() const { return filled_; }
  const Epoch& promised() const { return promised_; }
  const std::map<BudgetId, Record>& records() const { return records_; }

 private:
  void rise(Filled to, Journal& journal);
  bool follows(const NodeName& from, const Epoch& epoch, Journal& journal);

  LedgerId ledger_;
  Filled filled_;
  Time mute_until_;
  Epoch promised_;
  std::map<BudgetId, Record> records_;
};

}  // namespace troupe::money
