#include <fmt/format.h>
#include <algorithm>

#include "gateway/dialects/anthropic/encode.hpp"

namespace troupe::dialects::anthropic {
namespace {

const Ordered kTakesNothing = {{"type", "object"}, {"properties", Ordered::object()}};

Ordered schema_of(const Tool& tool, bool native) {
  if (native && !tool.parameters.is_null()) return Ordered(tool.parameters);
  if (!tool.parameters.is_object() || tool.parameters.empty()) return kTakesNothing;
  if (tool.parameters.contains("type")) return Ordered(tool.parameters);
  Ordered out = {{"type", "object"}};
  out.update(Ordered(tool.parameters));
  return out;
}

Ordered tool_json(const Tool& tool, bool native) {
  Ordered out = {{"name", tool.name}};
  if (!tool.description.empty()) out["description"] = tool.description;
  out["input_schema"] = schema_of(tool, native);
  if (native && tool.strict) out["strict"] = *tool.strict;
  if (!tool.cache.is_null()) out["cache_control"] = Ordered(tool.cache);
  return out;
}

/// A history with tool calls needs their tools declared, also where the caller offers none any more.
void declare_past(const std::vector<std::string>& called, Ordered& out) {
  auto tools = Ordered::array();
  for (const auto& name : called) {
    const auto same = [&](const Ordered& tool) { return tool["name"] == name; };
    if (std::none_of(tools.begin(), tools.end(), same))
      tools.push_back({{"name", name}, {"input_schema", kTakesNothing}});
  }
  out["tools"] = std::move(tools);
  out["tool_choice"] = {{"type", "none"}};
}

void add_choice(const ToolChoice& choice, bool native, Ordered& out) {
  Ordered said = Ordered::object();
  switch (choice.mode) {
    case ToolChoice::Mode::unset:
      break;
    case ToolChoice::Mode::automatic:
      said["type"] = "auto";
      break;
    case ToolChoice::Mode::none:
      said["type"] = "none";
      break;
    case ToolChoice::Mode::required:
      said["type"] = "any";
      break;
    case ToolChoice::Mode::named:
      said = {{"type", "tool"}, {"name", choice.name}};
      break;
  }
  if (choice.parallel && (native || !*choice.parallel) && choice.mode != ToolChoice::Mode::none) {
    if (said.empty()) said["type"] = "auto";
    said["disable_parallel_tool_use"] = !*choice.parallel;
  }
  if (!said.empty()) out["tool_choice"] = std::move(said);
}

}  // namespace

Result<void> add_tools(const Conversation& talk, const Target& target, const std::vector<std::string>& called,
                       Ordered& out) {
  const bool native = talk.origin == Dialect::anthropic;
  auto tools = Ordered::array();
  for (std::size_t i = 0; i < talk.tools.size(); ++i) {
    const auto& tool = talk.tools[i];
    if (!tool.own) {
      tools.push_back(tool_json(tool, native));
    } else if (tool.own->origin == Dialect::anthropic) {
      tools.push_back(Ordered(tool.own->json));
    } else if (!target.drop) {
      return unsupported(fmt::format("tools[{}].type", i),
                         fmt::format("Anthropic has no '{}' tool", text(tool.own->json, "type")));
    }
  }
  if (!tools.empty()) {
    out["tools"] = std::move(tools);
    add_choice(talk.choice, native, out);
  } else if (!native && !called.empty()) {
    declare_past(called, out);
  }
  return {};
}

}  // namespace troupe::dialects::anthropic
