#include "gateway/mock/fields.hpp"

namespace troupe::mock {

const Json& at_or_null(const Json& object, const char* field) {
  static const Json nothing;
  if (!object.is_object()) return nothing;
  const auto found = object.find(field);
  return found == object.end() ? nothing : *found;
}

std::string text_at(const Json& object, const char* field) {
  const auto& value = at_or_null(object, field);
  return value.is_string() ? value.get<std::string>() : std::string();
}

std::optional<std::int64_t> number_at(const Json& object, const char* field) {
  const auto& value = at_or_null(object, field);
  if (!value.is_number()) return std::nullopt;
  return value.get<std::int64_t>();
}

bool flag_at(const Json& object, const char* field) {
  const auto& value = at_or_null(object, field);
  return value.is_boolean() && value.get<bool>();
}

}  // namespace troupe::mock
