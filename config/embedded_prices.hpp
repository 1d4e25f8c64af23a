#pragma once
// The text of config/prices.json as it was at build time.
#include <string_view>

namespace troupe::config {

std::string_view embedded_prices();

}  // namespace troupe::config
