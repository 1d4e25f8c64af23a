#pragma once
// A dry run of routing, told to an operator.
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <vector>

#include "actors/policy/pick.hpp"
#include "actors/snapshot.hpp"

namespace troupe::actors {

/// {"alias","strategy","chosen","candidates":[...],"fallbacks":[...]}; `chosen` is the position picked, null
/// in the JSON without one.
nlohmann::json explain_route(const AliasRoute& route, const std::vector<policy::Candidate>& candidates,
                             const std::vector<policy::Score>& scores, std::optional<std::size_t> chosen);

/// "headroom", as the configuration spells it.
std::string_view name(config::Strategy strategy);

}  // namespace troupe::actors
