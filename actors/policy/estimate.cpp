#include "actors/policy/estimate.hpp"

#include <cstddef>
#include <cstdint>

namespace troupe::policy {
namespace {

// By the first byte of a character: 0xE3 to 0xED begin kana, ideographs and hangul, 0xF0 the rare ones and
// emoji. Continuation bytes count with their first one.
int quarters(unsigned char byte) {
  if (byte < 0x80) return 1;
  if (byte < 0xC0) return 0;
  if (byte < 0xE3) return 2;
  return 4;
}

}  // namespace

Tokens estimate_tokens(std::string_view text) {
  std::int64_t sum = 0;
  for (const char c : text) sum += quarters(static_cast<unsigned char>(c));
  return {(sum + 3) / 4};
}

}  // namespace troupe::policy
