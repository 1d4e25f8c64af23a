#include <fmt/format.h>
#include <algorithm>

#include "gateway/dialects/converse/encode.hpp"

namespace troupe::dialects::converse {
namespace {

using Mode = ToolChoice::Mode;

const Ordered kTakesNothing = {{"type", "object"}, {"properties", Ordered::object()}};

Ordered schema_of(const Tool& tool, bool native) {
  if (native && !tool.parameters.is_null()) return Ordered(tool.parameters);
  if (!tool.parameters.is_object() || tool.parameters.empty()) return kTakesNothing;
  if (tool.parameters.contains("type")) return Ordered(tool.parameters);
  Ordered out = {{"type", "object"}};
  out.update(Ordered(tool.parameters));
  return out;
}

Ordered spec_of(const std::string& name, Ordered schema) {
  return {{"toolSpec", {{"name", name}, {"inputSchema", {{"json", std::move(schema)}}}}}};
}

Ordered tool_json(const Tool& tool, bool native) {
  auto out = spec_of(tool.name, schema_of(tool, native));
  auto& spec = out["toolSpec"];
  if (!tool.description.empty()) spec["description"] = tool.description;
  if (native && tool.strict) spec["strict"] = *tool.strict;
  return out;
}

/// The API wants the tools of a history declared, also where the caller offers none any more.
Ordered past_tools(const std::vector<std::string>& called) {
  auto tools = Ordered::array();
  for (const auto& name : called) {
    const auto same = [&](const Ordered& tool) { return tool["toolSpec"]["name"] == name; };
    if (std::none_of(tools.begin(), tools.end(), same)) tools.push_back(spec_of(name, kTakesNothing));
  }
  return tools;
}

Result<Ordered> offered(const Writing& writing) {
  auto out = Ordered::array();
  const auto& tools = writing.talk.tools;
  // Nova keeps no tools in its cache, and refuses to be asked.
  const bool cached = writing.native || writing.model.claude();
  for (std::size_t i = 0; i < tools.size(); ++i) {
    const auto& tool = tools[i];
    if (!tool.own) {
      out.push_back(tool_json(tool, writing.native));
      if (auto point = cache_point(tool.cache, true); cached && !point.is_null())
        out.push_back(std::move(point));
    } else if (tool.own->origin == Dialect::converse) {
      out.push_back(Ordered(tool.own->json));
    } else if (!writing.target.drop) {
      return unsupported(fmt::format("tools[{}].type", i),
                         fmt::format("Bedrock Converse has no '{}' tool", text(tool.own->json, "type")));
    }
  }
  return out;
}

Ordered choice_json(const ToolChoice& choice) {
  if (choice.mode == Mode::automatic) return {{"auto", Ordered::object()}};
  if (choice.mode == Mode::required) return {{"any", Ordered::object()}};
  if (choice.mode == Mode::named) return {{"tool", {{"name", choice.name}}}};
  return nullptr;
}

/// Only Claude can be held to one call, and in its own words.
Result<void> add_parallel(const Writing& writing, Ordered& out) {
  const auto& choice = writing.talk.choice;
  if (choice.parallel.value_or(true) || choice.mode == Mode::none) return {};
  if (writing.model.claude()) {
    Ordered said = {{"type", choice.mode == Mode::required ? "any" : "auto"}};
    if (choice.mode == Mode::named) said = {{"type", "tool"}, {"name", choice.name}};
    said["disable_parallel_tool_use"] = true;
    out["additionalModelRequestFields"]["tool_choice"] = std::move(said);
    return {};
  }
  if (writing.target.drop) return {};
  const bool messages = writing.talk.origin == Dialect::anthropic;
  return unsupported(messages ? "tool_choice.disable_parallel_tool_use" : "parallel_tool_calls",
                     "this model cannot be held to one call; leave it out");
}

}  // namespace

Result<void> add_tools(const Writing& writing, Ordered& out) {
  const auto& choice = writing.talk.choice;
  // There is no word for 'none': the tools are left out, but for those that the history needs.
  const bool none = !writing.native && choice.mode == Mode::none && writing.called.empty();
  auto tools = none ? Result<Ordered>(Ordered::array()) : offered(writing);
  if (!tools) return tl::unexpected<Error>(tools.error());
  if (tools->empty()) {
    if (writing.native || writing.called.empty()) return {};
    out["toolConfig"]["tools"] = past_tools(writing.called);
    return {};
  }
  out["toolConfig"]["tools"] = std::move(*tools);
  if (auto said = choice_json(choice); !said.is_null()) out["toolConfig"]["toolChoice"] = std::move(said);
  return writing.native ? Result<void>() : add_parallel(writing, out);
}

}  // namespace troupe::dialects::converse
