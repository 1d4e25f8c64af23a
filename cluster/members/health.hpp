#pragma once
// What the nodes know together about provider keys: each aspect of a key is one register, and the newest word
// wins. Times travel as what remains of them.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cluster/members/messages.hpp"
#include "cluster/members/news.hpp"
#include "core/random.hpp"
#include "core/time.hpp"

namespace troupe::members {

struct HealthSettings {
  std::string name;                                     ///< this node's
  std::uint64_t incarnation = 0;                        ///< as in Settings
  Duration round = std::chrono::seconds(1);             ///< each fact that holds is repeated in turn
  Duration hot_round = std::chrono::milliseconds(200);  ///< with news
  std::size_t fanout = 2;
  Duration longest = std::chrono::hours(24 * 7);  ///< longer remaining times are cut to it
  /// Over facts are remembered so long, so that late copies do not return; also how long "it works again"
  /// holds.
  Duration remember = std::chrono::minutes(10);
  std::size_t most = 8192;  ///< registers; more are not taken
};

/// A fact as it holds here.
struct Held {
  Fact fact;          ///< its remaining_ms is of the moment it was taken; `until` counts
  Time until;         ///< kNever: until the key's configuration changes
  bool over = false;  ///< its time has passed; kept against late copies
};

/// A register has a new value, or its time is over: what the key's owner must look at.
struct HealthChange {
  Fact fact;
  bool over = false;  ///< it no longer holds
  bool mine = false;  ///< learnt by this node
};

struct HealthStep {
  std::vector<Outgoing> send;
  std::vector<HealthChange> changes;
};

/// What routing wants to know of one key.
struct KeyHealth {
  bool refused = false;            ///< the provider refuses the key until its configuration changes
  Time not_before = Time::min();   ///< of all pauses
  std::optional<Time> open_until;  ///< some node's breaker is open: do not trust the key before your own try
  std::map<Aspect, std::int64_t> limits;  ///< learnt, by window
};

/// Replicated registers by gossip: what is new is told a number of times, what holds is repeated in turn, so
/// a newcomer knows all after a while and at once from whoever it connects to. A value; not thread-safe.
class Health {
 public:
  Health(HealthSettings settings, Time now, std::uint64_t seed);

  /// The keys that exist here and the fingerprint of each one's configuration. Facts of others are dropped.
  HealthStep configure(std::map<std::string, std::uint64_t> keys, Time now);
  /// This node learnt something. `remaining`: absent only for a refused key. Unknown keys are ignored.
  HealthStep note(const std::string& key, Aspect aspect, std::int64_t value,
                  std::optional<Duration> remaining, Time now);
  HealthStep hear(const HealthNews& message, Time now);
  /// Everything that holds, for a node that came.
  HealthStep connected(const std::string& peer, Time now);
  /// At least each 100 ms; `peers` can be sent to.
  HealthStep tick(const std::vector<std::string>& peers, Time now);

  KeyHealth of(const std::string& key, Time now) const;
  /// By key and aspect, those that are over left out.
  std::vector<Held> view(Time now) const;
  std::uint64_t ignored() const { return ignored_; }

 private:
  using Id = std::pair<std::string, Aspect>;

  bool acceptable(const Fact& fact) const;
  void merge(const Fact& fact, Time now);
  void expire(Time now);
  void changed(const Held& held, bool over);
  std::optional<Fact> sendable(const Id& id, Time now) const;
  std::vector<Fact> next_facts(Time now);
  HealthStep done() { return std::exchange(step_, {}); }

  HealthSettings settings_;
  Random random_;
  std::map<std::string, std::uint64_t> keys_;
  std::map<Id, Held> held_;
  News<Id> news_;
  std::size_t peers_ = 0;
  HealthStep step_;
  std::optional<Id> turn_;  ///< the last one that was repeated
  std::uint64_t version_ = 0, ignored_ = 0;
  Time round_at_, hot_round_at_;
};

}  // namespace troupe::members
