#pragma once
// GET /costs: what was spent since the start.
#include <optional>
#include <string_view>

#include "gateway/admin/key_view.hpp"
#include "gateway/admin/metrics.hpp"

namespace troupe::admin {

enum class CostBy : std::uint8_t { provider, model, tenant };
std::optional<CostBy> cost_by(std::string_view word);

/// {"by","since","costs":[{name,requests,cost_usd,micro_usd,unknown,tokens_in,…}],"total":{…}}: dollars as
/// exact decimals in text, micro-dollars rounded up, calls of unknown price counted apart;
/// null where no price was known.
Json costs(const Telemetry& telemetry, CostBy by);

}  // namespace troupe::admin
