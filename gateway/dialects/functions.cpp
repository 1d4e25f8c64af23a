#include "gateway/dialects/functions.hpp"

namespace troupe::dialects {

Tool read_function(const Json& from, Dialect origin) {
  Tool out;
  const auto* function = member(from, "function");
  if (text(from, "type") != "function" || !function) {
    out.own = Opaque{origin, from};
    return out;
  }
  out.name = text(*function, "name");
  out.description = text(*function, "description");
  if (const auto* schema = member(*function, "parameters")) out.parameters = *schema;
  out.strict = flag(*function, "strict");
  if (const auto* cache = member(from, "cache_control")) out.cache = *cache;
  return out;
}

nlohmann::ordered_json write_function(const Tool& tool) {
  nlohmann::ordered_json function = {{"name", tool.name}};
  if (!tool.description.empty()) function["description"] = tool.description;
  if (!tool.parameters.is_null()) function["parameters"] = nlohmann::ordered_json(tool.parameters);
  if (tool.strict) function["strict"] = *tool.strict;
  return {{"type", "function"}, {"function", std::move(function)}};
}

Part read_call(const Json& from, Dialect origin) {
  ToolCall out;
  out.id = text(from, "id");
  const auto* function = member(from, "function");
  if (!function) {
    function = member(from, "custom");
    out.custom = function != nullptr;
  }
  if (!function) return {Opaque{origin, from}};
  out.name = text(*function, "name");
  const auto* arguments = member(*function, out.custom ? "input" : "arguments");
  if (arguments) out.arguments = arguments->is_string() ? arguments->get<std::string>() : dump(*arguments);
  return {std::move(out)};
}

}  // namespace troupe::dialects
