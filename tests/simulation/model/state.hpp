#pragma once
// The life of permits in small: everything that the protocol remembers, with numbers of a few bits.
#include <array>
#include <cstdint>

namespace troupe::simulation::model {

using Small = std::uint8_t;
constexpr int kVoters = 3, kAgents = 2, kSpans = 6;

/// Time is a count of ticks. A lease lasts `lease` of them, a permit cools `after_use`, and a lost holder's
/// permits are out of reach `after_use` from the end of its lease.
struct Bounds {
  int voters = 3, agents = 2, permits = 2;
  int lease = 1, after_use = 2;
  int elections = 2;       ///< after the first allocator
  int voter_restarts = 1;  ///< amnesia
  int agent_restarts = 1;
  int sessions = 2;  ///< of each node
  int grants = 2;    ///< units a session can ever be granted
  bool late_reports = false, late_grants = false, late_append = false;
};

/// The protocol's rules; a mutant breaks one.
struct Rules {
  bool grants_wait_for_majority = true;
  bool majority_must_know = true;     ///< else any one copy will do
  bool newest_copy = true;            ///< else the oldest
  bool lost_permits_cool = true;      ///< else a lease's end frees them
  bool used_permits_cool = true;      ///< else a report frees them
  bool guard = true;                  ///< else they cool a tick less
  bool abstains = true;               ///< after a restart, until nobody relies on the forgotten promise
  bool fenced = true;                 ///< no Append of an epoch below the promise is taken
  bool majority_renews = true;        ///< else one voter's answer prolongs an office
  bool office_before_promise = true;  ///< an office ends before the promises behind it; else after
  bool touched_is_closed = true;      ///< a session from which permits were taken cannot come back
  bool cold_waits = true;             ///< else a cold start begins with a full pool
  bool lease_from_question = true;    ///< else a lease counts from the answer
  bool stale_grants_void = true;      ///< else a grant brings permits also when its lease is over
  bool own_life_only = true;          ///< a restarted voter takes nothing that was sent to its past
};

enum Phase : Small { kNone, kLive, kFrozen, kTouched };

/// One session in an account.
struct Line {
  Small serial, granted, used, returned, phase, timer;
  int held() const { return granted - used - returned; }
};
struct Account {
  std::int8_t pool;
  Small unknown, unknown_for;
  std::array<Small, kSpans> cooling;  ///< units by ticks that are left, less one
  std::array<Line, kAgents> line;
};
struct Voter {
  Small knows, abstains, life, promised, lineage, epoch, rank;  ///< rank orders copies of one epoch
  Account copy;
};
/// What an allocator knows of a session beside its account. `pending` and `since` are who has the newest
/// grant and the opening: sets of voters, 0 when a majority had it.
struct Seat {
  Small heard, age, confirmed, pending, since;
};
struct Office {
  Small active, epoch, holder, quorum, lineage;
  Account account;
  std::array<Seat, kAgents> seat;
};
struct Agent {
  Small serial, joined, target, lineage, lease, told, used, returned, recent, carried, claimed;
  int free() const { return told - used - returned; }
};
struct Report {
  Small full, serial, lineage, used, returned, age, claims, carried, claimed;
};
struct Grant {
  Small full, serial, lineage, granted, age;
};
struct Append {
  Small full, to, life, epoch, rank, lineage;
  Account account;
};
struct State {
  std::array<Voter, kVoters> voter;
  std::array<Office, 2> office;  ///< two at once only when a rule is broken
  std::array<Agent, kAgents> agent;
  std::array<Report, kAgents> report;  ///< one of each may be under way for long, and arrive again and again
  std::array<Grant, kAgents> grant;
  Append append;
  std::array<Small, kSpans> admitted;  ///< units by age in ticks: none of them may be anywhere else
  Small epochs, lineages, voter_restarts, agent_restarts;
};

/// What happened, for a trace.
struct Step {
  const char* what = "";
  int who = -1, whom = -1;
};

}  // namespace troupe::simulation::model
