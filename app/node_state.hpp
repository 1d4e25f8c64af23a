#pragma once
// What the ports of a node share about its configuration and its life.
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "actors/policy/cache/messages.hpp"
#include "app/node.hpp"
#include "config/load.hpp"
#include "config/types.hpp"

namespace troupe::cluster {
class Engine;
}

namespace troupe::money {
class Treasury;
}

namespace troupe::app {

/// A wait that is no sleep: for the few places of start and stop that look again after a moment.
class Pause {
 public:
  void wait(Duration span);

 private:
  std::mutex mutex_;
  std::condition_variable condition_;
};

struct NodeState {
  explicit NodeState(NodeOptions o) : options(std::move(o)) {}

  /// The configuration in force. Any thread.
  std::shared_ptr<const config::Config> config_now() const;
  /// Reads the file (or the environment) again. Runs on I/O thread 0.
  config::LoadResult load() const;
  /// load(), completed with what runs inside this process: ready to be put in force. I/O thread 0.
  config::LoadResult load_whole() const;
  /// Puts it in force on every thread, as the next revision. I/O thread 0.
  void take(std::shared_ptr<const config::Config> next);
  /// Loads and, if good, puts it in force on every thread. Runs on I/O thread 0.
  config::LoadResult reload();

  const NodeOptions options;
  cluster::Engine* cluster = nullptr;  ///< null: a node on its own; set before any port opens
  /// Null: no store, no budgets. Set before any port opens.
  money::Treasury* treasury = nullptr;
  std::string node = "node-1";
  std::shared_ptr<const config::Config> config;  ///< guarded by mutex after start
  mutable std::mutex mutex;
  std::atomic<std::uint64_t> revision{1};
  std::atomic<bool> last_reload_ok{true};
  std::atomic<bool> draining{false};
  /// Completes a configuration with what runs inside this process (the embedded mock's address).
  std::function<Result<std::shared_ptr<const config::Config>>(std::shared_ptr<const config::Config>)> prepare;
  std::function<void(std::shared_ptr<const config::Config>)> put_in_force;
  std::function<void(bool)> set_draining;
  /// Tells every other node something of the cache; empty: a node on its own. Any thread.
  std::function<void(const cache::Message&)> tell_cache;
  /// Forgets the semantic cache of this node.
  std::function<void(const std::optional<std::string>& tenant)> flush_meanings;
};

/// The same as one JSON-ready line per problem in the log.
void log_problems(const config::Problems& problems);

}  // namespace troupe::app
