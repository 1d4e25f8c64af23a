// config/prices.json inside the binary. The build names the file and recompiles this one when it changes.
#include "config/embedded_prices.hpp"

asm(".pushsection .rodata\n"
    ".global troupe_prices_begin\n"
    ".global troupe_prices_end\n"
    "troupe_prices_begin:\n"
    ".incbin \"" TROUPE_PRICES_FILE
    "\"\n"
    "troupe_prices_end:\n"
    ".byte 0\n"
    ".popsection\n");

extern "C" {
extern const char troupe_prices_begin[];
extern const char troupe_prices_end[];
}

namespace troupe::config {

std::string_view embedded_prices() {
  return {troupe_prices_begin, static_cast<std::size_t>(troupe_prices_end - troupe_prices_begin)};
}

}  // namespace troupe::config
