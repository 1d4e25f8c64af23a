#pragma once
// Budgets for people. Internal to cluster/treasury.
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <vector>

#include "cluster/ledger/cost_book.hpp"
#include "cluster/money/bank.hpp"
#include "config/funds.hpp"

namespace troupe::money {

/// "reading", "lost", "founding", "open"; "" where another node is in office.
std::string_view state_of(const Bank& bank);
/// {"node","allocator","treasury","trouble","budgets":[...]}, in dollars; only budgets of this moment.
nlohmann::json budgets_json(const Bank& bank, const std::vector<config::SharedFund>& funds,
                            const Office& office, const std::map<std::string, BudgetId>& current);
/// {"by","from","until","costs":[{name,requests,...,share}],"total":{...}}: dollars as exact decimals in
/// text, micro-dollars rounded up; the dearest first, days in order.
nlohmann::json costs_json(const ledger::CostBook& book, const std::optional<ledger::CostBy>& by,
                          std::int64_t from, std::int64_t until);
/// Spent and in doubt over the cap; at most what the treasurer said last.
double used_ratio(const Account& account);

}  // namespace troupe::money
