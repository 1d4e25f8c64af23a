#pragma once
// Calls as the ledger keeps them: those of one minute that differ in nothing but their size are one line.
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "cluster/ledger/store.hpp"

namespace troupe::ledger {

/// What calls of one payer to one model came to in one minute.
struct Line {
  std::int64_t minute = 0, at = 0;  ///< since 1970 (UTC): minutes; milliseconds, of the first
  std::string tenant, key, user, tags, provider, model;
  bool estimated = false;
  std::int64_t calls = 0, unknown = 0;  ///< unknown: those whose price is; they add nothing to `cost`
  std::int64_t input = 0, output = 0;
  money::Picos cost = 0;
  struct Charge {
    money::Picos cost = 0;
    std::int64_t calls = 0;
  };
  std::map<money::BudgetId, Charge> charges;
};

/// At thousands of calls a second a row for each would fill a disk in days, and tells no more than these: in
/// the order of their first calls. What counts in no budget is left out.
std::vector<Line> lines_of(const std::vector<Entry>& entries);

}  // namespace troupe::ledger
