#pragma once
#include <string_view>

namespace troupe::cli {

/// What `troupe init` prints: a configuration that works as it stands, with the next steps as comments.
std::string_view starter_config();

}  // namespace troupe::cli
