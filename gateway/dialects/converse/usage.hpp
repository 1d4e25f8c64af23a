#pragma once
// Usage in Converse's words: the input excludes what was read from and written to the cache. For the .cpp
// files of this room.
#include <nlohmann/json.hpp>

#include "core/units.hpp"
#include "gateway/dialects/document.hpp"
#include "gateway/dialects/json.hpp"

namespace troupe::dialects::converse {

Usage read_usage(const Json& usage);
/// The `usage` of a metadata event.
Usage read_usage(const doc::object& usage);
nlohmann::ordered_json usage_json(const Usage& usage);

}  // namespace troupe::dialects::converse
