#pragma once
// Integers as networks write them. For the .cpp files of this room.
#include <cstdint>
#include <string>
#include <string_view>

namespace troupe::cloud {

/// The unsigned integer in all of `bytes` (at most 8).
inline std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

/// Appends the low `size` bytes of `value`.
inline void append_big_endian(std::string& out, std::uint64_t value, std::size_t size) {
  while (size-- > 0) out.push_back(static_cast<char>(value >> (8 * size) & 255));
}

}  // namespace troupe::cloud
