#pragma once
// One shard of a node's cache as a value: callers, and entries as one of the ring's owners.
#include <string>
#include <string_view>

#include "actors/policy/cache/callers.hpp"
#include "actors/policy/cache/keeper.hpp"
#include "actors/policy/cache/messages.hpp"
#include "actors/policy/cache/ring.hpp"

namespace troupe::cache {

/// What a node says to itself is heard at once; the rest is in `out`. All functions append to both lists.
class Shard {
 public:
  Shard(std::string self, Shelf::Limits limits) : ring_(std::move(self)), keeper_(limits) {}

  void ask(const Digest& key, Ticket ticket, Duration max_age, Time now, Outbox& out, Callers::Telling& told);
  void end(const Digest& key, Ticket ticket, const End& how, Time now, Outbox& out, Callers::Telling& told);
  void hear(const std::string& from, const Message& message, Time now, Outbox& out, Callers::Telling& told);
  void tick(Time now, Outbox& out, Callers::Telling& told);
  /// Who is there now; what moves to another owner is asked for there, entries that lie elsewhere now age
  /// out.
  void use(Ring ring, Time now, Outbox& out, Callers::Telling& told);
  void use(Shelf::Limits limits) { keeper_.shelf().use(limits); }
  /// Whoever waits or leads is forgotten; the entries stay. After a crash of its actor.
  void restart();

  const Ring& ring() const { return ring_; }
  const Shelf& shelf() const { return keeper_.shelf(); }
  Shelf& shelf() { return keeper_.shelf(); }
  const Callers& callers() const { return callers_; }
  std::size_t flights() const { return keeper_.flights(); }
  /// Callers who got the answer of one who led, without a look at the entries.
  std::uint64_t joined() const { return joined_; }

 private:
  void deliver(Time now, Outbox& out, Callers::Telling& told);

  Ring ring_;
  Keeper keeper_;
  Callers callers_;
  std::uint64_t joined_ = 0;
};

}  // namespace troupe::cache
