#pragma once
// The node's virtual keys between the locksmith, who keeps them, and the threads that they are in force on.
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "app/node_state.hpp"
#include "cluster/engine/engine.hpp"
#include "cluster/locksmith/locksmith.hpp"
#include "config/types.hpp"
#include "core/result.hpp"
#include "gateway/admin/admin.hpp"

namespace troupe::app {

/// A configuration as it is to be put in force: the file's, and the keys that were made since.
struct InForce {
  std::shared_ptr<const config::Config> file, whole;
  bool keys_known = true;
  std::uint64_t generation = 0;
};

/// Owned by the node; outlives the cluster, and ends before the threads do.
class VirtualKeys {
 public:
  /// Puts it in force on every thread; the token goes when all threads have it. On I/O thread 0.
  using Apply = std::function<void(const InForce& force, std::shared_ptr<void> token)>;

  /// nullptr where the configuration has no store. Fails with words for the operator.
  static Result<std::unique_ptr<VirtualKeys>> open(NodeState& state, boost::asio::io_context& first);

  /// From now on changes are put in force; the first time before it returns. Not on an I/O thread.
  void begin(Apply apply);
  /// Nothing is put in force any more when it has returned.
  void stop() { smith_->stop(); }

  /// `file` with the keys of this moment; without any while revocations may be unknown here.
  InForce complete(std::shared_ptr<const config::Config> file) const;
  /// Puts it in force on every thread. I/O thread 0.
  void put_in_force(std::shared_ptr<const config::Config> file);
  /// False while a key that was made elsewhere, or revoked, may be unknown here.
  bool ready() const { return *ready_; }

  void connect(cluster::Engine& engine);
  void heard(const std::string& from, const keyring::Message& message) { smith_->heard(from, message); }
  /// The admin port's callbacks.
  void serve(admin::AdminContext& context);

 private:
  VirtualKeys(NodeState& state, boost::asio::io_context& first) : state_(state), first_(first) {}
  void changed();
  void apply(const InForce& force);
  void change(const admin::AdminContext::KeyChange& wanted, locksmith::Locksmith::Done done);

  NodeState& state_;
  boost::asio::io_context& first_;
  std::mutex mutex_;  ///< apply_ until begin() has set it
  Apply apply_;
  // Shared with what waits in the threads' queues.
  std::shared_ptr<std::atomic<bool>> ready_ = std::make_shared<std::atomic<bool>>(false);
  std::shared_ptr<locksmith::Locksmith> smith_;
};

/// The admin port of a node without a store says what to configure.
void refuse_keys(admin::AdminContext& context);

}  // namespace troupe::app
