#pragma once
// What nodes tell each other about entries. Any may be lost, late or doubled: the worst is a call too many.
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "actors/policy/cache/entry.hpp"
#include "core/time.hpp"

namespace troupe::cache {

/// Any age is good: nothing is kept for longer.
inline constexpr Duration kAnyAge = std::chrono::hours(24 * 366);

/// To the owner: has anybody this answer, no older than `max_age`? `id` is the asking node's, and the same
/// when it asks again.
struct Look {
  Digest key;
  std::uint64_t id = 0;
  Duration max_age{0};
};
/// From the owner: here it is.
struct Hit {
  Digest key;
  std::uint64_t id = 0;
  EntryPtr entry;
  Duration age{0};
};
/// From the owner: nobody has it and nobody is getting it; you do.
struct Lead {
  Digest key;
  std::uint64_t id = 0;
};
/// From the owner: somebody is getting it; you will hear.
struct Wait {
  Digest key;
  std::uint64_t id = 0;
};
/// To the owner: I am still getting it.
struct Renew {
  Digest key;
  std::uint64_t id = 0;
};
/// To the owner: keep this, and tell who waits.
struct Fill {
  Digest key;
  std::uint64_t id = 0;
  EntryPtr entry;
  Duration ttl{0};
};
/// To the owner: I got none, or want none any more. `open`: nobody will, so that whoever waits shall go by
/// itself.
struct Drop {
  Digest key;
  std::uint64_t id = 0;
  bool open = false;
};
/// To everybody: forget all entries, or one tenant's.
struct Flush {
  bool all = true;
  std::string tenant;
};

using Message = std::variant<Look, Hit, Lead, Wait, Renew, Fill, Drop, Flush>;
/// To whom, what.
using Outbox = std::vector<std::pair<std::string, Message>>;

/// Entries that are larger stay on the node that made them: frames between nodes are bounded, and what else
/// they carry must not wait behind answers.
inline constexpr std::size_t kTravels = (std::size_t{1} << 20) - 1024;

}  // namespace troupe::cache
