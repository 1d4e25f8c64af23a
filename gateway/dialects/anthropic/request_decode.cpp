#include <fmt/format.h>
#include <algorithm>
#include <array>

#include "gateway/dialects/anthropic/decode.hpp"
#include "gateway/dialects/anthropic/words.hpp"
#include "gateway/dialects/fields.hpp"

namespace troupe::dialects::anthropic {
namespace {

using Done = Result<void>;

/// Fields that stand in the model, or are Troupe's own; every other one is an extra.
constexpr std::array<std::string_view, 19> kKnown{
    "model",          "messages",      "system",         "max_tokens",   "tools",
    "tool_choice",    "stream",        "temperature",    "top_p",        "top_k",
    "thinking",       "output_config", "metadata",       "service_tier", "output_format",
    "stop_sequences", "max_cost",      "max_latency_ms", "fallback"};

struct Shape {
  const char* name;
  bool (*fits)(const Json& value);
  std::string_view expected;
};

bool is_bool(const Json& value) {
  return value.is_boolean();
}
bool is_number(const Json& value) {
  return value.is_number();
}
bool is_count(const Json& value) {
  return value.is_number_integer() && value >= 0;
}
bool is_limit(const Json& value) {
  return value.is_number_integer() && value >= 1;
}
bool is_object(const Json& value) {
  return value.is_object();
}
bool is_array(const Json& value) {
  return value.is_array();
}
bool are_strings(const Json& value) {
  return value.is_array() &&
         std::all_of(value.begin(), value.end(), [](const Json& one) { return one.is_string(); });
}

constexpr std::array<Shape, 12> kShapes{{
    {"max_tokens", is_limit, "expected a whole number of at least 1"},
    {"stream", is_bool, "expected true or false"},
    {"temperature", is_number, "expected a number"},
    {"top_p", is_number, "expected a number"},
    {"top_k", is_count, "expected a whole number"},
    {"stop_sequences", are_strings, "expected an array of strings"},
    {"tools", is_array, "expected an array"},
    {"tool_choice", is_object, "expected an object with a 'type'"},
    {"thinking", is_object, "expected an object with a 'type'"},
    {"output_config", is_object, "expected an object"},
    {"output_format", is_object, "expected an object with a 'type'"},
    {"metadata", is_object, "expected an object"},
}};

Done check_shapes(const Json& from) {
  for (const auto& shape : kShapes) {
    const auto* value = member(from, shape.name);
    if (value && !shape.fits(*value)) return invalid(shape.name, shape.expected);
  }
  return {};
}

Done take_messages(const Json& from, Conversation& out) {
  if (const auto* system = member(from, "system")) {
    auto parts = decode_content(*system, "system");
    if (!parts) return tl::unexpected<Error>(parts.error());
    if (!parts->empty()) out.messages.push_back({Role::system, std::move(*parts), ""});
  }
  const auto* messages = member(from, "messages");
  if (!messages || !messages->is_array() || messages->empty()) {
    return invalid("messages", "expected an array of at least one message");
  }
  for (std::size_t i = 0; i < messages->size(); ++i) {
    if (auto done = decode_message((*messages)[i], fmt::format("messages.{}", i), out.messages); !done)
      return done;
  }
  return {};
}

Result<Tool> tool_of(const Json& from, const std::string& where) {
  const auto type = text(from, "type");
  Tool out;
  if (!type.empty() && type != "custom") {
    out.own = Opaque{Dialect::anthropic, from};
    return out;
  }
  out.name = text(from, "name");
  if (out.name.empty()) return invalid(where + ".name", "expected the name of a tool");
  out.description = text(from, "description");
  if (const auto* schema = member(from, "input_schema")) out.parameters = *schema;
  out.strict = flag(from, "strict");
  if (const auto* cache = member(from, "cache_control")) out.cache = *cache;
  return out;
}

Done take_tools(const Json& from, Conversation& out) {
  const auto* tools = member(from, "tools");
  for (std::size_t i = 0; tools && i < tools->size(); ++i) {
    auto tool = tool_of((*tools)[i], fmt::format("tools.{}", i));
    if (!tool) return tl::unexpected<Error>(tool.error());
    out.tools.push_back(std::move(*tool));
  }
  const auto* choice = member(from, "tool_choice");
  if (!choice) return {};
  const auto type = text(*choice, "type");
  using Mode = ToolChoice::Mode;
  out.choice.name = text(*choice, "name");
  if (type == "auto") {
    out.choice.mode = Mode::automatic;
  } else if (type == "any") {
    out.choice.mode = Mode::required;
  } else if (type == "none") {
    out.choice.mode = Mode::none;
  } else if (type == "tool" && !out.choice.name.empty()) {
    out.choice.mode = Mode::named;
  } else {
    return invalid("tool_choice", "expected a 'type' of 'auto', 'any', 'none', or 'tool' with a 'name'");
  }
  if (const auto alone = flag(*choice, "disable_parallel_tool_use")) out.choice.parallel = !*alone;
  return {};
}

void take_sampling(const Json& from, Sampling& out) {
  out.temperature = number(from, "temperature");
  out.top_p = number(from, "top_p");
  out.top_k = whole(from, "top_k");
  out.max_output = whole(from, "max_tokens");
  if (const auto* stops = member(from, "stop_sequences")) out.stop = stops->get<std::vector<std::string>>();
}

/// What is left of an object whose known members stand in the model, as an extra.
void keep_rest(const Json& from, const char* name, std::initializer_list<const char*> known,
               Conversation& out) {
  const auto* object = member(from, name);
  if (!object) return;
  auto rest = *object;
  for (const auto* one : known) rest.erase(one);
  if (!rest.empty()) out.extras.emplace_back(name, std::move(rest));
}

void take_config(const Json& from, Conversation& out) {
  const auto* config = member(from, "output_config");
  const auto* format = config ? member(*config, "format") : nullptr;
  if (!format) format = member(from, "output_format");  // its name while it was a beta
  const auto* schema = format && text(*format, "type") == "json_schema" ? member(*format, "schema") : nullptr;
  if (schema) {
    out.format.kind = Format::Kind::schema;
    out.format.schema = *schema;
    keep_rest(from, "output_config", {"effort", "format"}, out);
  } else {
    keep_rest(from, "output_config", {"effort"}, out);
  }
}

bool knows_thinking(const Json& thinking) {
  const auto type = text(thinking, "type");
  return type == "enabled" || type == "disabled" || type == "adaptive";
}

void take_rest(const Json& from, Conversation& out) {
  out.thinking = decode_thinking(from);
  if (const auto* thinking = member(from, "thinking"); thinking && !knows_thinking(*thinking)) {
    out.extras.emplace_back("thinking", *thinking);
  }
  if (const auto* metadata = member(from, "metadata")) out.user = text(*metadata, "user_id");
  keep_rest(from, "metadata", {"user_id"}, out);
  out.service_tier = text(from, "service_tier");
  out.stream = flag(from, "stream").value_or(false);
  keep_extras(from, kKnown, out);
}

}  // namespace

Thinking decode_thinking(const Json& from) {
  Thinking out;
  if (const auto* config = member(from, "output_config")) out.effort = text(*config, "effort");
  const auto* thinking = member(from, "thinking");
  if (!thinking) return out;
  const auto type = text(*thinking, "type");
  if (type == "enabled") out.budget = whole(*thinking, "budget_tokens").value_or(1024);
  if (type == "disabled") out.budget = 0;
  out.adaptive = type == "adaptive";
  const auto display = text(*thinking, "display");
  if (!display.empty()) out.shown = display != "omitted";
  return out;
}

Result<Conversation> decode_request(std::string_view body) {
  const auto parsed = read_body(body);
  if (!parsed) return tl::unexpected<Error>(parsed.error());
  const auto& from = *parsed;
  Conversation out;
  out.origin = Dialect::anthropic;
  out.model = text(from, "model");
  if (out.model.empty()) return invalid("model", "expected the name of a model");
  if (auto done = check_shapes(from); !done) return tl::unexpected<Error>(done.error());
  if (auto done = take_messages(from, out); !done) return tl::unexpected<Error>(done.error());
  if (auto done = take_tools(from, out); !done) return tl::unexpected<Error>(done.error());
  take_sampling(from, out.sampling);
  take_config(from, out);
  take_rest(from, out);
  resolve_tool_names(out);
  return out;
}

}  // namespace troupe::dialects::anthropic
