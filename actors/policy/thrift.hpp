#pragma once
// What is done while the end of a budget is near.
#include <vector>

#include "actors/policy/pick.hpp"

namespace troupe::policy {

/// 0 up to four fifths of a budget, then growing; just below 1 at its end. Only a call that cannot be paid
/// otherwise is given 1.
double thrift_of(double used);

/// Dearer candidates lose weight: by the square of how much dearer they are than the cheapest, for a thrift
/// of 1. A price that nobody knows counts as the dearest.
void favour_cheap(std::vector<Candidate>& candidates, double thrift);

}  // namespace troupe::policy
