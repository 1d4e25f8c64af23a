#pragma once
// The words for a budget's period.
#include <string_view>

#include "config/governance.hpp"

namespace troupe::config {

/// As the configuration writes it: "day", "week" or "month".
std::string_view name(BudgetPeriod period);

/// What a rolling budget looks back on: "24 hours", "7 days" or "30 days".
std::string_view span(BudgetPeriod period);

}  // namespace troupe::config
