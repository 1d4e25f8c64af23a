#pragma once
// The account: where every permit of every limit is. The same code keeps the allocator's master and voters'
// copies.
#include <deque>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "cluster/permits/limit.hpp"

namespace troupe::cluster {

/// What one session had of one limit, ever. All three only grow; what is held is the difference.
struct Counters {
  Units granted = 0, used = 0, returned = 0;
  Units held() const { return granted - used - returned; }
  bool operator==(const Counters&) const = default;
};

/// One change of the account. Every change keeps the sum of a limit's permits.
struct Change {
  enum class What : std::uint8_t {
    define,      ///< `limit` exists with `spec`; new limits begin with a full pool
    open,        ///< `session` begins
    grant,       ///< pool -> session
    use,         ///< session -> cooling for `remaining`
    give_back,   ///< session -> pool
    freeze,      ///< the session's lease is over
    revive,      ///< it came back before anything was taken from it
    thaw,        ///< what a frozen session held -> pool
    close,       ///< a session without permits is forgotten
    claim,       ///< unknown -> session
    claim_used,  ///< unknown -> cooling for `remaining`
    found,       ///< unknown -> pool: nobody can have used it any more
  };
  What what = What::define;
  SessionId session;
  LimitId limit = 0;
  Units units = 0;
  Duration remaining{};
  std::optional<LimitSpec> spec;
  bool operator==(const Change&) const = default;
};

/// The account with times relative to the moment it was taken; it travels.
struct Snapshot {
  struct Book {
    LimitSpec spec;
    Units pool = 0, unknown = 0;
    Duration unknown_for{};
    std::vector<std::pair<Duration, Units>> cooling;  ///< for how long still
    bool operator==(const Book&) const = default;
  };
  struct Account {
    SessionId id;
    bool frozen = false, touched = false;
    Duration frozen_since{};
    std::vector<std::pair<LimitId, Counters>> counters;
    bool operator==(const Account&) const = default;
  };
  std::vector<Book> books;
  std::vector<Account> accounts;
  bool operator==(const Snapshot&) const = default;
};

/// A limit's permits that no session has.
struct Book {
  LimitSpec spec;
  Units pool = 0;     ///< free; below zero in a copy whose cooling lags, or after more was used than granted
  Units unknown = 0;  ///< after a cold start: somewhere, until claimed or `unknown_until`
  Time unknown_until = kLongAgo;
  Units cooling_sum = 0;
  std::deque<std::pair<Time, Units>> cooling;  ///< by time
};

/// A session's permits.
struct Account {
  SessionId id;
  bool frozen = false;
  bool touched = false;     ///< frozen, and some of its permits are thawed: it can not come back
  Time expires = kLongAgo;  ///< live: when its lease is over; frozen: when it was
  std::map<LimitId, Counters> counters;
};

/// A value; not thread-safe. I1: for every limit pool + unknown + cooling + held by sessions = units.
class Table {
 public:
  explicit Table(Timing timing) : timing_(timing) {}

  /// A cold start: every permit is unknown until the last call that could have used it left the window.
  void forget_everything(const Limits& limits, Time now);
  /// Carries out one change. Changes about sessions or limits that are not there are ignored.
  void apply(const Change& change, Time now);
  /// Moves what has cooled to the pool.
  void mature(Book& book, Time now);

  Snapshot snapshot(Time now) const;
  /// Replaces everything. Spans are stretched by the clocks' error: a copy is never earlier than its source.
  void restore(const Snapshot& from, Time now);
  /// A new allocator: every live session may have been prolonged until just now.
  void prolong_all(Time now);

  Book* book(LimitId id);
  const Book* book(LimitId id) const;
  Account* account(const SessionId& id);
  std::map<LimitId, Book>& books() { return books_; }
  const std::map<LimitId, Book>& books() const { return books_; }
  std::map<SessionId, Account>& accounts() { return accounts_; }
  const std::map<SessionId, Account>& accounts() const { return accounts_; }
  const Timing& timing() const { return timing_; }

  /// I1 for one limit: what is missing (positive) or too much (negative); 0 when all is well.
  Units imbalance(LimitId id) const;

 private:
  void define(const LimitSpec& spec);
  void apply_to_account(const Change& change, Book& book, Time now);
  static void cool(Book& book, Time until, Units units);

  Timing timing_;
  std::map<LimitId, Book> books_;
  std::map<SessionId, Account> accounts_;
};

}  // namespace troupe::cluster
