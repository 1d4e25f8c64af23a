#pragma once
// The effective configuration, for people and scripts.
#include <nlohmann/json.hpp>

#include "config/types.hpp"
#include "config/walker.hpp"

namespace troupe::config {

/// Every field with its value in force, in the file's own words ("30s", "20%"). Secrets and header values are
/// "***"; absent ones are left out. Loads again as a configuration where no secret is in it.
nlohmann::ordered_json show(const Config& config);

/// One value in the file's words; null when it is absent.
nlohmann::ordered_json shown(const Value& value);

}  // namespace troupe::config
