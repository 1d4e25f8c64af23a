#pragma once
// The knobs of membership. Those who raise one pay what stands behind it.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/time.hpp"

namespace troupe::members {

/// Whom to stay linked with.
struct Peer {
  std::string name, address;
  friend bool operator==(const Peer&, const Peer&) = default;
};

struct Settings {
  std::string name;               ///< this node's
  std::string address;            ///< that others dial
  std::uint64_t incarnation = 0;  ///< higher than that of any earlier process of this node
  std::vector<Peer> voters;       ///< named in the file: always linked, never forgotten as peers

  Duration round = std::chrono::seconds(1);             ///< gossip without news: bytes against repair time
  Duration hot_round = std::chrono::milliseconds(200);  ///< gossip with news: bytes against spreading time
  std::size_t fanout = 3;                               ///< peers per round and asked about a lost one
  Duration ask_every = std::chrono::milliseconds(500);  ///< inquiries about a lost one
  /// Without link and without voucher for so long: suspect. Longer: a lost node is noticed later; shorter: a
  /// stall is taken for a loss.
  Duration suspect_after = std::chrono::milliseconds(1500);
  /// A suspect that nobody reaches for so long is dead. Longer: its keys' probes wait; shorter: news of its
  /// refutation may come late.
  Duration dead_after = std::chrono::seconds(4);
  /// Dead and left members are kept so long, and dialled. Longer: more lost names; shorter: a long partition
  /// must be healed by the voters' static addresses.
  Duration forget_after = std::chrono::minutes(10);
  std::size_t most = 1024;  ///< members; more are not let in
};

}  // namespace troupe::members
