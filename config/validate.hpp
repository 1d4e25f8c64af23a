#pragma once
// What no single field can tell: references, names, safety of the addresses.
#include "config/environment.hpp"
#include "config/places.hpp"
#include "config/problem.hpp"
#include "config/types.hpp"

namespace troupe::config {

/// Adds everything that is wrong (problems) or doubtful (warnings) to the lists. `places` may be empty.
/// `environment` is asked whether the cluster's TLS files can be read.
void validate(const Config& config, const Environment& environment, const Places& places, Problems& problems,
              Problems& warnings);

}  // namespace troupe::config
