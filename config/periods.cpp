#include "config/periods.hpp"

namespace troupe::config {

std::string_view name(BudgetPeriod period) {
  switch (period) {
    case BudgetPeriod::day:
      return "day";
    case BudgetPeriod::week:
      return "week";
    case BudgetPeriod::month:
      break;
  }
  return "month";
}

std::string_view span(BudgetPeriod period) {
  switch (period) {
    case BudgetPeriod::day:
      return "24 hours";
    case BudgetPeriod::week:
      return "7 days";
    case BudgetPeriod::month:
      break;
  }
  return "30 days";
}

}  // namespace troupe::config
