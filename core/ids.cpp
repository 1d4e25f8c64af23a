#include "core/ids.hpp"

#include <algorithm>
#include <string_view>

namespace troupe {

std::string make_request_id(WallTime wall, Random& random) {
  const auto millis = static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(wall.time_since_epoch()).count());
  const std::uint64_t high = (millis << 16) | 0x7000 | (random.next() & 0x0fff);
  const std::uint64_t low = 0x8000000000000000ULL | (random.next() >> 2);
  static constexpr char kHex[] = "0123456789abcdef";
  std::string id = "req_";
  id.reserve(36);
  for (int shift = 60; shift >= 0; shift -= 4) id.push_back(kHex[(high >> shift) & 15]);
  for (int shift = 60; shift >= 0; shift -= 4) id.push_back(kHex[(low >> shift) & 15]);
  return id;
}

bool valid_request_id(std::string_view id) {
  return !id.empty() && id.size() <= 128 && std::all_of(id.begin(), id.end(), [](char c) {
    return c > ' ' && c < 127 && c != '"' && c != '\\';
  });
}

}  // namespace troupe
