// Any bytes as a message about end users: no crash, and what was understood is written back to the same
// message.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "cluster/wire/users.hpp"

using namespace troupe;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto message = wire::decode_users({reinterpret_cast<const char*>(data), size});
  if (!message) return 0;
  const auto bytes = wire::encode(*message);
  const auto again = wire::decode_users(bytes);
  if (!again || wire::encode(*again) != bytes) __builtin_trap();
  return 0;
}
