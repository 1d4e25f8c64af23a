#pragma once
// One node of the permit protocol: agent always, voter and allocator where it is named and elected.
#include <optional>

#include "cluster/permits/agent.hpp"
#include "cluster/permits/allocator.hpp"
#include "cluster/permits/voter.hpp"

namespace troupe::cluster {

struct NodeSettings {
  NodeName me;
  std::uint64_t incarnation = 0;  ///< higher than that of any earlier process of this node
  std::vector<NodeName> voters;   ///< 1, 3 or 5; the same everywhere
  Limits limits;
  Timing timing;
  /// When all voters have forgotten the account, pools are full: the operator's word that nothing was used.
  bool cold_open = false;
  Knowledge knowledge = Knowledge::forgot;  ///< never: nothing ran within the longest window
  std::shared_ptr<Memory> memory;           ///< of its voter; may be null
};

/// Everything of one node, driven by messages and ticks (at least each 20 ms). Messages to itself never leave
/// it: a node on its own is its own majority, at once. A value; not thread-safe.
class Node {
 public:
  Node(NodeSettings settings, Time now, std::uint64_t seed);

  /// `out` are messages to other nodes; recalls must be carried out by the owners of the permits.
  void hear(const NodeName& from, const Message& message, Time now, Outbox& out);
  void tick(Time now, Outbox& out);
  /// Somebody waits for permits.
  void hurry(Time now, Outbox& out);
  /// Another incarnation, because the cluster remembers a later one of this node (its clock went back, or its
  /// disk was lost). A node that has a session keeps the one that it has: false.
  bool reborn(std::uint64_t incarnation, Time now);
  /// Hands every free permit back and asks for nothing more. Final.
  void leave(Time now, Outbox& out);
  /// The others know that this node has nothing, and a majority has what it did in office.
  bool gone() const;
  /// Whether this voter's copy of the account counts for a majority again, after a restart: who stops the
  /// next voter before that may lose the account. True for a node that is no voter.
  bool copy_counts() const;
  const Voter* voter() const { return voter_ ? &*voter_ : nullptr; }
  std::vector<Agent::Recall> take_recalls() { return std::exchange(recalls_, {}); }
  void configure(const Limits& limits, Time now);

  Agent& agent() { return agent_; }
  const Agent& agent() const { return agent_; }
  const Allocator* allocator() const { return allocator_ ? &*allocator_ : nullptr; }
  const NodeSettings& settings() const { return settings_; }
  /// Offices won since the start.
  std::uint64_t terms() const { return terms_; }

 private:
  struct Candidate {
    Epoch epoch;
    Time asked;
    bool probe = true;
    std::map<NodeName, Promise> promises;
  };

  void dispatch(const NodeName& from, const Message& message, Time now);
  void hear(const NodeName& from, const Promise& message, Time now);
  void hear(const NodeName& from, const Refusal& message, Time now);
  void campaign(Time now);
  void ask_voters(Time now);
  void give_up(Time now);
  void decide(Time now);
  void take_office(std::optional<Promise> best, bool full, Time now);
  void step_down(Time now);
  bool majority(std::size_t count) const { return count * 2 > settings_.voters.size(); }
  void deliver(Time now, Outbox& out);

  NodeSettings settings_;
  Time started_;
  Random random_;
  Agent agent_;
  std::optional<Voter> voter_;
  std::optional<Candidate> candidate_;
  std::optional<Allocator> allocator_;
  Duration patience_{};
  Outbox pending_;
  std::vector<Agent::Recall> recalls_;
  std::uint64_t terms_ = 0;
  bool leaving_ = false;
  std::optional<std::uint64_t> farewell_;  ///< the last change of this office when the agent was gone
};

}  // namespace troupe::cluster
