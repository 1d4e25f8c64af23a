#pragma once
// Two connections to one name: which survives? Both ends come to the same answer without asking each other.
#include <cstdint>
#include <string_view>

namespace troupe::link {

/// What a hello and the way it came tell about one connection.
struct Side {
  std::uint64_t incarnation = 0;
  std::uint64_t nonce = 0;
  bool dialled = false;  ///< by this node
};

enum class Verdict : std::uint8_t {
  keep,        ///< the newcomer is a duplicate
  move,        ///< the newcomer carries on for the standing one: same process, nothing was missed
  replace,     ///< the standing one is dead or of an older life
  name_taken,  ///< two processes with one name and incarnation: the newcomer is refused
  stale,       ///< the newcomer is of an older incarnation: refused
};

/// Between the same two processes the connection that the smaller name dialled survives. A second one dialled
/// by the same end means that this end has lost the first. `quiet`: the standing one was not heard for two
/// heartbeats.
Verdict judge(std::string_view self, std::string_view peer, const Side& standing, const Side& newcomer,
              bool quiet);

}  // namespace troupe::link
