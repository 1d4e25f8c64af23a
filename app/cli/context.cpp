#include "app/cli/context.hpp"

#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "config/measure.hpp"

namespace troupe::cli {

void adopt_process(Context& context) {
  if (context.version.empty()) context.version = TROUPE_VERSION;
  context.out = &std::cout;
  context.err = &std::cerr;
  context.tty = ::isatty(STDOUT_FILENO) == 1;
  const char* no_color = std::getenv("NO_COLOR");
  context.env_no_color = no_color && *no_color;
}

Duration timeout_of(const Globals& globals) {
  return config::parse_duration(globals.timeout).value_or(std::chrono::seconds(60));
}

}  // namespace troupe::cli
