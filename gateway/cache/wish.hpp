#pragma once
// What one caller says of caching: x-troupe-cache, and how an answer says it back.
#include <optional>
#include <string>
#include <string_view>

#include "core/time.hpp"

namespace troupe::cache {

/// `x-troupe-cache: no-store`, `no-cache`, `ttl=60`, or several of them with commas.
struct Wish {
  bool look = true;             ///< take an answer that is there, or that somebody else is getting
  bool store = true;            ///< keep this one for others
  std::optional<Duration> ttl;  ///< keep it so long, and take none that is older
};

/// Longer ones are taken for this.
inline constexpr Duration kLongestTtl = std::chrono::hours(24 * 30);

/// "" wishes nothing. nullopt: not understood.
std::optional<Wish> read_wish(std::string_view text);

}  // namespace troupe::cache
