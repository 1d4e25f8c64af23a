#pragma once
// POST /routes/explain: what would be asked of the router.
#include <nlohmann/json.hpp>
#include <string>

#include "actors/routing.hpp"
#include "config/routing.hpp"
#include "core/result.hpp"
#include "core/time.hpp"

namespace troupe::admin {

/// What the router is asked, and how the configuration's rules led to it.
struct Question {
  actors::RouteAsk ask;
  std::string asked;     ///< the model's name before any rule
  nlohmann::json rules;  ///< [{"when","to","holds","allowed","chosen"}], in their order
};

/// A chat completion body (has `messages`; facts are taken from it as the API port does), or {"model"} with
/// any of input_tokens, output_tokens, stream, tools, images, json_schema, tenant, provider, key, fallback,
/// max_cost_usd, max_latency_ms. Unknown or mistyped fields are caller_bad_request naming the field.
/// A body may also say what headers say otherwise: `task`, `tags`. What only a real request has (headers, its
/// share, use of a budget) is empty for the rules.
Result<Question> explain_ask(const std::string& body, const config::Config& config, WallTime wall);

}  // namespace troupe::admin
