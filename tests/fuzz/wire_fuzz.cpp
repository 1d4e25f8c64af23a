// Any bytes as a message between nodes: no crash, and what was understood is written back to the same
// message.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "cluster/wire/codec.hpp"

using namespace troupe;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto message = wire::decode({reinterpret_cast<const char*>(data), size});
  if (!message) return 0;
  const auto encode = [](const auto& family) { return wire::encode(family); };
  const auto bytes = std::visit(encode, *message);
  const auto again = wire::decode(bytes);
  if (!again || std::visit(encode, *again) != bytes) __builtin_trap();
  return 0;
}
