#pragma once
// A finished request as JSON: a row of GET /requests, and its timeline for GET /requests/{id}.
#include <string>

#include "core/time.hpp"
#include "gateway/admin/key_view.hpp"
#include "gateway/admin/request_record.hpp"

namespace troupe::admin {

/// "2026-11-21T05:04:28.123Z" (RFC 3339, UTC).
std::string iso_time(WallTime at);

/// Milliseconds with three decimals.
double millis(Duration span);

/// {id,started,tenant,model,status,fault,stream,route,provider,key,upstream_model,attempts,…,cost_usd};
/// cost_usd is null where the price is unknown or nothing was called.
Json summary(const RequestRecord& record);

/// The same with `attempts` in full and `timeline:[{at_ms,took_ms,what,…}]`, in order of time.
Json detail(const RequestRecord& record);

}  // namespace troupe::admin
