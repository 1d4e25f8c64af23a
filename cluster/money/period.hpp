#pragma once
// Calendar periods of budgets (UTC), and the budgets of a configuration at one moment.
#include <string>
#include <string_view>
#include <vector>

#include "cluster/money/record.hpp"
#include "config/types.hpp"
#include "core/time.hpp"

namespace troupe::money {

struct Period {
  Second from = 0, until = 0;
  bool operator==(const Period&) const = default;
};

/// The day, the week from Monday 00:00, or the month that `wall` is in.
Period period_at(config::BudgetPeriod kind, WallTime wall);

/// XXH3 (64 bits) of owner, kind and first second: a new period is a new record, and so is another kind.
BudgetId budget_id(std::string_view owner, config::BudgetPeriod kind, Second from);

/// Every tenant's budget now. Around the end of a period both are there: clocks of nodes differ by up to a
/// minute, and money is granted in both. The current one of an owner comes last.
std::vector<Budget> budgets_at(const config::Config& config, WallTime wall);

/// The current one of each owner, by name.
std::map<std::string, BudgetId> current_at(const config::Config& config, WallTime wall);

/// "2026-11-01": the day on which a second is, UTC.
std::string day_of(Second second);

std::string_view name(config::BudgetPeriod kind);

}  // namespace troupe::money
