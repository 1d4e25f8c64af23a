#include <fmt/format.h>

#include "gateway/dialects/converse/decode.hpp"

namespace troupe::dialects::converse {
namespace {

using Done = Result<void>;

/// What is left of an object whose other members stand in the model.
void keep(const char* name, Json rest, Conversation& out) {
  if (!rest.empty()) out.extras.emplace_back(name, std::move(rest));
}

Done take_inference(Json config, Conversation& out) {
  auto& into = out.sampling;
  into.max_output = whole(config, "maxTokens");
  into.temperature = number(config, "temperature");
  into.top_p = number(config, "topP");
  if (const auto* stops = member(config, "stopSequences")) {
    if (!stops->is_array()) return invalid("inferenceConfig.stopSequences", "expected an array of strings");
    for (const auto& stop : *stops) {
      if (!stop.is_string()) return invalid("inferenceConfig.stopSequences", "expected an array of strings");
      into.stop.push_back(stop.get<std::string>());
    }
  }
  for (const auto* name : {"maxTokens", "temperature", "topP", "stopSequences"}) config.erase(name);
  keep("inferenceConfig", std::move(config), out);
  return {};
}

/// Claude's `thinking`; false for one that says more than the model has a place for.
bool read_thinking(const Json& from, Thinking& out) {
  const auto type = text(from, "type"), display = text(from, "display");
  const auto budget = whole(from, "budget_tokens");
  std::size_t known = 1;
  if (type == "enabled" && budget && *budget > 0) {
    out.budget = *budget;
    ++known;
  } else if (type == "disabled") {
    out.budget = 0;
  } else if (type == "adaptive") {
    out.adaptive = true;
  } else {
    return false;
  }
  if (display == "summarized" || display == "omitted") {
    out.shown = display == "summarized";
    ++known;
  }
  return from.size() == known;
}

void take_model_fields(Json fields, Conversation& out) {
  if (const auto* said = member(fields, "thinking")) {
    Thinking thinking;
    if (read_thinking(*said, thinking)) {
      out.thinking = thinking;
      fields.erase("thinking");
    }
  }
  if (const auto* config = member(fields, "output_config")) {
    if (auto effort = text(*config, "effort"); !effort.empty() && config->size() == 1) {
      out.thinking.effort = std::move(effort);
      fields.erase("output_config");
    }
  }
  if (const auto k = whole(fields, "top_k")) {
    out.sampling.top_k = k;
    fields.erase("top_k");
  }
  keep("additionalModelRequestFields", std::move(fields), out);
}

/// A schema stands in a string.
void take_output(Json config, Conversation& out) {
  const auto* format = member(config, "textFormat");
  const auto* structure = format ? member(*format, "structure") : nullptr;
  const auto* schema = structure ? member(*structure, "jsonSchema") : nullptr;
  auto parsed = schema ? read(text(*schema, "schema")) : Json();
  if (parsed.is_object() && text(*format, "type") == "json_schema") {
    out.format.kind = Format::Kind::schema;
    out.format.name = text(*schema, "name");
    out.format.description = text(*schema, "description");
    out.format.schema = std::move(parsed);
    config.erase("textFormat");
  }
  keep("outputConfig", std::move(config), out);
}

Result<Tool> tool_of(const Json& from, const std::string& where) {
  Tool out;
  const auto* spec = member(from, "toolSpec");
  if (!spec) {
    if (!from.is_object()) return invalid(where, "expected an object");
    out.own = Opaque{Dialect::converse, from};
    return out;
  }
  out.name = text(*spec, "name");
  if (out.name.empty()) return invalid(where + ".toolSpec.name", "expected the name of a tool");
  out.description = text(*spec, "description");
  if (const auto* schema = member(*spec, "inputSchema")) {
    if (const auto* json = member(*schema, "json")) out.parameters = *json;
  }
  out.strict = flag(*spec, "strict");
  return out;
}

Done take_choice(const Json& choice, ToolChoice& out) {
  using Mode = ToolChoice::Mode;
  if (choice.is_object() && choice.contains("auto")) {
    out.mode = Mode::automatic;
  } else if (choice.is_object() && choice.contains("any")) {
    out.mode = Mode::required;
  } else if (const auto* tool = member(choice, "tool")) {
    out.mode = Mode::named;
    out.name = text(*tool, "name");
  }
  if (out.mode == Mode::unset || (out.mode == Mode::named && out.name.empty()))
    return invalid("toolConfig.toolChoice", "expected 'auto', 'any', or 'tool' with a 'name'");
  return {};
}

Done take_tools(const Json& config, Conversation& out) {
  if (const auto* tools = member(config, "tools")) {
    if (!tools->is_array()) return invalid("toolConfig.tools", "expected an array");
    for (std::size_t i = 0; i < tools->size(); ++i) {
      auto point = read_cache_point((*tools)[i]);
      if (!point.is_null() && !out.tools.empty() && !out.tools.back().own &&
          out.tools.back().cache.is_null()) {
        out.tools.back().cache = std::move(point);
        continue;
      }
      auto tool = tool_of((*tools)[i], fmt::format("toolConfig.tools.{}", i));
      if (!tool) return tl::unexpected<Error>(tool.error());
      out.tools.push_back(std::move(*tool));
    }
  }
  const auto* choice = member(config, "toolChoice");
  return choice ? take_choice(*choice, out.choice) : Done();
}

}  // namespace

Result<void> decode_settings(const Json& from, Conversation& out) {
  if (const auto* config = member(from, "inferenceConfig")) {
    if (auto done = take_inference(*config, out); !done) return done;
  }
  if (const auto* config = member(from, "toolConfig")) {
    if (auto done = take_tools(*config, out); !done) return done;
  }
  if (const auto* fields = member(from, "additionalModelRequestFields")) take_model_fields(*fields, out);
  if (const auto* config = member(from, "outputConfig")) take_output(*config, out);
  return {};
}

}  // namespace troupe::dialects::converse
