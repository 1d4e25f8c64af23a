#pragma once
// A request without what does not change its answer: order of members, blanks, spelling of numbers and
// strings, and who asks.
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace troupe::cache {

/// Bodies that are longer are not cached: their hash would hold up everybody else on the thread.
inline constexpr std::size_t kLargestRequest = std::size_t{1} << 20;

/// Appends the canonical form of the JSON object `body`: every value with its type and length, members sorted
/// by name, numbers by value, strings decoded. Two bodies have the same form exactly when they say the same;
/// it is no JSON, and meant to be hashed. Left out at the top level are members of which left_out() is true.
/// False, and nothing useful in `out`, for what is no JSON object, and where a member of `refused` says
/// something (it is neither null nor false).
bool append_canonical(std::string_view body, std::string& out,
                      std::span<const std::string_view> refused = {});

/// Members that do not change the answer (`user`, `metadata`, `safety_identifier`, `prompt_cache_key`,
/// `prompt_cache_retention`), that stand in the key in another way (`model`, `stream`, `stream_options`), and
/// Troupe's own.
bool left_out(std::string_view member);

}  // namespace troupe::cache
