#include "gateway/providers/anthropic_request.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>

namespace troupe::providers::anthropic {
namespace {

using Done = std::optional<Error>;

constexpr std::string_view kJsonOnly =
    "Answer with one valid JSON object and nothing else: no Markdown fences, no text around it.";

bool is_set(const Json& from, const char* name) {
  const auto* value = member(from, name);
  return value && *value != false && *value != 0 && !(value->is_structured() && value->empty());
}

/// Fields that change the shape of the answer and have no counterpart.
Done check_unsupported(const Json& from, const dialects::ChatRequest& request) {
  static constexpr std::array<const char*, 7> fields{
      "logprobs", "top_logprobs", "logit_bias", "audio", "functions", "function_call", "web_search_options"};
  if (request.choices > 1)
    return unsupported("n", "Anthropic gives one choice; ask several times instead").value();
  for (const auto* name : fields) {
    if (is_set(from, name))
      return unsupported(name, "Anthropic models have no counterpart; leave it out").value();
  }
  return std::nullopt;
}

Done add_tools(const Json& from, Json& out) {
  const auto* tools = member(from, "tools");
  if (!tools || tools->empty()) return std::nullopt;
  auto list = Json::array();
  for (std::size_t i = 0; i < tools->size(); ++i) {
    const auto& tool = (*tools)[i];
    const auto* function = member(tool, "function");
    if (!function)
      return unsupported(fmt::format("tools[{}].type", i), "only function tools can be sent to Anthropic")
          .value();
    Json one = {{"name", text(*function, "name")}};
    if (const auto about = text(*function, "description"); !about.empty()) one["description"] = about;
    const auto* schema = member(*function, "parameters");
    one["input_schema"] = schema && schema->is_object() && !schema->empty()
                              ? *schema
                              : Json{{"type", "object"}, {"properties", Json::object()}};
    if (const auto* cache = member(tool, "cache_control")) one["cache_control"] = *cache;
    list.push_back(std::move(one));
  }
  out["tools"] = std::move(list);
  return std::nullopt;
}

Done add_tool_choice(const Json& from, Json& out) {
  const auto* choice = member(from, "tool_choice");
  if (!out.contains("tools")) return std::nullopt;
  if (choice && choice->is_string()) {
    const auto word = choice->get<std::string>();
    if (word != "auto" && word != "none" && word != "required") {
      return unsupported("tool_choice", "expected 'auto', 'none', 'required' or a function").value();
    }
    out["tool_choice"] = {{"type", word == "required" ? "any" : word}};
  } else if (choice) {
    const auto* function = member(*choice, "function");
    if (!function) return unsupported("tool_choice", "only a function can be chosen by name").value();
    out["tool_choice"] = {{"type", "tool"}, {"name", text(*function, "name")}};
  }
  const auto* parallel = member(from, "parallel_tool_calls");
  if (parallel && parallel->is_boolean() && !parallel->get<bool>()) {
    if (!out.contains("tool_choice")) out["tool_choice"] = {{"type", "auto"}};
    if (out["tool_choice"]["type"] != "none") out["tool_choice"]["disable_parallel_tool_use"] = true;
  }
  return std::nullopt;
}

/// A history with tool calls needs their tools declared, also where the caller offers none any more.
void declare_past_tools(const Conversation& talk, Json& out) {
  if (out.contains("tools") || talk.tool_names.empty()) return;
  auto tools = Json::array();
  for (const auto& name : talk.tool_names) {
    const auto same = [&](const Json& tool) { return tool["name"] == name; };
    if (std::none_of(tools.begin(), tools.end(), same)) {
      tools.push_back(
          {{"name", name}, {"input_schema", {{"type", "object"}, {"properties", Json::object()}}}});
    }
  }
  out["tools"] = std::move(tools);
  out["tool_choice"] = {{"type", "none"}};
}

Done add_format(const Json& from, Json& out, Json& system) {
  const auto* format = member(from, "response_format");
  const auto type = format ? text(*format, "type") : "text";
  if (type == "json_object") {
    system.push_back({{"type", "text"}, {"text", kJsonOnly}});
  } else if (type == "json_schema") {
    const auto* wrapper = member(*format, "json_schema");
    const auto* schema = wrapper ? member(*wrapper, "schema") : nullptr;
    if (!schema) return unsupported("response_format.json_schema.schema", "a schema is required").value();
    out["output_config"]["format"] = {{"type", "json_schema"}, {"schema", *schema}};
  } else if (type != "text") {
    return unsupported("response_format.type", "expected 'text', 'json_object' or 'json_schema'").value();
  }
  return std::nullopt;
}

void add_sampling(const Json& from, const dialects::ChatRequest& request, Json& out) {
  if (const auto* t = member(from, "temperature"); t && t->is_number()) {
    out["temperature"] = t->get<double>() > 1 ? Json(1) : *t;
  }
  for (const auto* name : {"top_p", "top_k"}) {
    if (const auto* value = member(from, name); value && value->is_number()) out[name] = *value;
  }
  if (const auto* stop = member(from, "stop")) {
    out["stop_sequences"] = stop->is_array() ? *stop : Json::array({*stop});
  }
  if (!request.user.empty()) out["metadata"] = {{"user_id", request.user}};
  if (request.stream) out["stream"] = true;
}

}  // namespace

Result<std::string> translate_request(const dialects::ChatRequest& request, std::string_view model) {
  const auto from = Json::parse(request.body, nullptr, false);
  if (!from.is_object()) {
    return fail(Fault::caller_bad_request, "The request holds a number that is out of range.", {},
                "invalid_json");
  }
  if (auto error = check_unsupported(from, request)) return tl::unexpected<Error>(*error);
  auto talk = translate_messages(from["messages"]);
  if (!talk) return tl::unexpected<Error>(talk.error());

  Json out = {{"model", model}, {"max_tokens", request.max_output.value_or(kDefaultMaxTokens)}};
  if (auto error = add_format(from, out, talk->system)) return tl::unexpected<Error>(*error);
  if (auto error = add_tools(from, out)) return tl::unexpected<Error>(*error);
  if (auto error = add_tool_choice(from, out)) return tl::unexpected<Error>(*error);
  declare_past_tools(*talk, out);
  add_sampling(from, request, out);
  if (const auto* thinking = member(from, "thinking")) {
    out["thinking"] = *thinking;
  } else if (!talk->open_tool_loop) {
    add_reasoning(out, text(from, "reasoning_effort"), model, request.max_output.has_value());
  }
  if (!talk->system.empty()) out["system"] = std::move(talk->system);
  out["messages"] = std::move(talk->messages);
  return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace troupe::providers::anthropic
