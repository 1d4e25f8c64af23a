#include "gateway/dialects/fields.hpp"

#include <algorithm>

namespace troupe::dialects {

Result<Json> read_body(std::string_view body) {
  auto from = read(body);
  if (from.is_object()) return from;
  return fail(Fault::caller_bad_request,
              "The body is no JSON object, is nested too deeply, or holds a number that is out of range.", {},
              "invalid_json");
}

std::vector<std::string> texts(const Json& from, std::string_view name) {
  std::vector<std::string> out;
  const auto* value = member(from, name);
  if (value && value->is_string()) out.push_back(value->get<std::string>());
  if (!value || !value->is_array()) return out;
  for (const auto& one : *value) {
    if (one.is_string()) out.push_back(one.get<std::string>());
  }
  return out;
}

void keep_extras(const Json& from, std::span<const std::string_view> known, Conversation& into) {
  for (const auto& [name, value] : from.items()) {
    if (!value.is_null() && std::find(known.begin(), known.end(), name) == known.end())
      into.extras.emplace_back(name, value);
  }
}

}  // namespace troupe::dialects
