#pragma once
// Notes each second that this node takes part in an account. Internal to cluster/engine.
#include "cluster/engine/last_run.hpp"
#include "cluster/permits/messages.hpp"

namespace troupe::cluster {

/// A node that only waits for others has not run: nothing was used. Not thread-safe.
class Diary {
 public:
  /// `alone`: the only voter needs nobody's answer to begin. An empty `store` keeps nothing.
  Diary(const std::string& store, bool alone, const Clock& clock)
      : store_(store), last_(store), clock_(clock), takes_part_(alone) {}

  /// Call before `message` is heard: with the first answer of anybody permits may become usable here.
  void heard(const Message& message);
  void tick();

 private:
  std::string store_;
  LastRun last_;
  const Clock& clock_;
  bool takes_part_;
  Time noted_ = kLongAgo;
};

}  // namespace troupe::cluster
