#pragma once
// `troupe budgets`: what tenants have spent. Prints and returns the exit code.
#include <string>

#include "app/cli/context.hpp"
#include "app/cli/node.hpp"

namespace troupe::cli {

int run_budgets(const Context& context);
/// GET /budgets as a table. Pure.
std::string budgets_table(const Json& body, bool color);

}  // namespace troupe::cli
