#include "gateway/admin/explain.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "config/auth.hpp"
#include "gateway/dialects/request.hpp"
#include "gateway/steering/subject.hpp"

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

/// What headers say of a real request.
bool is_circumstance(std::string_view name) {
  return name == "task" || name == "tags";
}

Result<RequestFacts> from_fields(const json& body) {
  RequestFacts facts;
  facts.output = {kAssumedOutput};
  for (const auto& [name, value] : body.items()) {
    if (is_circumstance(name)) continue;
    const auto found = setters().find(name);
    if (found == setters().end())
      return fail(Fault::caller_bad_request, fmt::format("unknown field '{}'", name), name);
    if (!found->second(value, facts))
      return fail(Fault::caller_bad_request, fmt::format("field '{}' has a wrong type or value", name), name);
  }
  return facts;
}

RequestFacts facts_of(const dialects::Request& chat) {
  RequestFacts facts;
  facts.model = chat.model;
  facts.input = chat.input_estimate;
  facts.output = {chat.max_output.value_or(kAssumedOutput)};
  facts.stream = chat.stream;
  facts.tools = chat.tools;
  facts.images = chat.images;
  facts.json_schema = chat.json_schema;
  facts.fallback = chat.fallback.value_or(true);
  if (chat.max_cost_usd) facts.max_cost = from_dollars(*chat.max_cost_usd);
  if (chat.max_latency_ms) facts.max_latency = std::chrono::milliseconds(*chat.max_latency_ms);
  return facts;
}

/// A request that has no body, as far as the rules see it.
dialects::Request request_of(const RequestFacts& facts) {
  dialects::Request made;
  made.operation = dialects::Operation::embeddings;  // nothing to be read
  made.model = facts.model;
  made.input_estimate = facts.input;
  made.max_output = facts.output.count;
  made.stream = facts.stream;
  made.tools = facts.tools;
  made.images = facts.images;
  made.json_schema = facts.json_schema;
  return made;
}

const config::Tenant* tenant_of(const config::Config& config, const std::string& name) {
  const auto at = std::find_if(config.tenants.begin(), config.tenants.end(),
                               [&](const config::Tenant& tenant) { return tenant.name == name; });
  return at == config.tenants.end() ? nullptr : &*at;
}

std::string text(const json& body, const char* name) {
  const auto at = body.find(name);
  return at != body.end() && at->is_string() ? at->get<std::string>() : std::string();
}

/// Asks every rule, so that each can be shown; answers the alias that decides, or what was asked.
std::string ask_rules(const config::Routing& routing, const rules::Facts& facts, const config::Tenant* tenant,
                      json& shown) {
  const auto chosen = routing.first(facts, tenant);
  shown = json::array();
  for (const auto& one : routing.all()) {
    shown.push_back({{"when", one.route.when},
                     {"to", one.route.to},
                     {"holds", one.rule.holds(facts)},
                     {"allowed", config::allowed(tenant, one.route.to)},
                     {"chosen", shown.size() + 1 == chosen}});
  }
  return chosen == 0 ? std::string(facts.model) : routing.all()[chosen - 1].route.to;
}

}  // namespace

Result<Question> explain_ask(const std::string& body, const config::Config& config, WallTime wall) {
  const auto parsed = json::parse(body, nullptr, false);
  if (!parsed.is_object()) return fail(Fault::caller_bad_request, "the body must be a JSON object");
  dialects::Request request;
  RequestFacts facts;
  if (parsed.contains("messages")) {
    auto chat = dialects::parse_request(dialects::Operation::chat, body);
    if (!chat) return tl::unexpected<Error>(chat.error());
    request = *std::move(chat);
    facts = facts_of(request);
  } else {
    auto fields = from_fields(parsed);
    if (!fields) return tl::unexpected<Error>(fields.error());
    facts = *std::move(fields);
    request = request_of(facts);
  }
  if (facts.model.empty()) return fail(Fault::caller_bad_request, "field 'model' is missing", "model");
  const auto* tenant = tenant_of(config, facts.tenant);
  const auto task = text(parsed, "task"), tags = text(parsed, "tags");
  facts.providers = config::allowed_providers(tenant, nullptr);
  steering::Circumstances around;
  around.tenant = facts.tenant;
  around.task = task;
  const auto pairs = steering::read_tags(tags);
  around.tags = &pairs;
  around.wall = wall;
  const config::Routing routing(config);
  const steering::Subject subject(request, routing, around);
  Question made;
  made.asked = facts.model;
  facts.model = ask_rules(routing, subject.facts(), tenant, made.rules);
  facts.request_id = "explain";
  made.ask.facts = std::make_shared<const RequestFacts>(std::move(facts));
  return made;
}

}  // namespace troupe::admin
