#pragma once
// How many bytes a message takes.
#include "cluster/permits/messages.hpp"

namespace troupe::simulation {

/// About what the wire format needs.
inline std::size_t size_of(const cluster::Message& message) {
  if (const auto* report = std::get_if<cluster::Report>(&message))
    return 56 + 26 * report->lines.size() +
           (report->claim ? 8 * (report->claim->held.size() + report->claim->used.size()) : 0);
  if (const auto* grant = std::get_if<cluster::Grant>(&message)) return 48 + 14 * grant->lines.size();
  if (const auto* append = std::get_if<cluster::Append>(&message)) {
    std::size_t sum = 48 + 16 * append->changes.size();
    if (append->whole)
      for (const auto& account : append->whole->accounts) sum += 16 + 12 * account.counters.size();
    return sum;
  }
  return 48;
}

}  // namespace troupe::simulation
