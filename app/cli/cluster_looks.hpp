#pragma once
// GET /cluster and /cluster/shares as tables. Pure.
#include <string>

#include "app/cli/node.hpp"

namespace troupe::cli {

/// A row for each member as the asked node sees it, under a line about that node itself.
std::string members_table(const Json& body, bool color);
/// A row for each limit: what the asked node holds, and, asked at the allocator, the whole account.
std::string shares_table(const Json& body, bool color);

}  // namespace troupe::cli
