#include "gateway/mock/sample.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace troupe::mock {
namespace {

constexpr int kDepth = 16;

Json sample_of(const Json& root, const Json& schema, int depth);

const Json* find(const Json& schema, const char* field) {
  const auto found = schema.find(field);
  return found == schema.end() ? nullptr : &*found;
}

Json text_of(const Json& schema) {
  const auto* format = find(schema, "format");
  const std::string kind = format && format->is_string() ? format->get<std::string>() : "";
  if (kind == "date-time") return "2025-01-01T00:00:00Z";
  if (kind == "date") return "2025-01-01";
  if (kind == "time") return "12:00:00Z";
  if (kind == "email") return "mock@example.com";
  if (kind == "uuid") return "00000000-0000-4000-8000-000000000000";
  if (kind == "uri") return "https://example.com/";
  std::string text = "example";
  if (const auto* least = find(schema, "minLength"); least && least->is_number_unsigned())
    text.resize(std::clamp<std::size_t>(least->get<std::size_t>(), text.size(), 4096), 'x');
  if (const auto* most = find(schema, "maxLength"); most && most->is_number_unsigned())
    text.resize(std::min(most->get<std::size_t>(), text.size()));
  return text;
}

Json number_of(const Json& schema) {
  std::int64_t value = 1;
  if (const auto* most = find(schema, "maximum"); most && most->is_number())
    value = std::min(value, most->get<std::int64_t>());
  if (const auto* least = find(schema, "minimum"); least && least->is_number())
    value = std::max(value, least->get<std::int64_t>());
  if (const auto* above = find(schema, "exclusiveMinimum"); above && above->is_number())
    value = std::max(value, above->get<std::int64_t>() + 1);
  return value;
}

Json array_of(const Json& root, const Json& schema, int depth) {
  std::size_t count = 1;
  if (const auto* least = find(schema, "minItems"); least && least->is_number_unsigned())
    count = std::clamp<std::size_t>(least->get<std::size_t>(), 1, 64);
  Json out = Json::array();
  const auto* items = find(schema, "items");
  for (std::size_t i = 0; items && i < count; ++i) out.push_back(sample_of(root, *items, depth + 1));
  return out;
}

Json object_of(const Json& root, const Json& schema, int depth) {
  Json out = Json::object();
  if (const auto* fields = find(schema, "properties"); fields && fields->is_object())
    for (const auto& [name, field] : fields->items()) out[name] = sample_of(root, field, depth + 1);
  return out;
}

Json referred(const Json& root, const std::string& reference, int depth) {
  if (!reference.starts_with('#')) return nullptr;
  const Json::json_pointer pointer(reference.substr(1));
  return root.contains(pointer) ? sample_of(root, root.at(pointer), depth + 1) : Json(nullptr);
}

std::string type_of(const Json& schema) {
  const auto* type = find(schema, "type");
  if (type && type->is_string()) return type->get<std::string>();
  if (type && type->is_array() && !type->empty() && type->front().is_string())
    return type->front().get<std::string>();
  return find(schema, "properties") ? "object" : "string";
}

Json sample_of(const Json& root, const Json& schema, int depth) {
  if (depth > kDepth || !schema.is_object()) return nullptr;
  if (const auto* fixed = find(schema, "const")) return *fixed;
  if (const auto* fixed = find(schema, "default")) return *fixed;
  if (const auto* words = find(schema, "enum"); words && words->is_array() && !words->empty())
    return words->front();
  if (const auto* other = find(schema, "$ref"); other && other->is_string())
    return referred(root, other->get<std::string>(), depth);
  for (const char* choice : {"anyOf", "oneOf", "allOf"})
    if (const auto* all = find(schema, choice); all && all->is_array() && !all->empty())
      return sample_of(root, all->front(), depth + 1);
  const auto type = type_of(schema);
  if (type == "object") return object_of(root, schema, depth);
  if (type == "array") return array_of(root, schema, depth);
  if (type == "integer" || type == "number") return number_of(schema);
  if (type == "boolean") return true;
  if (type == "null") return nullptr;
  return text_of(schema);
}

}  // namespace

Json sample(const Json& schema) {
  return sample_of(schema, schema, 0);
}

}  // namespace troupe::mock
