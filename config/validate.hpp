#pragma once
// What no single field can tell: references, names, safety of the addresses.
#include "config/places.hpp"
#include "config/problem.hpp"
#include "config/types.hpp"

namespace troupe::config {

/// Adds everything that is wrong (problems) or doubtful (warnings) to the lists. `places` may be empty.
void validate(const Config& config, const Places& places, Problems& problems, Problems& warnings);

}  // namespace troupe::config
