#pragma once
// Everything that nodes say to each other about permits. Documented one by one in docs/protocol.md.
#include <optional>
#include <variant>
#include <vector>

#include "cluster/permits/table.hpp"

namespace troupe::cluster {

/// What a voter's copy of the account is worth.
enum class Knowledge : std::uint8_t {
  forgot,  ///< it restarted and nobody in office has brought it up to date since
  never,   ///< there was nothing to know: this cluster has not run before
  knows,
};

/// Candidate to voters: promise me `epoch`; or, as a `probe`: would you? Asked first, so that a voter who is
/// cut off does not spoil the office of another by promising itself ever higher epochs.
struct Prepare {
  Epoch epoch;
  Asked asked = 0;
  bool probe = false;
};
/// Voter to candidate: promised for the length of an office. `copy` is the voter's whole account.
struct Promise {
  Epoch epoch;
  Asked asked = 0;
  bool probe = false;  ///< nothing is promised, and no copy comes with it
  std::uint64_t incarnation = 0;
  Knowledge knowledge = Knowledge::forgot;
  Lineage lineage = 0;
  Stamp stamp;
  Snapshot copy;
};
/// Voter to candidate or allocator: not you; the highest number seen is `seen`.
struct Refusal {
  Epoch epoch;
  std::uint64_t seen = 0;
};
/// Candidate to voters: I give up; forget the promise.
struct Release {
  Epoch epoch;
};
/// Allocator to voters: the changes from `first` on, or the whole account as of `first - 1`; always a request
/// to renew the office.
struct Append {
  Epoch epoch;
  Asked asked = 0;
  std::uint64_t incarnation =
      0;  ///< of the voter that this is for; a restarted one takes nothing meant for its past
  Lineage lineage = 0;
  std::uint64_t first = 0;
  std::vector<Change> changes;
  std::optional<Snapshot> whole;
};
/// Voter to allocator: renewed; my copy stands at `seq`.
struct Ack {
  Epoch epoch;
  Asked asked = 0;
  std::uint64_t incarnation = 0;
  bool whole_wanted = false;
  std::uint64_t seq = 0;
};

/// What a node says of one limit. Counters are the session's, and only grow.
struct ReportLine {
  LimitId limit = 0;
  Units used = 0, returned = 0, granted_seen = 0;
  Units want = 0;                 ///< what waiting calls need beyond what is there
  Units head = 0;                 ///< what the first of them needs
  Units available = 0;            ///< what could be given back
  double rate = 0;                ///< units asked for per second
  std::optional<LimitSpec> spec;  ///< as this node's configuration has it; until acknowledged
};
/// What a node brings from an account that the allocator does not have.
struct Claim {
  std::vector<std::pair<LimitId, Units>> held;
  struct Use {
    LimitId limit = 0;
    Duration age{};  ///< at most: the use may be older
    Units units = 0;
  };
  std::vector<Use> used;
};
/// Node to allocator (to all voters while it does not know who that is).
struct Report {
  SessionId session;
  std::uint64_t seq = 0;
  Asked asked = 0;
  Lineage lineage = 0;  ///< the account that the session is in or is opened for; 0 = any, by a first session
  std::optional<Claim> claim;  ///< until the session is acknowledged: opens it
  std::vector<ReportLine> lines;
  bool leaving =
      false;           ///< final for the session: give me nothing any more, and take what I have not reserved
  bool whole = false;  ///< every limit of the node's configuration is among the lines, with its spec
};

struct GrantLine {
  LimitId limit = 0;
  Units granted = 0;         ///< in this session, in all
  Units hold = 0;            ///< what the node deserves now
  bool urgent = false;       ///< somebody waits: give back what is above `hold` at once
  Units units = 0;           ///< the limit that is in force
  Units left = 0;            ///< of it, in the whole cluster: free anywhere
  std::int64_t next_ms = 0;  ///< until the first of what was used is free again; 0: not known
  std::int64_t full_ms = 0;  ///< until all of it is left again, if nothing more is used
};
/// Allocator to node: prolongs the lease to `asked` (the node's own clock) + lease.
struct Grant {
  SessionId session;
  Lineage lineage = 0;
  Asked asked = 0;
  std::uint64_t seq = 0;  ///< of the newest report that was heard
  std::vector<GrantLine> lines;
};
/// Allocator to node: this session is not in my account. Open a new one.
struct UnknownSession {
  SessionId session;
  Lineage lineage = 0;
  bool claim_refused = false;  ///< what you claim is not there: bring nothing, when your lease is over
};
/// New allocator to everybody in its account: report to me.
struct InOffice {
  Epoch epoch;
};

using Message =
    std::variant<Prepare, Promise, Refusal, Release, Append, Ack, Report, Grant, UnknownSession, InOffice>;

/// To be sent; messages to oneself are heard at once.
struct Outgoing {
  NodeName to;
  Message message;
};
using Outbox = std::vector<Outgoing>;

}  // namespace troupe::cluster
