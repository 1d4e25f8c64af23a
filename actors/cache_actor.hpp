#pragma once
// The actor of one shard of this node's cache: it owns the entries of its part of the ring, and knows who
// waits for which. Internal to actors/.
#include <atomic>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/typed_actor.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "actors/door.hpp"
#include "actors/policy/cache/shard.hpp"
#include "actors/traced.hpp"

namespace troupe::actors {

/// Has anybody this answer, no older than `max_age`? Answered with cache::Told: the answer, or leave to get
/// it, which must be followed by CacheEnd.
struct CacheAsk {
  cache::Digest key;
  cache::Ticket ticket = 0;  ///< unique on this node
  Duration max_age{0};
};

/// How the call of a caller ended that led; or a caller that waits goes away. No answer.
struct CacheEnd {
  cache::Digest key;
  cache::Ticket ticket = 0;
  cache::End how;
};

/// Another node speaks; no answer.
struct CacheHeard {
  std::string from;
  cache::Message message;
};

/// Who is in the ring beside this node, and what one shard may keep; no answer.
struct CacheRing {
  std::vector<std::string> others;
};
struct CacheLimits {
  cache::Shelf::Limits limits;
};

/// Look for deadlines of other nodes; no answer. Needed only while the cell is `restless`.
struct CacheTick {};

using CacheHandle =
    caf::typed_actor<caf::replies_to<CacheAsk>::with<cache::Told>, caf::reacts_to<CacheEnd>,
                     caf::reacts_to<CacheHeard>, caf::reacts_to<CacheRing>, caf::reacts_to<CacheLimits>,
                     caf::reacts_to<CacheTick>, caf::replies_to<Inspect>::with<ActorInfo>>;

/// One shard; outlives its actor, so that a crash loses no entry. `shard` belongs to the actor.
struct CacheCell {
  using Send = std::function<void(const std::string& to, const cache::Message&)>;
  CacheCell(std::size_t number, std::string node)
      : name(std::to_string(number)), shard(std::move(node), {}) {}

  const std::string name;
  cache::Shard shard;
  Send send;                          ///< to other nodes; empty: the node is on its own. Must not wait
  std::atomic<bool> restless{false};  ///< somebody waits, on this node or another
  Door<CacheHandle> door;
};

CacheHandle spawn_cache(caf::actor_system& system, std::shared_ptr<Stage> stage,
                        std::shared_ptr<CacheCell> cell, std::uint64_t restarts);

}  // namespace troupe::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::CacheAsk)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::CacheEnd)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::CacheHeard)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::CacheRing)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::CacheLimits)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::CacheTick)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::cache::Told)
