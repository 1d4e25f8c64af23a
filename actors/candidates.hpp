#pragma once
// A request and a route become candidates to pick from. Internal to actors/.
#include <string>
#include <vector>

#include "actors/policy/pick.hpp"
#include "actors/snapshot.hpp"
#include "core/time.hpp"

namespace troupe::actors {

/// Writes one candidate per endpoint of `route`, in its order: prices, the keys' gauges, adapted weights, and
/// what the request itself rules out.
void fill_candidates(const AliasRoute& route, const RouteAsk& ask, Time now,
                     std::vector<policy::Candidate>& out);

/// For work that leaves a share of each key's limits alone: keys that have no more than that are busy. What
/// a gauge does not show the key itself says, and so does an idle key, whose gauge may be old.
void leave_reserve(double share, Time now, std::vector<policy::Candidate>& candidates);

/// What the policy needs to know of the request.
policy::PickAsk pick_ask(const AliasRoute& route, const RequestFacts& facts);

/// "p/a: no_capacity, p/b: breaker_open": at most eight, then how many more.
std::string list_rejections(const AliasRoute& route, const std::vector<policy::Score>& scores);

}  // namespace troupe::actors
