#pragma once
// When what is used of a limit comes back.
#include "cluster/permits/messages.hpp"

namespace troupe::cluster {

/// Fills in `next_ms` and `full_ms` of a line that says what is left: what is reserved or unaccounted for may
/// take a window from now. Both stay 0 for calls at once: they come back when calls end.
void foretell(GrantLine& line, const Book& book, Time now);

}  // namespace troupe::cluster
