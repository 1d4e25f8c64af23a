#pragma once
// The term of office: the majority behind an allocator, and the changes on their way to the voters' copies.
#include <deque>
#include <map>
#include <set>

#include "cluster/permits/messages.hpp"

namespace troupe::cluster {

inline Asked asked_at(Time now) {
  return now.time_since_epoch().count();
}
inline Time time_of(Asked asked) {
  return Time(Duration(asked));
}

/// Knows until when its holder may act, and which changes a majority has: only those may have consequences.
///
/// The office ends `office` after the *sending* of the newest round that a majority answered. A value; not
/// thread-safe.
class Office {
 public:
  /// `asked` is when the round was sent whose promises won the office.
  Office(Epoch epoch, Lineage lineage, const std::vector<NodeName>& voters, Timing timing, Asked asked);

  bool holds(Time now) const { return now < until_; }
  Time until() const { return until_; }
  const Epoch& epoch() const { return epoch_; }
  Lineage lineage() const { return lineage_; }
  std::size_t voters() const { return copies_.size(); }

  /// Notes a change that the caller has applied to its table; answers its number.
  std::uint64_t record(Change change);
  std::uint64_t last() const { return last_; }
  /// The newest change that a majority has; 0 before a majority has the account as it was taken over.
  std::uint64_t committed() const { return committed_; }

  /// A voter answered.
  void hear(const NodeName& from, const Ack& message, Time now);
  /// Sends what voters do not have, and asks for renewal when that is due. `table` is as of last().
  void flush(const Table& table, Time now, Outbox& out);

 private:
  struct Copy {
    std::uint64_t incarnation = 0, acked = 0, sent = 0;
    bool synced = false;
    Time progress = kLongAgo, whole_sent = kLongAgo;
  };
  void count_round(const NodeName& from, Asked asked);
  void count_commit();
  void trim();
  bool due(Time now) const;
  Append next_for(Copy& copy, const Table& table, Time now) const;

  Epoch epoch_;
  Lineage lineage_;
  Timing timing_;
  Time until_;
  std::uint64_t first_ = 2, last_ = 1, committed_ = 0;  ///< 1 is the account as it was taken over
  std::deque<Change> log_;                              ///< first_ .. last_
  std::map<NodeName, Copy> copies_;
  std::map<Asked, std::set<NodeName>> rounds_;
  Time sent_ = kLongAgo;
  std::uint64_t sent_last_ = 0;
};

}  // namespace troupe::cluster
