#pragma once
// State that outlives actors and configuration revisions: the windows of keys and tenants, the handles to
// reach its actor, the gauges that routers look at. Internal to actors/.
#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "actors/atomic_copy.hpp"
#include "actors/cache_actor.hpp"
#include "actors/door.hpp"
#include "actors/key_actor.hpp"
#include "actors/letter_box.hpp"
#include "actors/line_actor.hpp"
#include "actors/policy/adaptive_weight.hpp"
#include "actors/policy/key_state.hpp"
#include "actors/policy/users/users.hpp"
#include "actors/routing.hpp"
#include "actors/tenant_actor.hpp"
#include "core/random.hpp"
#include "core/time.hpp"

namespace troupe::actors {

/// What is told to an actor beside its mailbox, so that a crash loses none of it.
using Letter = std::variant<Settlement, Begun, policy::Hearsay, policy::Claimant>;

/// One provider key on this node. The first block belongs to the key's actor, whichever lives; the rest is
/// for all.
class KeyCell {
 public:
  KeyCell(std::string key_id, const config::Key& key, const config::Breaker& breaker, std::uint64_t seed,
          Time now)
      : id(std::move(key_id)), state(key.limits, breaker), random(seed), configured(key) {
    gauge.store(state.gauge(now));
  }

  const std::string id;  ///< "provider/key"
  policy::KeyState state;
  Random random;
  config::Key configured;                             ///< what `state` was told last
  std::function<policy::Shares()> shares;             ///< empty: the node is on its own
  std::function<void(const policy::Evidence&)> tell;  ///< what it learnt, for other nodes; may be empty

  AtomicCopy<policy::KeyGauge> gauge;  ///< published by the actor after every change
  LetterBox<Letter> letters;           ///< on their way to the actor
  std::atomic<bool> on_stage{true};    ///< false between a crash and the restart
  Door<KeyHandle> door;
};

/// How nodes tell each other of the users of tenants.
struct UserLink {
  using Send = std::function<void(const std::string& to, const users::Message&)>;
  std::string node = {};
  std::uint64_t boot = 0;  ///< of this process; later ones of the node have larger ones
  Send send = {};          ///< to other nodes; empty: the node is on its own. Must not wait
};

/// One tenant or virtual key that has, or had, limits. All but letters, door and `restless` belong to the
/// tenant's actor. A tenant has no breaker: nothing that is settled opens the one in `state`.
struct TenantCell {
  TenantCell(std::string tenant, const config::Limits& most, const config::Limits& most_per_user,
             UserLink user_link, std::uint64_t seed)
      : name(std::move(tenant)),
        limits(most),
        state(most, config::Breaker{}),
        link(std::move(user_link)),
        users(name, most_per_user, link.node),
        random(seed) {
    users.boot(link.boot);
  }

  const std::string name;
  config::Limits limits;                   ///< what `state` was told last
  std::function<policy::Shares()> shares;  ///< empty: the node is on its own
  policy::KeyState state;
  UserLink link;
  users::Users users;
  users::Ticket tickets = 0;                                     ///< the last that was asked for in `users`
  std::unordered_map<policy::PermitId, users::Ticket> of_users;  ///< by the tenant's permit
  std::atomic<bool> restless{false};                             ///< `users` want to be ticked
  Random random;

  LetterBox<Letter> letters;  ///< on their way to the actor
  Door<TenantHandle> door;
};

/// The waiting line of an alias or provider.
struct LineCell {
  explicit LineCell(std::string line_name) : name(std::move(line_name)) {}

  const std::string name;
  std::atomic<std::uint32_t> waiting{0};  ///< how many stand in line, whoever has the turn included
  /// By class: how many of it and of higher ones.
  std::array<std::atomic<std::uint32_t>, policy::WaitingLine::kClasses> ahead{};
  std::atomic<config::RequestClass> turn{config::RequestClass::batch};  ///< the lowest that may ask
  std::atomic<std::int64_t> max_length{1000};                           ///< more are turned away
  std::int64_t limit() const { return max_length.load(std::memory_order_relaxed); }
  /// Whether a request of that class is not to ask now.
  bool others_first(config::RequestClass priority, bool in_line) const {
    if (in_line) return priority > turn.load(std::memory_order_relaxed);
    return ahead[static_cast<std::size_t>(priority)].load(std::memory_order_relaxed) > 0;
  }
  Door<LineHandle> door;
};

/// How much an endpoint's weight has been adapted. Shared by threads; a lost update does no harm.
struct RouteWeight {
  AtomicCopy<policy::AdaptiveWeight> weight;
  void learn(const Settlement& settlement);
};

/// All cells of a node, by name, for as long as it runs: a key that is removed and comes back still knows
/// what it sent in the last minute. Used by the supervisor only.
class Cells {
 public:
  Cells(const Clock& clock, std::uint64_t seed) : clock_(clock), seed_(seed) {}

  using ShareSource = std::function<policy::Shares(const std::string& owner)>;
  /// Before the first cell is made: limits are shared with other nodes.
  void share_by(ShareSource source) { shares_ = std::move(source); }

  /// Before the first cell is made.
  void link_users(UserLink link) { users_ = std::move(link); }

  using Teller = std::function<void(const std::string& key, const policy::Evidence&)>;
  /// Before the first cell is made: what keys learn is told to other nodes.
  void tell_by(Teller teller) { teller_ = std::move(teller); }

  /// The cell of `id`, created with this configuration where there is none.
  std::shared_ptr<KeyCell> key(const std::string& id, const config::Key& key, const config::Breaker& breaker);
  std::shared_ptr<LineCell> line(const std::string& name, const config::Queue& queue);
  std::shared_ptr<RouteWeight> weight(const std::string& endpoint);
  std::shared_ptr<TenantCell> tenant(const std::string& name, const config::Limits& limits,
                                     const config::Limits& per_user);
  using Tenants = std::unordered_map<std::string, std::shared_ptr<TenantCell>>;
  /// Everybody who ever had limits.
  const Tenants& tenants() const { return tenants_; }
  /// Before the first desk: so many shards of `node`'s cache.
  void open_caches(std::size_t shards, const std::string& node, const CacheCell::Send& send);
  const std::vector<std::shared_ptr<CacheCell>>& caches() const { return caches_; }
  /// The shard that a key belongs to, on any thread; nullptr before open_caches().
  const std::shared_ptr<CacheCell>& cache_of(const cache::Digest& key) const;
  /// At the end: lets go of all handles.
  void close();

 private:
  std::function<policy::Shares()> shares_of(std::string owner) const;

  const Clock& clock_;
  std::uint64_t seed_;
  ShareSource shares_;
  Teller teller_;
  UserLink users_{"node-1"};
  std::unordered_map<std::string, std::shared_ptr<KeyCell>> keys_;
  std::unordered_map<std::string, std::shared_ptr<LineCell>> lines_;
  std::unordered_map<std::string, std::shared_ptr<RouteWeight>> weights_;
  Tenants tenants_;
  std::vector<std::shared_ptr<CacheCell>> caches_;
};

}  // namespace troupe::actors
