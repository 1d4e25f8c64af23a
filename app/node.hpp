#pragma once
// A running node: I/O threads, actors, the API and admin ports, the embedded mock; started and stopped in
// order.
#include <functional>
#include <memory>
#include <string>

#include "config/load.hpp"
#include "core/result.hpp"

namespace troupe::app {

struct NodeOptions {
  std::string config_path;  ///< empty: from the environment
  config::Environment environment;
};

/// The addresses that were bound.
struct NodeAddresses {
  std::string api, admin;
};

/// Owned by `serve`. All methods from the main thread.
class Node {
 public:
  /// Starts everything; fails with words for the operator, or with every problem of the configuration in
  /// `problems`.
  static Result<std::unique_ptr<Node>> start(const NodeOptions& options,
                                             std::shared_ptr<const config::Config> config);
  virtual ~Node() = default;

  virtual NodeAddresses addresses() const = 0;
  /// Loads the configuration again and puts it in force as a whole, or keeps the old one. True when it was
  /// taken.
  virtual bool reload() = 0;
  /// Fails /readyz, closes idle connections, waits for requests under way up to `server.drain_timeout` (or
  /// until `hurry` says so), then stops everything.
  virtual void drain_and_stop(const std::function<bool()>& hurry) = 0;
};

}  // namespace troupe::app
