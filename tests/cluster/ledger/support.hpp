#pragma once
// What the tests of the ledger write, and where.
#include "cluster/ledger/store.hpp"

#include "tests/support/folder.hpp"

namespace troupe::ledger {

using troupe::testing::Folder;

inline Entry entry(money::BudgetId budget, money::Picos cost) {
  Entry out;
  out.charges = {{budget, WallTime(std::chrono::seconds(1000)), cost}};
  auto& expense = out.expense;
  expense.at = WallTime(std::chrono::seconds(5));
  expense.tenant = "team";
  expense.provider = "openai";
  expense.model = "gpt";
  expense.input = {10};
  expense.output = {20};
  expense.cost = cost;
  return out;
}
inline money::Write block(money::BudgetId budget, money::Picos mark, money::Picos released = 0) {
  return money::BlockWrite{budget, {mark, released, 0, 0, 1000}};
}

}  // namespace troupe::ledger
