#pragma once
// `troupe budgets` and `troupe costs`: what was spent. They print and return the exit code.
#include <string>

#include "app/cli/context.hpp"
#include "app/cli/node.hpp"

namespace troupe::cli {

int run_budgets(const Context& context);
/// GET /budgets as a table. Pure.
std::string budgets_table(const Json& body, bool color);
/// `query`: "?by=tag&days=7".
int run_costs(const Context& context, const std::string& query);
/// GET /costs as a table. Pure.
std::string costs_table(const Json& body, bool color);

}  // namespace troupe::cli
