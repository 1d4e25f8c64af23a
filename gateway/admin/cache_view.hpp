#pragma once
// What the cache holds and what it was good for, for GET /cache.
#include <vector>

#include "actors/company.hpp"
#include "config/types.hpp"
#include "gateway/admin/key_view.hpp"

namespace troupe::admin {

/// {"exact":{on, ttl_s, entries, bytes, max_bytes, hits, joined, evicted, waiting, saved_usd},
/// "semantic":{...}, "tenants":[{kind, tenant, entries, bytes, hits, saved_usd}]}: the sum of this node's
/// shards.
Json cache_view(const config::Config& config, const std::vector<actors::ActorInfo>& actors);

}  // namespace troupe::admin
