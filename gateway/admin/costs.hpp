#pragma once
// GET /costs: what was spent, from the ledger, or without one since the start.
#include "core/result.hpp"
#include "gateway/admin/admin.hpp"
#include "gateway/admin/key_view.hpp"
#include "gateway/admin/metrics.hpp"

namespace troupe::admin {

/// provider, model, tenant, key, user, tag or day; `from` and `to` as 2026-11-01, both included, or `days`
/// back from today (30). Fails with words for the operator.
Result<CostQuestion> cost_question(const http::Request& request, WallTime now);

/// {"by","since","costs":[{name,requests,cost_usd,micro_usd,unknown,tokens_in,…}],"total":{…}}: dollars as
/// exact decimals in text, micro-dollars rounded up, calls of unknown price counted apart;
/// null where no price was known. Only by provider, model or tenant; else empty.
Json costs(const Telemetry& telemetry, CostBy by);

}  // namespace troupe::admin
