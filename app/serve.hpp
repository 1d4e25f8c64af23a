#pragma once
// `troupe serve`: the node until a signal ends it.
#include <string>

namespace troupe::app {

struct ServeOptions {
  std::string config_path;  ///< empty: from the environment
  std::string log_level;    ///< empty: as configured
};

/// Runs until SIGTERM or SIGINT (drains; a second one hurries); SIGHUP reloads. Answers the exit code: 0, 1
/// could not start, 3 configuration invalid.
int serve(const ServeOptions& options);

}  // namespace troupe::app
