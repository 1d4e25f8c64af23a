#pragma once
// One written value into one field: what is expected is said when it does not fit. Internal to the loader.
#include <string>

#include "config/environment.hpp"
#include "config/places.hpp"
#include "config/problem.hpp"
#include "config/walker.hpp"
#include "config/yaml_tree.hpp"

namespace troupe::config {

/// Reads `node` into the field that `value` refers to; leaves it alone and adds a problem at `path` when it
/// does not fit. Values of secrets and of variables are never quoted in a problem.
void read_value(const YamlNode& node, const std::string& path, const Value& value,
                const Environment& environment, Problems& problems, Places& places);

/// What may be written there: "a duration with its unit, as 30s, from 1s to 1h".
std::string expectation(const Value& value);

}  // namespace troupe::config
