#pragma once
// Calendar periods of budgets (UTC), and the budgets of a configuration at one moment.
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cluster/money/record.hpp"
#include "config/funds.hpp"
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

/// The part of a rolling budget that `wall` is in: an hour of a day, a day of a week or a month.
Period slot_at(config::BudgetPeriod kind, WallTime wall);

/// Everybody's budget now. Around the end of a period both are there: clocks of nodes differ by up to a
/// minute, and money is granted in both. A rolling budget is one for each slot that still counts; those in
/// which nothing is spent any more are `past`. The current one of an owner comes last.
std::vector<Budget> budgets_at(const std::vector<config::SharedFund>& funds, WallTime wall);

/// The current one of each owner.
std::map<std::string, BudgetId> current_of(const std::vector<Budget>& budgets);

/// "2026-11-01": the day on which a second is, UTC.
std::string day_of(Second second);

}  // namespace troupe::money
