#include <fmt/format.h>

#include "gateway/dialects/responses/encode.hpp"
#include "gateway/dialects/responses/spaces.hpp"

namespace troupe::dialects::responses {
namespace {

/// Unset means strict here, and not strict everywhere else.
Json function_of(const Tool& tool, bool native) {
  const auto space = tool.space ? std::string_view(tool.space->name) : std::string_view();
  Json out = {{"type", "function"}, {"name", std::string(short_name(tool.name, space))}};
  if (!tool.description.empty()) out["description"] = tool.description;
  if (!tool.parameters.is_null()) {
    out["parameters"] = tool.parameters;
  } else if (!native) {
    out["parameters"] = {{"type", "object"}, {"properties", Json::object()}};
  }
  if (tool.strict) {
    out["strict"] = *tool.strict;
  } else if (!native) {
    out["strict"] = false;
  }
  return out;
}

/// The list of the namespace that comes last, begun where it is another one.
Json& space_in(Json& tools, const ToolSpace& space) {
  const bool open =
      !tools.empty() && text(tools.back(), "type") == "namespace" && text(tools.back(), "name") == space.name;
  if (!open) {
    tools.push_back({{"type", "namespace"},
                     {"name", space.name},
                     {"description", space.description},
                     {"tools", Json::array()}});
  }
  return tools.back()["tools"];
}

bool is_custom(const Conversation& talk, const std::string& name) {
  for (const auto& tool : talk.tools) {
    if (tool.name == name && tool.own) return text(tool.own->json, "type") == "custom";
  }
  return false;
}

}  // namespace

Result<Json> encode_tools(const Conversation& talk, bool drop) {
  auto out = Json::array();
  for (const auto& tool : talk.tools) {
    auto& list = tool.space ? space_in(out, *tool.space) : out;
    if (!tool.own) {
      list.push_back(function_of(tool, talk.origin == Dialect::responses));
    } else if (tool.own->origin == Dialect::responses) {
      list.push_back(tool.own->json);
    } else if (!drop) {
      return unsupported("tools", fmt::format("'{}' is a tool that only its own provider runs",
                                              text(tool.own->json, "type")));
    }
  }
  return out;
}

Json encode_choice(const Conversation& talk) {
  using Mode = ToolChoice::Mode;
  switch (talk.choice.mode) {
    case Mode::automatic:
      return "auto";
    case Mode::none:
      return "none";
    case Mode::required:
      return "required";
    case Mode::named:
      return {{"type", is_custom(talk, talk.choice.name) ? "custom" : "function"},
              {"name", talk.choice.name}};
    case Mode::unset:
      break;
  }
  const auto* own = talk.origin == Dialect::responses ? extra(talk, "tool_choice") : nullptr;
  return own ? *own : Json();
}

Json encode_text(const Conversation& talk) {
  Json out = Json::object();
  const auto* rest = talk.origin == Dialect::responses ? extra(talk, "text") : nullptr;
  if (rest && rest->is_object()) out = *rest;
  if (talk.format.kind == Format::Kind::json) out["format"] = {{"type", "json_object"}};
  if (talk.format.kind == Format::Kind::schema) {
    Json format = {{"type", "json_schema"}, {"schema", talk.format.schema}};
    format["name"] =
        talk.format.name.empty() && talk.origin != Dialect::responses ? "answer" : talk.format.name;
    if (!talk.format.description.empty()) format["description"] = talk.format.description;
    if (talk.format.strict) format["strict"] = *talk.format.strict;
    out["format"] = std::move(format);
  }
  if (!talk.verbosity.empty()) out["verbosity"] = talk.verbosity;
  return out;
}

const Json* extra(const Conversation& talk, std::string_view name) {
  for (const auto& [key, value] : talk.extras) {
    if (key == name) return &value;
  }
  return nullptr;
}

}  // namespace troupe::dialects::responses
