#pragma once
// One of many by agreement, without asking: the highest random weight (Thaler and Ravishankar 1998). Who
// knows the same names picks the same one, and a name that comes or goes moves only what is its own.
#include <cstdint>
#include <string_view>
#include <vector>

namespace troupe::members {

/// The same on every machine and in every version: nodes of different builds must agree.
std::uint64_t stable_hash(std::string_view text, std::uint64_t seed = 0);

/// Which of `names` is responsible for `item`; empty when there are none. Views into `names`.
std::string_view elect(std::string_view item, const std::vector<std::string_view>& names);

}  // namespace troupe::members
