#pragma once
// "Did you mean ...": the nearest of the names that exist.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::config {

/// Edits (insert, delete, replace, swap of neighbours) between two names, each cut at 64 bytes.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The nearest of `names` to `wrong`, or "" when none is near enough to be a slip of the finger.
std::string nearest(std::string_view wrong, const std::vector<std::string>& names);

/// `did you mean "x"?`, or `one of: a, b, c` when nothing is near and the list is short, or "".
std::string suggest(std::string_view wrong, const std::vector<std::string>& names);

}  // namespace troupe::config
