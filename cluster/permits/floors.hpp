#pragma once
// Floors: of each limit, slots that stay with a node while it is cut off. Beside the limit they are a limit
// of their own, so that elections, copies, restarts and amnesia are the same (docs/protocol.md, Floors).
#include "cluster/permits/table.hpp"

namespace troupe::cluster {

/// The limit of the floors of `limit`; of that one, `limit` again.
constexpr LimitId floor_of(LimitId limit) {
  return limit ^ 0xf100f100f100f100;
}

/// Each limit less its floors, and the floors: the whole part of `share` of it. What is too small for one
/// unit has none.
Limits with_floors(const Limits& limits, double share);

/// How many slots a node deserves: as many as any other that the account knows, or `least` nodes if these are
/// more; what does not divide goes to the first by name.
Units even_share(const Table& table, const Book& floors, const NodeName& node, std::size_t least);

/// How much of a book can still be in use: more than its units while it is in debt.
inline Units outstanding(const Book& book) {
  return book.spec.units + std::max<Units>(0, -book.pool);
}

/// How long the slots that `account` held stay out of reach, counted from the end of its lease, or from the
/// beginning of its node's next session: from then on nobody uses them any more.
Duration after_loss_of_floor(const Table& table, const Book& floors, const SessionId& account);

}  // namespace troupe::cluster
