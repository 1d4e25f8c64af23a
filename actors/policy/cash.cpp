#include "actors/policy/cash.hpp"

namespace troupe::policy {

Purse::Taken take_all(const std::vector<Hold>& wanted, std::size_t& lacking) {
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const auto taken = wanted[i].purse->take(wanted[i].amount);
    if (taken == Purse::Taken::yes) continue;
    for (std::size_t back = 0; back < i; ++back) wanted[back].purse->settle(wanted[back].amount, 0);
    lacking = i;
    return taken;
  }
  return Purse::Taken::yes;
}

}  // namespace troupe::policy
