#pragma once
// The actor that starts, restarts and ends all others, and puts a new configuration in force. Internal to
// actors/.
#include <atomic>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/typed_actor.hpp>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "actors/cells.hpp"
#include "actors/door.hpp"
#include "actors/prober_actor.hpp"
#include "actors/router_actor.hpp"
#include "actors/snapshot.hpp"
#include "actors/traced.hpp"

namespace troupe::actors {

/// Everything the supervisor keeps alive. Filled before it starts; afterwards only the supervisor writes.
struct Cast {
  /// An actor that crashed so often stays down until the node restarts.
  static constexpr std::uint64_t kMaxRestarts = 1000;

  std::shared_ptr<Stage> stage;
  std::shared_ptr<const config::PriceCatalogue> prices;
  std::uint64_t seed = 1;
  Cells cells;
  std::vector<std::unique_ptr<Door<RouterHandle>>> routers;  ///< by I/O thread
  Door<ProberHandle> prober;
  IsProber is_prober = {};  ///< empty: this node probes every key

  /// The revision in force; locked because waiting lines are looked up here by sessions that wait anyway.
  std::shared_ptr<const Snapshot> snapshot() const;
  void put_in_force(std::shared_ptr<const Snapshot> snapshot);
  /// Replaces `known` where it is not the revision in force; the lock is taken only then.
  void refresh(std::shared_ptr<const Snapshot>& known) const;

  Cast(std::shared_ptr<Stage> shared_stage, std::uint64_t first_seed)
      : stage(std::move(shared_stage)), seed(first_seed), cells(*stage->clock, seed) {}

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Snapshot> snapshot_;
  std::atomic<std::uint64_t> revision_{0};  ///< of snapshot_
};

/// Puts `config` in force as a whole: keys and aliases that stay keep their actors and state, new ones start,
/// removed ones end. No answer.
struct Apply {
  std::shared_ptr<const config::Config> config;
};

/// Ends all children, then itself; no answer.
struct Curtain {};

using SupervisorHandle = caf::typed_actor<caf::reacts_to<Apply>, caf::reacts_to<Curtain>,
                                          caf::replies_to<Inspect>::with<ActorInfo>>;

/// Starts the actors for `config` before it returns, and the supervisor that keeps them.
SupervisorHandle spawn_supervisor(caf::actor_system& system, std::shared_ptr<Cast> cast,
                                  std::shared_ptr<const config::Config> config, std::size_t threads);

}  // namespace troupe::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::Apply)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::Curtain)
