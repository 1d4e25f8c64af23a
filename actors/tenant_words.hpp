#pragma once
// What callers are told who are over a limit. Internal to actors/.
#include <cstdint>
#include <string>
#include <string_view>

#include "actors/policy/key_state.hpp"

namespace troupe::actors {

/// `owner` is a tenant, or a key as "vkey/TENANT/KEY". `too_large`: one request asks for more than there is.
std::string over_limit(std::string_view owner, policy::RefusalReason reason, std::int64_t limit,
                       bool too_large);
/// Without the user's name.
std::string user_over_limit(std::string_view tenant, policy::RefusalReason reason, std::int64_t limit,
                            bool too_large);

}  // namespace troupe::actors
