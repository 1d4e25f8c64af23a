#include "gateway/dialects/json.hpp"

#include <fmt/format.h>
#include <cmath>

namespace troupe::dialects {
namespace {

/// Counts brackets outside of strings; right for every valid text, and that is enough.
bool too_deep(std::string_view text) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\') ++i;
      quoted = c != '"';
    } else if (c == '"') {
      quoted = true;
    } else if (c == '[' || c == '{') {
      if (++depth > kMaxNesting) return true;
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return false;
}

}  // namespace

Json read(std::string_view text) {
  if (too_deep(text)) return Json(Json::value_t::discarded);
  return Json::parse(text, nullptr, false);
}

const Json* member(const Json& from, std::string_view name) {
  if (!from.is_object()) return nullptr;
  const auto found = from.find(name);
  return found == from.end() || found->is_null() ? nullptr : &*found;
}

std::string text(const Json& from, std::string_view name) {
  const auto* value = member(from, name);
  return value && value->is_string() ? value->get<std::string>() : std::string();
}

std::optional<bool> flag(const Json& from, std::string_view name) {
  const auto* value = member(from, name);
  return value && value->is_boolean() ? std::optional(value->get<bool>()) : std::nullopt;
}

std::optional<double> number(const Json& from, std::string_view name) {
  const auto* value = member(from, name);
  return value && value->is_number() ? std::optional(value->get<double>()) : std::nullopt;
}

std::optional<std::int64_t> whole(const Json& from, std::string_view name) {
  const auto* value = member(from, name);
  if (!value || !value->is_number()) return std::nullopt;
  if (value->is_number_integer()) return value->get<std::int64_t>();
  const auto real = value->get<double>();
  if (std::trunc(real) != real || std::abs(real) > 9e15) return std::nullopt;
  return static_cast<std::int64_t>(real);
}

std::string dump(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json arguments_object(std::string_view text) {
  if (text.find_first_not_of(" \t\r\n") == text.npos) return Json::object();
  auto parsed = read(text);
  if (parsed.is_object()) return parsed;
  return {{"arguments", parsed.is_discarded() ? Json(text) : std::move(parsed)}};
}

tl::unexpected<Error> unsupported(std::string field, std::string_view why) {
  auto message = fmt::format("'{}' cannot be sent to this model: {}.", field, why);
  return fail(Fault::caller_bad_request, std::move(message), std::move(field), "unsupported_parameter");
}

tl::unexpected<Error> invalid(std::string field, std::string_view why) {
  auto message = fmt::format("Invalid '{}': {}.", field, why);
  return fail(Fault::caller_bad_request, std::move(message), std::move(field), "invalid_value");
}

}  // namespace troupe::dialects
