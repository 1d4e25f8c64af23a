#pragma once
// Problems of a configuration for the admin port.
#include <nlohmann/json.hpp>

#include "config/problem.hpp"

namespace troupe::app {

/// [{line,column,path,message,hint}].
nlohmann::json problems_json(const config::Problems& problems);

}  // namespace troupe::app
