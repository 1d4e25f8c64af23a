#pragma once
// Is a payload fit to be unpacked? Asked before msgpack allocates anything.
#include <cstddef>
#include <string_view>

namespace troupe::link {

/// What one payload may hold. The default admits everything that fits a frame and is not meant to hurt.
struct UnpackLimits {
  std::size_t depth = 16;                   ///< arrays and maps within each other
  std::size_t array = 65536;                ///< elements of one array
  std::size_t map = 65536;                  ///< pairs of one map
  std::size_t text = std::size_t{1} << 20;  ///< bytes of one string, binary or extension
  std::size_t values = 1 << 20;             ///< values altogether
};

/// True when `bytes` are exactly one msgpack object within the limits. Allocates a few bytes per level at
/// most. msgpack-c's own limits are looked at only after it has reserved memory for what an array claims.
bool fit_to_unpack(std::string_view bytes, const UnpackLimits& limits = {});

}  // namespace troupe::link
