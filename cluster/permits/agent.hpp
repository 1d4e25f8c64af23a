#pragma once
// A node's side of the protocol: reports what was used, hears what was granted.
#include <deque>
#include <map>
#include <memory>
#include <optional>

#include "cluster/permits/messages.hpp"
#include "cluster/permits/permits.hpp"

namespace troupe::cluster {

/// One per node and process. Knows one session at a time; a value but for the permits that it shares with
/// their owners; not thread-safe.
class Agent {
 public:
  struct Recall {
    LimitId limit = 0;
    Units keep = 0;
    bool urgent = false;
  };

  Agent(NodeName me, std::uint64_t incarnation, std::vector<NodeName> voters, Timing timing);

  /// The permits of one limit; made when first asked for. Shared with whoever admits calls.
  std::shared_ptr<Permits> permits(const LimitSpec& limit);
  /// The limits as the configuration has them now; the cluster is told. What is no longer among them keeps
  /// its permits.
  void configure(const Limits& limits);
  const std::shared_ptr<Lease>& lease() const { return lease_; }
  /// This node's floor of that limit; nullptr when it has none. Shared as permits are.
  std::shared_ptr<Floor> floor(const LimitSpec& limit);
  /// Until when floors may be used: longer than the lease.
  const std::shared_ptr<Lease>& floor_lease() const { return floor_lease_; }

  /// Somebody waits for permits: report soon.
  void hurry() { hurry_ = true; }
  /// Wants nothing any more: hands back what is free, also what is still on its way, and at once. Final.
  void leave(Time now, Outbox& out);
  /// The allocator knows that nothing is left here, or there was nothing to tell.
  bool gone() const;
  /// The cluster remembers a later life of this node. Only while no session was acknowledged.
  void reborn(std::uint64_t incarnation);
  /// While on: hands back what is free and asks for nothing; calls under way go on. Reporting goes on.
  void suspend(bool on);
  /// Reports when it is time.
  void tick(Time now, Outbox& out);
  /// Answers what owners shall give back.
  std::vector<Recall> hear(const NodeName& from, const Grant& message, Time now, Outbox& out);
  void hear(const NodeName& from, const UnknownSession& message, Time now, Outbox& out);
  void hear(const NodeName& from, const InOffice& message, Time now, Outbox& out);

  /// For inspection.
  const SessionId& session() const { return session_; }
  bool joined() const { return joined_; }
  /// Of the account that last acknowledged a session of this node; 0 before.
  Lineage lineage() const { return lineage_; }
  const NodeName& allocator() const { return allocator_; }
  Time heard() const { return heard_; }

 private:
  /// Units that were used at some time in (since, until].
  struct Use {
    Time since, until;
    Units units = 0;
  };
  struct Line {
    LimitSpec spec;
    std::shared_ptr<Permits> permits;
    bool configured = true;                      ///< the configuration in force has it
    std::shared_ptr<Floor> floor;                ///< of the limit whose floor this is; else null
    Units used_before = 0, returned_before = 0;  ///< when the session began
    Units told = 0;                              ///< granted in this session
    Units sampled = 0, asked = 0;
    Units reported = -1;  ///< used + returned of the newest acknowledged report
    Units taken = 0;      ///< permits->taken() at that report
    Units agreed = -1;    ///< the size of the limit as it was acknowledged in this session
    double rate = 0;
    std::deque<Use> history;  ///< uses within the window
  };

  /// What a report said of a limit.
  struct Told {
    Units sum = 0, taken = 0;  ///< used + returned in the session; permits->taken()
    Units units = -1;          ///< the size of the limit, where it was said
  };

  void sample(Time now);
  static void remember(Line& line, Use use);
  void void_lapsed(Time now);
  void give_all_back();
  const Lease& lease_of(const Line& line) const;
  static std::optional<Recall> recall(const Line& line, const GrantLine& said, Time now);
  void open_session(Lineage target, bool with_claim, Time now);
  Claim claim(Time now) const;
  ReportLine line_of(LimitId id, const Line& line, Time now) const;
  void acknowledge(std::uint64_t seq);
  bool waited_for() const;
  void report(Time now, Outbox& out);

  NodeName me_;
  std::vector<NodeName> voters_;
  Timing timing_;
  std::shared_ptr<Lease> lease_ = std::make_shared<Lease>(), floor_lease_ = std::make_shared<Lease>();
  SessionId session_;
  bool joined_ = false;
  Lineage lineage_ = 0;  ///< of the last session that was acknowledged
  Lineage target_ = 0;   ///< the account that this session is in or is opened for; 0 = any
  std::vector<std::pair<LimitId, Units>> carried_;
  std::map<LimitId, std::deque<Use>> claimed_history_;
  NodeName allocator_;
  std::map<LimitId, Line> lines_;
  std::uint64_t seq_ = 0, acknowledged_ = 0;
  std::map<std::uint64_t, std::map<LimitId, Told>> unacknowledged_;
  Time reported_ = kLongAgo, heard_ = kLongAgo, sampled_ = kLongAgo, told_all_ = kLongAgo;
  Asked answered_ = kLongAgo.time_since_epoch().count();  ///< the newest own question that was answered
  bool hurry_ = false, leaving_ = false, suspended_ = false;
};

}  // namespace troupe::cluster
