#pragma once
// `?format=text`: the same answer for people at a terminal.
#include <string>

#include "gateway/admin/key_view.hpp"

namespace troupe::admin {

/// Scalars as "name: value" lines, each array of objects as an aligned table under its name. Nested values
/// are shortened: windows as "rpm 3/60", objects and lists as compact JSON of at most 48 characters.
std::string to_text(const Json& document);

}  // namespace troupe::admin
