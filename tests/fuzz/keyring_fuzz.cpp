// Any bytes as a message about virtual keys: no crash, no other family, and what was understood is written
// back to the same message.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "cluster/wire/codec.hpp"
#include "cluster/wire/keyring.hpp"

using namespace troupe;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto message = wire::decode_keyring(input);
  if (!message) return 0;
  if (!wire::is_keyring(input) || wire::decode(input)) __builtin_trap();
  const auto bytes = wire::encode(*message);
  const auto again = wire::decode_keyring(bytes);
  if (!again || wire::encode(*again) != bytes) __builtin_trap();
  return 0;
}
