#pragma once
// Budgets for people. Internal to cluster/treasury.
#include <nlohmann/json_fwd.hpp>

#include "cluster/money/bank.hpp"
#include "config/types.hpp"

namespace troupe::money {

/// "reading", "lost", "founding", "open"; "" where another node is in office.
std::string_view state_of(const Bank& bank);
/// {"node","allocator","treasury","trouble","budgets":[...]}, in dollars; only budgets of this moment.
nlohmann::json budgets_json(const Bank& bank, const config::Config& config, const Office& office,
                            const std::map<std::string, BudgetId>& current);
/// Spent and in doubt over the cap; at most what the treasurer said last.
double used_ratio(const Account& account);

}  // namespace troupe::money
