#pragma once
// The one node in office: hears reports, keeps the account, moves permits to the demand.
#include <deque>
#include <map>
#include <set>

#include "cluster/permits/office.hpp"
#include "cluster/permits/revisions.hpp"
#include "cluster/permits/spread.hpp"
#include "cluster/permits/table.hpp"

namespace troupe::cluster {

/// Lives from winning an office to losing it. Does nothing when the office is over: the owner drops it then.
/// What it grants has no consequence before a majority of voters has it. A value; not thread-safe.
class Allocator {
 public:
  /// `table` is the newest copy that a majority could have, or a cold one. `limits` are this node's
  /// configuration.
  Allocator(NodeName me, Office office, Table table, const Limits& limits, Time now);

  bool holds(Time now) const { return office_.holds(now); }
  const Epoch& epoch() const { return office_.epoch(); }
  const Office& office() const { return office_; }
  const Table& table() const { return table_; }

  void hear(const NodeName& from, const Report& message, Time now, Random& random, Outbox& out);
  void hear(const NodeName& from, const Ack& message, Time now, Random& random, Outbox& out);
  void tick(Time now, Random& random, Outbox& out);
  /// New configuration: limits appear or change size; of nodes with different ones the smaller holds. What
  /// disappears keeps its account until the next office.
  void configure(const Limits& limits, Time now);
  /// Tells everybody in the account who is in office.
  void announce(Outbox& out) const;

 private:
  /// What is known of a live session beside its account.
  struct Seat {
    std::uint64_t since = 0;  ///< the change that opened or revived it
    std::uint64_t seq = 0;    ///< newest report
    Asked asked = 0;          ///< its time at the node
    bool owed = false;        ///< an answer
    int pending = 0;          ///< grants that no majority has yet
    std::set<LimitId> news;
    std::map<LimitId, Units> confirmed;
  };
  struct Pending {
    std::uint64_t seq;
    SessionId session;
    LimitId limit;
    Units total;
  };

  std::uint64_t change(Change change, Time now);
  std::optional<LimitSpec> wanted(LimitId limit) const;
  void resize(LimitId limit, Time now);
  void resize(const std::set<LimitId>& limits, Time now);
  void resize_all(Time now);
  void dismiss(const SessionId& session, Time now);
  void grant(LimitId limit, const SessionId& to, Units units, Time now);
  void give_floor(const Book& floors, const SessionId& to, Time now);
  bool outdated(const SessionId& session) const;
  void retire_others(const SessionId& session, Time now);
  Account* admit(const Report& message, Time now, Outbox& out);
  bool covered(const Claim& claim, Time now) const;
  Account* open(const Report& message, Time now, Outbox& out);
  void count(Account& account, const ReportLine& line, Duration cap, Time now);
  void listen(const Report& message, const ReportLine& line);
  bool forgettable(const Account& account) const;
  void dismiss(const Report& message, Time now, Outbox& out);
  void give(LimitId limit, const SessionId* reporter, Time now, Random& random);
  void confirm(Time now);
  void expire(Time now);
  void thaw(Account& account, Time now);
  void settle(Time now, Outbox& out);
  GrantLine line_for(LimitId limit, const SessionId& id, const Seat& seat, Time now) const;
  void send_news(const SessionId& id, Seat& seat, Time now, Outbox& out) const;

  NodeName me_;
  Office office_;
  Table table_;
  std::map<SessionId, Seat> seats_;
  std::map<LimitId, Spread> spreads_;  ///< of all limits but floors
  Revisions revisions_;
  bool resizing_ = false;  ///< units move between a limit and its floors
  std::deque<Pending> pending_;
  Time served_ = kLongAgo, swept_ = kLongAgo;
};

}  // namespace troupe::cluster
