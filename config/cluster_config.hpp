#pragma once
// The `cluster:` section: who belongs together, and the conditions under which permits are conserved. Every
// node must say the same of all but `node`, `listen`, `advertise`, `join` and `tls`.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/time.hpp"

namespace troupe::config {

/// Parts per million: how far two clocks may run apart.
struct Ppm {
  std::int64_t parts = 0;
  /// That part of `span`, rounded up. `span` is not negative and at most some years.
  constexpr Duration of(Duration span) const {
    constexpr std::int64_t kMillion = 1'000'000;
    const auto whole = span.count() / kMillion * parts;
    return Duration(whole + (span.count() % kMillion * parts + kMillion - 1) / kMillion);
  }
  friend bool operator==(const Ppm&, const Ppm&) = default;
};

/// Mutual TLS between nodes: PEM files; the certificate's SAN is the node's name.
struct ClusterTls {
  std::string cert, key, ca;
  friend bool operator==(const ClusterTls&, const ClusterTls&) = default;
};

/// What a node without a lease does.
enum class OnPartition : std::uint8_t {
  strict,     ///< admits nothing on that limit
  available,  ///< may use its part of the floor
};

/// What the first allocator of a cluster without memory assumes.
enum class ColdStart : std::uint8_t {
  automatic,  ///< open when no voter's store remembers an earlier run, else wait
  open,       ///< nothing was used: full pools
  wait,       ///< everything was used just now
};

struct ClusterConfig {
  std::string node;                           ///< this node's name, a DNS label
  std::string listen;                         ///< address of the link, IP and port
  std::string advertise;                      ///< what others dial; empty: see dialled()
  std::map<std::string, std::string> voters;  ///< name -> host:port; 1, 3 or 5, the same on every node
  std::vector<std::string> join;              ///< host:port of members; for nodes that are no voters
  std::optional<ClusterTls> tls;              ///< required; absent is refused by validation
  OnPartition on_partition = OnPartition::strict;
  double floor = 0.2;  ///< share of each limit kept back as floors; only with `available`
  Duration lease = std::chrono::seconds(10);  ///< how long a node's permits hold without the allocator
  Duration guard =
      std::chrono::milliseconds(500);  ///< longest time from admission to counted at the provider
  Ppm clock_rate_error{500};           ///< largest error of any node's clock rate
  Duration longest_call = std::chrono::minutes(10);  ///< no call lasts longer
  Duration office = std::chrono::seconds(2);         ///< the allocator's lease from a majority of voters
  Duration report_every = std::chrono::milliseconds(250);  ///< pause between a node's reports
  ColdStart cold_start = ColdStart::automatic;

  bool voter() const { return voters.contains(node); }
  /// The address under which the others find this node: `advertise`, or a voter's own, or `listen`.
  const std::string& dialled() const {
    if (!advertise.empty()) return advertise;
    const auto own = voters.find(node);
    return own == voters.end() ? listen : own->second;
  }
};

}  // namespace troupe::config
