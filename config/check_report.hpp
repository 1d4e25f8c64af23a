#pragma once
// What `troupe check-config` prints.
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "config/load.hpp"
#include "config/prices.hpp"
#include "config/types.hpp"

namespace troupe::config {

/// One line each, `file:line:column: path: message (hint)`, and a line that counts them.
std::string report_text(std::string_view file, const Problems& problems);

/// The same with warnings; a valid file is said to be.
std::string report_text(std::string_view file, const LoadResult& result);

/// {"file", "valid", "problems": [{"line","column","path","message","hint"}], "warnings": [...]}
nlohmann::ordered_json report_json(std::string_view file, const LoadResult& result);

/// What a valid configuration means: ports and who may use them, providers with their keys and the limits
/// that hold in sum, models with targets, prices and fallbacks, tenants. No secrets.
std::string explain(const Config& config, const PriceCatalogue& prices);

}  // namespace troupe::config
