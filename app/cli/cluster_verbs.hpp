#pragma once
// `troupe cluster …`: the members and shares that a node knows of, and certificates for new nodes.
#include <string>
#include <vector>

#include "app/cli/context.hpp"
#include "core/time.hpp"

namespace troupe::cli {

int run_members(const Context& context);
/// Who holds which part of each limit; the whole account where the asked node is the allocator.
int run_shares(const Context& context);
/// Drains the node and says what is left to do: the process itself ends by SIGTERM, and gives its permits
/// back.
int run_leave(const Context& context);

/// Writes NAME.pem and NAME.key for each name into `dir`, by the authority there, which is made where it is
/// missing. Nothing is overwritten: a name that has files is complained about. 6 when only some were made.
int run_certs(const Context& context, const std::string& dir, const std::vector<std::string>& names,
              WallTime now);

}  // namespace troupe::cli
