#pragma once
// Hands on to keys what other nodes said of them. Internal to cluster/engine.
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "cluster/engine/engine.hpp"

namespace troupe::cluster {

/// Thread-safe. Words wait while nobody listens; there are at most as many as there are facts about keys.
class Listener {
 public:
  /// After this has returned the former one is not called any more.
  void listen(Engine::Hear hear);
  void add(const std::string& key, policy::Hearsay word);
  bool waits() const;
  /// Tells what waits. Not while a lock is held: what a key makes of it may come back at once.
  void tell();

 private:
  mutable std::mutex mutex_;
  std::vector<std::pair<std::string, policy::Hearsay>> untold_;  ///< guarded by mutex_
  std::mutex hearing_;                                           ///< hear_; taken before mutex_
  Engine::Hear hear_;
};

}  // namespace troupe::cluster
