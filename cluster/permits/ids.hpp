#pragma once
// Who and what the permit protocol speaks of.
#include <compare>
#include <cstdint>
#include <string>

namespace troupe::cluster {

using NodeName = std::string;   ///< the certificate's name of a node
using LimitId = std::uint64_t;  ///< hash of a limit's name, the same on every node
using Units = std::int64_t;     ///< requests, tokens or calls at once
using Lineage = std::uint64_t;  ///< random name of one unbroken account; 0 = none. See docs/protocol.md
using Asked = std::int64_t;     ///< the asker's own clock, echoed to it; means nothing to anybody else

/// One node's account at the allocator. A restart has a higher incarnation, a new account a higher serial.
struct SessionId {
  NodeName node;
  std::uint64_t incarnation = 0;
  std::uint32_t serial = 0;
  auto operator<=>(const SessionId&) const = default;
};

/// One term of office. Ordered; never used twice, because the holder's incarnation is part of it.
struct Epoch {
  std::uint64_t number = 0;
  NodeName holder;
  std::uint64_t incarnation = 0;
  auto operator<=>(const Epoch&) const = default;
};

/// How far a copy of the account has come.
struct Stamp {
  Epoch epoch;
  std::uint64_t seq = 0;
  auto operator<=>(const Stamp&) const = default;
};

}  // namespace troupe::cluster
