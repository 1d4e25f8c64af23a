#pragma once
// Makes, turns and revokes virtual keys on one node, keeps them in its store, and the copies of the cluster
// equal. No HTTP, no network of its own.
#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "cluster/keyring/messages.hpp"
#include "cluster/locksmith/wish.hpp"
#include "config/types.hpp"
#include "core/result.hpp"
#include "core/time.hpp"

namespace troupe::locksmith {

/// All keys as of one moment.
struct Keys {
  std::uint64_t generation = 0;
  std::vector<keyring::Record> records;
  /// False while a node that has just begun may have missed a revocation: it has neither read a shared store
  /// nor compared its copy with another member, and has not been alone for kLonely either.
  bool known = false;
};

struct LocksmithOptions {
  std::string node;
  config::Store store;  ///< postgres, or else path
  bool alone = true;    ///< no cluster: nobody to compare with
  const Clock* clock = nullptr;
  std::uint64_t seed = 1;
  /// There are other keys now; on the locksmith's thread, at once after a change and then at most each
  /// kPause. Whoever has put them in force on all threads says so with in_force().
  std::function<void(std::shared_ptr<const Keys>)> on_keys;
};

/// Owns two threads: one talks to the store and may wait for it, the other to the cluster. All functions may
/// be called from any thread and wait for neither.
class Locksmith {
 public:
  static constexpr Duration kPause = std::chrono::milliseconds(200);
  static constexpr Duration kPatience = std::chrono::milliseconds(900);  ///< for others to note a change
  static constexpr Duration kLonely = std::chrono::seconds(2);

  /// Reads the store. Fails with words for the operator; a shared store that cannot be reached is no failure.
  static Result<std::unique_ptr<Locksmith>> start(LocksmithOptions options);
  virtual ~Locksmith() = default;

  /// Called once, on the locksmith's thread, when everybody has noted it or kPatience is over:
  /// {"ok":true,"key":{…},"secret":"tr-…","known_by":[…],"missing":[…]}, or {"ok":false,"status","error"} and
  /// nothing has changed. The secret is nowhere else, now and later.
  using Done = std::function<void(nlohmann::json)>;
  virtual void create(Wish wish, Done done) = 0;
  virtual void rotate(std::string id, keyring::Millis grace, Done done) = 0;
  virtual void revoke(std::string id, Done done) = 0;

  virtual std::shared_ptr<const Keys> keys() const = 0;
  virtual void in_force(std::uint64_t generation) = 0;
  /// GET /virtual-keys; a key whose tenant `config` does not have is "orphaned".
  virtual nlohmann::json list(const config::Config& config) const = 0;

  // -- the cluster's side
  using Send = std::function<void(const std::string& to, const keyring::Message& message)>;
  using Others = std::function<std::vector<std::string>()>;
  /// Where messages go, and who is there; called under a lock, must not call back. After connect({}, {}) has
  /// returned the former ones are not called any more.
  virtual void connect(Send send, Others others) = 0;
  virtual void heard(const std::string& from, const keyring::Message& message) = 0;
  /// Calls on_keys no more after it has returned.
  virtual void stop() = 0;
};

}  // namespace troupe::locksmith
