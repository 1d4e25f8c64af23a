#pragma once
// Signals as a queue that the main thread waits on.
#include <csignal>

#include "core/time.hpp"

namespace troupe::app {

/// Blocks SIGINT, SIGTERM and SIGHUP in this thread and all that it starts later, so that only wait() sees
/// them; SIGPIPE is ignored.
class Signals {
 public:
  Signals();
  /// The next signal.
  int wait();
  /// True when SIGINT or SIGTERM is waiting; takes it.
  bool end_asked();

 private:
  sigset_t set_;
};

}  // namespace troupe::app
