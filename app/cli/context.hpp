#pragma once
// What every verb knows: where the node is, how to print, and the exit codes.
#include <chrono>
#include <iosfwd>
#include <string>

#include "core/time.hpp"

namespace troupe::cli {

enum Exit : int {
  done = 0,
  failed = 1,
  usage = 2,
  config_invalid = 3,
  unreachable = 4,
  unauthorised = 5,
  partly = 6,
  interrupted = 130,
};

struct Globals {
  std::string admin = "http://127.0.0.1:9901", api = "http://127.0.0.1:8080", token;
  std::string node;             ///< whom to ask through the node that answers; "all", a name, or empty
  std::string timeout = "60s";  ///< for connecting, and between bytes of an answer
  bool json = false, no_color = false, quiet = false;
  int verbose = 0;
};

/// Passed to every verb; streams are borrowed, so that tests can read what was printed.
struct Context {
  Globals globals;
  std::string version;  ///< "0.1.0 (abc1234)"; empty: the project's
  std::ostream* out = nullptr;
  std::ostream* err = nullptr;
  bool tty = false;           ///< out is a terminal
  bool env_no_color = false;  ///< NO_COLOR is set
  int exit_code = done;       ///< of the verb that ran

  bool color() const { return tty && !globals.no_color && !env_no_color; }
};

/// Prints to the process's own streams, in colour where out is a terminal and NO_COLOR is not set.
void adopt_process(Context& context);

/// The --timeout of the command line; 60 s when it is no duration.
Duration timeout_of(const Globals& globals);

}  // namespace troupe::cli
