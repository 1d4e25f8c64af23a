#include <fmt/format.h>

#include "gateway/dialects/gemini/encode.hpp"

namespace troupe::dialects::gemini {
namespace {

bool takes_nothing(const Json& schema) {
  if (!schema.is_object() || schema.empty()) return true;
  const auto* properties = member(schema, "properties");
  return schema.size() == (schema.contains("type") + std::size_t{properties != nullptr}) &&
         (!properties || properties->empty());
}

Ordered declaration(const Tool& tool, bool native) {
  Ordered out = {{"name", tool.name}};
  if (!tool.description.empty()) out["description"] = tool.description;
  const bool none = native ? tool.parameters.is_null() : takes_nothing(tool.parameters);
  if (!none) out["parametersJsonSchema"] = Ordered(tool.parameters);
  return out;
}

/// This dialect cannot ask for one call at a time: `parallel` has no place.
void add_choice(const ToolChoice& choice, Ordered& out) {
  Ordered said = Ordered::object();
  switch (choice.mode) {
    case ToolChoice::Mode::unset:
      return;
    case ToolChoice::Mode::automatic:
      said["mode"] = "AUTO";
      break;
    case ToolChoice::Mode::none:
      said["mode"] = "NONE";
      break;
    case ToolChoice::Mode::required:
      said["mode"] = "ANY";
      break;
    case ToolChoice::Mode::named:
      said = {{"mode", "ANY"}, {"allowedFunctionNames", Ordered::array({choice.name})}};
      break;
  }
  out["toolConfig"]["functionCallingConfig"] = std::move(said);
}

}  // namespace

Result<void> add_tools(const Conversation& talk, const Target& target, Ordered& out) {
  const bool native = talk.origin == Dialect::gemini;
  auto tools = Ordered::array(), functions = Ordered::array();
  for (std::size_t i = 0; i < talk.tools.size(); ++i) {
    const auto& tool = talk.tools[i];
    if (!tool.own) {
      functions.push_back(declaration(tool, native));
    } else if (tool.own->origin == Dialect::gemini) {
      tools.push_back(Ordered(tool.own->json));
    } else if (!target.drop) {
      return unsupported(fmt::format("tools[{}].type", i),
                         fmt::format("Gemini models have no '{}' tool", text(tool.own->json, "type")));
    }
  }
  const bool any = !functions.empty();
  if (any) tools.insert(tools.begin(), Ordered{{"functionDeclarations", std::move(functions)}});
  if (!tools.empty()) out["tools"] = std::move(tools);
  if (any || native) add_choice(talk.choice, out);
  return {};
}

}  // namespace troupe::dialects::gemini
