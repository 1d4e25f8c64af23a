#pragma once
// Changes of one account.
#include "tests/simulation/model/state.hpp"

namespace troupe::simulation::model {

/// `units` come back after `ticks`.
void cool(Account& account, int ticks, int units);
/// One tick. Only who is in office notices the end of a lease, and takes from the lost.
void age(Account& account, bool in_office, const Bounds& bounds, const Rules& rules);
/// A newer session of the node: what the old one held comes back when no call of it can be counted any more.
void retire(Account& account, int agent, const Bounds& bounds, const Rules& rules);
/// Opens a session with what it claims out of the unknown; false when that is not there.
bool open(Account& account, int agent, const Report& report, const Bounds& bounds, const Rules& rules);
/// A report's counters.
void count(Account& account, int agent, const Report& report, int cap, const Bounds& bounds,
           const Rules& rules);
int sum(const Account& account);
/// A new allocator takes `copy` over.
Account taken_over(Account copy, const Bounds& bounds, const Rules& rules);
/// A new allocator knows nothing.
Account cold(const Bounds& bounds, const Rules& rules);

inline int cools_for(const Bounds& bounds, const Rules& rules) {
  return rules.used_permits_cool ? bounds.after_use - (rules.guard ? 0 : 1) : 0;
}
inline int lost_for(const Bounds& bounds, const Rules& rules) {
  return rules.lost_permits_cool ? bounds.after_use : 0;
}

}  // namespace troupe::simulation::model
