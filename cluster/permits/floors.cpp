#include "cluster/permits/floors.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>

namespace troupe::cluster {
namespace {

/// Whether the node of that session has begun a later one.
bool superseded(const Table& table, const SessionId& session) {
  const auto next = table.accounts().upper_bound(session);
  return next != table.accounts().end() && next->first.node == session.node;
}

}  // namespace

Limits with_floors(const Limits& limits, double share) {
  Limits out;
  for (auto spec : limits) {
    const auto units = static_cast<Units>(std::floor(static_cast<double>(spec.units) * share + 1e-9));
    if (units > 0) {
      out.push_back({floor_of(spec.id), LimitKind::floor, units, spec.window, 1});
      spec.units -= units;
    }
    out.push_back(spec);
  }
  return out;
}

Units even_share(const Table& table, const Book& floors, const NodeName& node, std::size_t least) {
  std::set<NodeName> nodes;
  for (const auto& [id, account] : table.accounts()) nodes.insert(id.node);
  const auto count = static_cast<Units>(std::max({nodes.size(), least, std::size_t{1}}));
  const auto rank = std::distance(nodes.begin(), nodes.lower_bound(node));
  return floors.spec.units / count + (rank < floors.spec.units % count ? 1 : 0);
}

Duration after_loss_of_floor(const Table& table, const Book& floors, const SessionId& account) {
  const auto* limit = table.book(floor_of(floors.spec.id));
  if (!superseded(table, account)) return after_loss(floors.spec, table.timing());
  return limit ? after_loss(limit->spec, table.timing()) : after_loss(floors.spec, table.timing());
}

}  // namespace troupe::cluster
