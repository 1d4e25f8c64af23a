#pragma once
// A hash that is the same on every machine and in every version.
#include <cstdint>
#include <string_view>

namespace troupe {

/// FNV-1a, 64 bit (draft-eastlake-fnv). `hash` goes on from an earlier text. Not for hash tables that
/// strangers fill, and no proof of anything.
constexpr std::uint64_t fnv1a(std::string_view text, std::uint64_t hash = 14695981039346656037U) {
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  return hash;
}

}  // namespace troupe
