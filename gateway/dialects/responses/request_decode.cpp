#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <utility>

#include "gateway/dialects/document.hpp"
#include "gateway/dialects/responses/decode.hpp"
#include "gateway/dialects/responses/spaces.hpp"

namespace troupe::dialects::responses {
namespace {

enum class Kind : std::uint8_t { text, number, whole, flag, object, list, any };

struct Field {
  std::string_view name;
  Kind kind;
};

/// Fields that stand in the model; every other one is an extra. The last three are Troupe's own.
constexpr std::array<Field, 22> kFields{{{"model", Kind::text},
                                         {"input", Kind::any},
                                         {"instructions", Kind::text},
                                         {"tools", Kind::list},
                                         {"tool_choice", Kind::any},
                                         {"parallel_tool_calls", Kind::flag},
                                         {"reasoning", Kind::object},
                                         {"text", Kind::object},
                                         {"max_output_tokens", Kind::whole},
                                         {"temperature", Kind::number},
                                         {"top_p", Kind::number},
                                         {"top_logprobs", Kind::whole},
                                         {"stream", Kind::flag},
                                         {"store", Kind::flag},
                                         {"user", Kind::text},
                                         {"prompt_cache_key", Kind::text},
                                         {"service_tier", Kind::text},
                                         {"metadata", Kind::object},
                                         {"include", Kind::list},
                                         {"max_cost", Kind::any},
                                         {"max_latency_ms", Kind::any},
                                         {"fallback", Kind::any}}};

std::string_view wanted(Kind kind) {
  switch (kind) {
    case Kind::text:
      return "expected a text";
    case Kind::number:
      return "expected a number";
    case Kind::whole:
      return "expected a whole number";
    case Kind::flag:
      return "expected true or false";
    case Kind::object:
      return "expected an object";
    case Kind::list:
      return "expected a list";
    case Kind::any:
      break;
  }
  return "";
}

bool fits(const Json& from, const Field& field) {
  const auto* value = member(from, field.name);
  if (!value) return true;
  switch (field.kind) {
    case Kind::text:
      return value->is_string();
    case Kind::number:
      return value->is_number();
    case Kind::whole:
      return whole(from, field.name).has_value();
    case Kind::flag:
      return value->is_boolean();
    case Kind::object:
      return value->is_object();
    case Kind::list:
      return value->is_array();
    case Kind::any:
      break;
  }
  return true;
}

Result<void> check(const Json& from) {
  for (const auto& field : kFields) {
    if (!fits(from, field)) return invalid(std::string(field.name), wanted(field.kind));
  }
  return {};
}

Result<Tool> tool_of(const Json& from, const std::string& where) {
  const auto type = text(from, "type");
  if (type.empty()) return invalid(where + ".type", "a tool needs a type");
  Tool tool;
  tool.name = text(from, "name");
  tool.description = text(from, "description");
  if (type != "function") {
    tool.own = Opaque{Dialect::responses, from};
  } else if (tool.name.empty()) {
    return invalid(where + ".name", "a function needs a name");
  } else {
    if (const auto* schema = member(from, "parameters")) tool.parameters = *schema;
    tool.strict = flag(from, "strict");
  }
  return tool;
}

/// The tools of a namespace, each under both names.
Result<void> add_space(const Json& from, const std::string& where, std::vector<Tool>& out) {
  const auto* inner = member(from, "tools");
  const ToolSpace space{text(from, "name"), text(from, "description")};
  if (space.name.empty()) return invalid(where + ".name", "a namespace needs a name");
  if (!inner || !inner->is_array()) return invalid(where + ".tools", "expected a list of tools");
  for (std::size_t i = 0; i < inner->size(); ++i) {
    auto tool = tool_of((*inner)[i], fmt::format("{}.tools[{}]", where, i));
    if (!tool) return tl::unexpected<Error>(tool.error());
    tool->name = joined_name(space.name, tool->name);
    tool->space = space;
    out.push_back(std::move(*tool));
  }
  return {};
}

Result<std::vector<Tool>> decode_tools(const Json& from) {
  std::vector<Tool> out;
  const auto* list = member(from, "tools");
  for (std::size_t i = 0; list && i < list->size(); ++i) {
    const auto& one = (*list)[i];
    const auto where = fmt::format("tools[{}]", i);
    if (text(one, "type") == "namespace") {
      if (auto added = add_space(one, where, out); !added) return tl::unexpected<Error>(added.error());
      continue;
    }
    auto tool = tool_of(one, where);
    if (!tool) return tl::unexpected<Error>(tool.error());
    out.push_back(std::move(*tool));
  }
  return out;
}

bool take_word(const std::string& word, ToolChoice& out) {
  using Mode = ToolChoice::Mode;
  if (word == "auto") {
    out.mode = Mode::automatic;
  } else if (word == "none") {
    out.mode = Mode::none;
  } else if (word == "required") {
    out.mode = Mode::required;
  } else {
    return false;
  }
  return true;
}

/// Only some of the tools may be called: those are all that the model is told of.
void keep_allowed(const Json& choice, std::vector<Tool>& tools) {
  const auto* allowed = member(choice, "tools");
  const auto forbidden = [&](const Tool& tool) {
    const auto same = [&](const Json& one) {
      if (!tool.name.empty()) return joined_name(text(one, "namespace"), text(one, "name")) == tool.name;
      return tool.own && text(one, "type") == text(tool.own->json, "type");
    };
    return !allowed || !allowed->is_array() || std::none_of(allowed->begin(), allowed->end(), same);
  };
  tools.erase(std::remove_if(tools.begin(), tools.end(), forbidden), tools.end());
}

Result<void> take_choice(const Json& from, Conversation& out) {
  out.choice.parallel = flag(from, "parallel_tool_calls");
  const auto* choice = member(from, "tool_choice");
  if (!choice) return {};
  if (choice->is_string()) {
    if (take_word(choice->get<std::string>(), out.choice)) return {};
    return invalid("tool_choice", "expected 'auto', 'none', 'required' or a tool");
  }
  const auto type = text(*choice, "type");
  if (type.empty()) return invalid("tool_choice.type", "expected a tool");
  if (type == "function" || type == "custom") {
    out.choice.mode = ToolChoice::Mode::named;
    out.choice.name = text(*choice, "name");
    if (out.choice.name.empty()) return invalid("tool_choice.name", "expected the tool's name");
  } else if (type == "allowed_tools") {
    if (!take_word(text(*choice, "mode"), out.choice))
      return invalid("tool_choice.mode", "expected 'auto' or 'required'");
    keep_allowed(*choice, out.tools);
  } else {
    out.extras.emplace_back("tool_choice", *choice);  // of a tool that only its own provider runs
  }
  return {};
}

Result<Format> decode_format(const Json& settings) {
  Format out;
  const auto* format = member(settings, "format");
  if (!format) return out;
  const auto type = text(*format, "type");
  if (type == "text") return out;
  if (type == "json_object") {
    out.kind = Format::Kind::json;
    return out;
  }
  if (type != "json_schema")
    return invalid("text.format.type", "expected 'text', 'json_object' or 'json_schema'");
  const auto* schema = member(*format, "schema");
  if (!schema || !schema->is_object()) return invalid("text.format.schema", "a schema is required");
  return Format{Format::Kind::schema, text(*format, "name"), text(*format, "description"), *schema,
                flag(*format, "strict")};
}

/// What is left of `settings` when the model has taken its part.
void keep_rest(std::string_view name, const Json& settings, std::initializer_list<std::string_view> taken,
               Conversation& out) {
  auto rest = Json::object();
  for (const auto& [key, value] : settings.items()) {
    if (!value.is_null() && std::find(taken.begin(), taken.end(), key) == taken.end()) rest[key] = value;
  }
  if (!rest.empty()) out.extras.emplace_back(name, std::move(rest));
}

Result<void> take_settings(const Json& from, Conversation& out) {
  if (const auto* reasoning = member(from, "reasoning")) {
    out.thinking.effort = text(*reasoning, "effort");
    out.thinking.summary = text(*reasoning, "summary");
    if (out.thinking.summary.empty()) out.thinking.summary = text(*reasoning, "generate_summary");
    if (!out.thinking.summary.empty()) out.thinking.shown = true;
    keep_rest("reasoning", *reasoning, {"effort", "summary", "generate_summary"}, out);
  }
  if (const auto* settings = member(from, "text")) {
    auto format = decode_format(*settings);
    if (!format) return tl::unexpected<Error>(format.error());
    out.format = std::move(*format);
    out.verbosity = text(*settings, "verbosity");
    keep_rest("text", *settings, {"format", "verbosity"}, out);
  }
  return {};
}

void take_scalars(const Json& from, Conversation& out) {
  out.model = text(from, "model");
  out.user = text(from, "user");
  out.cache_key = text(from, "prompt_cache_key");
  out.service_tier = text(from, "service_tier");
  out.store = flag(from, "store");
  out.stream = flag(from, "stream").value_or(false);
  out.sampling.temperature = number(from, "temperature");
  out.sampling.top_p = number(from, "top_p");
  out.sampling.max_output = whole(from, "max_output_tokens");
  out.sampling.top_logprobs = whole(from, "top_logprobs");
  if (const auto* metadata = member(from, "metadata")) out.metadata = *metadata;
  if (const auto* include = member(from, "include")) {
    out.extras.emplace_back("include", *include);
    const auto wanted_logprobs = [](const Json& one) { return one == "message.output_text.logprobs"; };
    out.sampling.logprobs = std::any_of(include->begin(), include->end(), wanted_logprobs);
  }
  for (const auto& [name, value] : from.items()) {
    const auto same = [&, &key = name](const Field& field) { return field.name == key; };
    if (value.is_null() || std::any_of(kFields.begin(), kFields.end(), same)) continue;
    out.extras.emplace_back(name, value);
  }
}

}  // namespace

Json parse_body(std::string_view body) {
  // simdjson limits the depth; nlohmann's own values are walked recursively.
  if (doc::parse(body).error() != simdjson::SUCCESS) return nullptr;
  auto out = Json::parse(body, nullptr, false);
  return out.is_object() ? out : Json();
}

Result<Conversation> decode_request(std::string_view body) {
  const auto from = parse_body(body);
  if (!from.is_object()) {
    return fail(Fault::caller_bad_request,
                "The body is no JSON object, is nested too deeply, or holds a number that is out of range.",
                {}, "invalid_json");
  }
  if (auto checked = check(from); !checked) return tl::unexpected<Error>(checked.error());
  Conversation out;
  out.origin = Dialect::responses;
  if (const auto instructions = text(from, "instructions"); !instructions.empty())
    out.messages.push_back({Role::system, {{Text{instructions, {}, nullptr}}}, {}});
  if (const auto* input = member(from, "input")) {
    auto messages = decode_input(*input);
    if (!messages) return tl::unexpected<Error>(messages.error());
    for (auto& message : *messages) out.messages.push_back(std::move(message));
  }
  auto tools = decode_tools(from);
  if (!tools) return tl::unexpected<Error>(tools.error());
  out.tools = std::move(*tools);
  if (auto taken = take_choice(from, out); !taken) return tl::unexpected<Error>(taken.error());
  if (auto taken = take_settings(from, out); !taken) return tl::unexpected<Error>(taken.error());
  take_scalars(from, out);
  return out;
}

}  // namespace troupe::dialects::responses
