#include "gateway/dialects/document.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

namespace troupe::dialects::doc {
namespace {

/// Longer documents (whole answers) get a parser that is replaced by the next call, so that a thread does not
/// keep their memory for ever.
constexpr std::size_t kKept = 1 << 20;

struct Room {
  std::string text;
  simdjson::dom::parser parser;
};

simdjson::simdjson_result<element> parse_in(Room& room, std::string_view text) {
  room.text.reserve(text.size() + simdjson::SIMDJSON_PADDING);
  room.text.assign(text);
  return room.parser.parse(room.text.data(), room.text.size(), false);
}

}  // namespace

simdjson::simdjson_result<element> parse(std::string_view text) {
  thread_local Room kept;
  thread_local std::unique_ptr<Room> large;
  large.reset();
  if (text.size() <= kKept) return parse_in(kept, text);
  large = std::make_unique<Room>();
  return parse_in(*large, text);
}

std::string_view text_of(const element& value) {
  std::string_view text;
  return value.get(text) == simdjson::SUCCESS ? text : std::string_view();
}

std::string_view text_of(const object& from, std::string_view key) {
  element value;
  return from[key].get(value) == simdjson::SUCCESS ? text_of(value) : std::string_view();
}

std::int64_t count_of(const element& value) {
  std::int64_t number = 0;
  if (value.get(number) == simdjson::SUCCESS) return std::max<std::int64_t>(0, number);
  double real = 0;
  const bool fits = value.get(real) == simdjson::SUCCESS && real > 0 && real < 1e15;
  return fits ? std::llround(real) : 0;
}

std::int64_t count_of(const object& from, std::string_view key) {
  element value;
  return from[key].get(value) == simdjson::SUCCESS ? count_of(value) : 0;
}

simdjson::simdjson_result<object> object_of(const object& from, std::string_view key) {
  return from[key].get_object();
}

}  // namespace troupe::dialects::doc
