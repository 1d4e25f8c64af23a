#include <algorithm>
#include <cctype>

#include "gateway/dialects/gemini/decode.hpp"

namespace troupe::dialects::gemini {
namespace {

/// Reads members off an object and keeps account of what was read.
class Taker {
 public:
  explicit Taker(const Json& from) : rest(from) {}
  void real(const char* camel, const char* snake, std::optional<double>& into) {
    for (const auto* name : {camel, snake}) {
      if (const auto value = number(rest, name)) into = value;
      if (into) rest.erase(name);
    }
  }
  void count(const char* camel, const char* snake, std::optional<std::int64_t>& into) {
    for (const auto* name : {camel, snake}) {
      if (const auto value = whole(rest, name)) into = value;
      if (into) rest.erase(name);
    }
  }
  void words(const char* camel, const char* snake, std::string& into) {
    into = text_of(rest, camel, snake);
    if (!into.empty()) drop(camel, snake);
  }
  void drop(const char* camel, const char* snake) {
    rest.erase(camel);
    rest.erase(snake);
  }
  Json rest;
};

/// Google's own schemas shout their types.
void lower_types(Json& schema) {
  if (!schema.is_structured()) return;
  for (auto& value : schema) lower_types(value);
  if (!schema.is_object()) return;
  const auto type = schema.find("type");
  if (type == schema.end() || !type->is_string()) return;
  for (char& c : type->get_ref<std::string&>()) {
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
}

Json schema_of(const Json& from, const char* standard, const char* standard_snake, const char* own,
               const char* own_snake) {
  if (const auto* schema = pick(from, standard, standard_snake)) return *schema;
  Json out;
  if (const auto* schema = pick(from, own, own_snake)) out = *schema;
  lower_types(out);
  return out;
}

void take_format(Taker& from, Conversation& talk) {
  const auto type = text_of(from.rest, "responseMimeType", "response_mime_type");
  if (type != "application/json") return;
  auto schema =
      schema_of(from.rest, "responseJsonSchema", "response_json_schema", "responseSchema", "response_schema");
  talk.format.kind = schema.is_null() ? Format::Kind::json : Format::Kind::schema;
  talk.format.schema = std::move(schema);
  from.drop("responseMimeType", "response_mime_type");
  from.drop("responseJsonSchema", "response_json_schema");
  from.drop("responseSchema", "response_schema");
}

void take_thinking(Taker& from, Thinking& thinking) {
  const auto* said = pick(from.rest, "thinkingConfig", "thinking_config");
  if (!said || !said->is_object()) return;
  Taker inner(*said);
  inner.count("thinkingBudget", "thinking_budget", thinking.budget);
  inner.words("thinkingLevel", "thinking_level", thinking.effort);
  for (char& c : thinking.effort) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  thinking.shown = flag(inner.rest, "includeThoughts");
  if (!thinking.shown) thinking.shown = flag(inner.rest, "include_thoughts");
  from.drop("thinkingConfig", "thinking_config");
}

void take_stops(Taker& from, std::vector<std::string>& into) {
  const auto* stops = pick(from.rest, "stopSequences", "stop_sequences");
  if (!stops || !stops->is_array()) return;
  for (const auto& stop : *stops) {
    if (stop.is_string()) into.push_back(stop.get<std::string>());
  }
  from.drop("stopSequences", "stop_sequences");
}

Tool tool_of(const Json& from) {
  Tool out;
  out.name = text(from, "name");
  out.description = text(from, "description");
  out.parameters =
      schema_of(from, "parametersJsonSchema", "parameters_json_schema", "parameters", "parameters");
  return out;
}

}  // namespace

void decode_config(const Json& config, Conversation& talk) {
  Taker from(config);
  auto& sampling = talk.sampling;
  from.real("temperature", "temperature", sampling.temperature);
  from.real("topP", "top_p", sampling.top_p);
  from.count("topK", "top_k", sampling.top_k);
  from.count("maxOutputTokens", "max_output_tokens", sampling.max_output);
  from.real("frequencyPenalty", "frequency_penalty", sampling.frequency_penalty);
  from.real("presencePenalty", "presence_penalty", sampling.presence_penalty);
  from.count("seed", "seed", sampling.seed);
  from.count("candidateCount", "candidate_count", sampling.choices);
  take_stops(from, sampling.stop);
  take_format(from, talk);
  take_thinking(from, talk.thinking);
  if (!from.rest.empty()) talk.extras.emplace_back("generationConfig", std::move(from.rest));
}

Result<void> decode_tools(const Json& tools, Conversation& talk) {
  if (!tools.is_array()) return invalid("tools", "expected an array");
  std::vector<Tool> own;
  for (const auto& entry : tools) {
    if (!entry.is_object()) return invalid("tools", "expected objects");
    auto rest = entry;
    for (const auto* name : {"functionDeclarations", "function_declarations"}) {
      const auto* functions = member(entry, name);
      if (!functions) continue;
      if (!functions->is_array()) return invalid(std::string("tools.") + name, "expected an array");
      for (const auto& function : *functions) talk.tools.push_back(tool_of(function));
      rest.erase(name);
    }
    if (rest.empty()) continue;
    own.emplace_back();
    own.back().own = Opaque{Dialect::gemini, std::move(rest)};
  }
  for (auto& tool : own) talk.tools.push_back(std::move(tool));
  return {};
}

void decode_choice(const Json& config, Conversation& talk) {
  using Mode = ToolChoice::Mode;
  auto rest = config;
  if (const auto* calling = pick(config, "functionCallingConfig", "function_calling_config")) {
    const auto mode = text(*calling, "mode");
    const auto* names = pick(*calling, "allowedFunctionNames", "allowed_function_names");
    const bool many = names && (!names->is_array() || names->size() != 1 || !names->front().is_string());
    auto& choice = talk.choice;
    if (mode == "AUTO" && !names) choice.mode = Mode::automatic;
    if (mode == "NONE" && !names) choice.mode = Mode::none;
    if (mode == "ANY" && !many) choice.mode = names ? Mode::named : Mode::required;
    if (choice.mode == Mode::named) choice.name = names->front().get<std::string>();
    if (choice.mode != Mode::unset) {
      rest.erase("functionCallingConfig");
      rest.erase("function_calling_config");
    }
  }
  if (!rest.empty()) talk.extras.emplace_back("toolConfig", std::move(rest));
}

}  // namespace troupe::dialects::gemini
