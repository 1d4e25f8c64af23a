#include "gateway/admin/explain.hpp"

#include <fmt/format.h>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "gateway/dialects/request.hpp"

namespace troupe::admin {
namespace {

using actors::RequestFacts;
using nlohmann::json;

constexpr std::int64_t kAssumedOutput = 1024;  ///< tokens, where the caller sets no cap
constexpr double kLargest = 1e9;               ///< any number beyond it is a mistake

bool take(const json& value, bool& into) {
  if (!value.is_boolean()) return false;
  into = value.get<bool>();
  return true;
}

bool take(const json& value, std::string& into) {
  if (!value.is_string()) return false;
  into = value.get<std::string>();
  return true;
}

std::optional<double> amount(const json& value) {
  if (!value.is_number()) return {};
  const auto number = value.get<double>();
  return number >= 0 && number <= kLargest ? std::optional(number) : std::nullopt;
}

bool take(const json& value, Tokens& into) {
  const auto number = amount(value);
  if (number) into = {static_cast<std::int64_t>(*number)};
  return number.has_value();
}

bool take_cost(const json& value, RequestFacts& facts) {
  const auto number = amount(value);
  if (number && *number <= 1e6) facts.max_cost = from_dollars(*number);
  return facts.max_cost.has_value();
}

bool take_latency(const json& value, RequestFacts& facts) {
  const auto number = amount(value);
  if (number) facts.max_latency = std::chrono::milliseconds(static_cast<std::int64_t>(*number));
  return number.has_value();
}

using Setter = std::function<bool(const json&, RequestFacts&)>;

/// What each field does; false when its value has the wrong type or is out of range.
const std::map<std::string, Setter, std::less<>>& setters() {
  static const std::map<std::string, Setter, std::less<>> kSetters{
      {"model", [](const json& v, RequestFacts& f) { return take(v, f.model); }},
      {"input_tokens", [](const json& v, RequestFacts& f) { return take(v, f.input); }},
      {"output_tokens", [](const json& v, RequestFacts& f) { return take(v, f.output); }},
      {"stream", [](const json& v, RequestFacts& f) { return take(v, f.stream); }},
      {"tools", [](const json& v, RequestFacts& f) { return take(v, f.tools); }},
      {"images", [](const json& v, RequestFacts& f) { return take(v, f.images); }},
      {"json_schema", [](const json& v, RequestFacts& f) { return take(v, f.json_schema); }},
      {"tenant", [](const json& v, RequestFacts& f) { return take(v, f.tenant); }},
      {"provider", [](const json& v, RequestFacts& f) { return take(v, f.pinned_provider); }},
      {"key", [](const json& v, RequestFacts& f) { return take(v, f.pinned_key); }},
      {"fallback", [](const json& v, RequestFacts& f) { return take(v, f.fallback); }},
      {"max_cost_usd", take_cost},
      {"max_latency_ms", take_latency},
  };
  return kSetters;
}

Result<RequestFacts> from_fields(const json& body) {
  RequestFacts facts;
  facts.output = {kAssumedOutput};
  for (const auto& [name, value] : body.items()) {
    const auto found = setters().find(name);
    if (found == setters().end())
      return fail(Fault::caller_bad_request, fmt::format("unknown field '{}'", name), name);
    if (!found->second(value, facts))
      return fail(Fault::caller_bad_request, fmt::format("field '{}' has a wrong type or value", name), name);
  }
  return facts;
}

Result<RequestFacts> from_chat(std::string body) {
  const auto chat = dialects::parse_request(dialects::Operation::chat, std::move(body));
  if (!chat) return tl::unexpected<Error>(chat.error());
  RequestFacts facts;
  facts.model = chat->model;
  facts.input = chat->input_estimate;
  facts.output = {chat->max_output.value_or(kAssumedOutput)};
  facts.stream = chat->stream;
  facts.tools = chat->tools;
  facts.images = chat->images;
  facts.json_schema = chat->json_schema;
  facts.fallback = chat->fallback.value_or(true);
  if (chat->max_cost_usd) facts.max_cost = from_dollars(*chat->max_cost_usd);
  if (chat->max_latency_ms) facts.max_latency = std::chrono::milliseconds(*chat->max_latency_ms);
  return facts;
}

}  // namespace

Result<actors::RouteAsk> explain_ask(std::string body) {
  const auto parsed = json::parse(body, nullptr, false);
  if (!parsed.is_object()) return fail(Fault::caller_bad_request, "the body must be a JSON object");
  auto facts = parsed.contains("messages") ? from_chat(std::move(body)) : from_fields(parsed);
  if (!facts) return tl::unexpected<Error>(std::move(facts.error()));
  if (facts->model.empty()) return fail(Fault::caller_bad_request, "field 'model' is missing", "model");
  facts->request_id = "explain";
  actors::RouteAsk ask;
  ask.facts = std::make_shared<const RequestFacts>(*std::move(facts));
  return ask;
}

}  // namespace troupe::admin
