#pragma once
// POST /routes/explain: what would be asked of the router.
#include <string>

#include "actors/routing.hpp"
#include "core/result.hpp"

namespace troupe::admin {

/// A chat completion body (has `messages`; facts are taken from it as the API port does), or {"model"} with
/// any of input_tokens, output_tokens, stream, tools, images, json_schema, tenant, provider, key, fallback,
/// max_cost_usd, max_latency_ms. Unknown or mistyped fields are caller_bad_request naming the field.
Result<actors::RouteAsk> explain_ask(std::string body);

}  // namespace troupe::admin
