#include "gateway/dialects/json_walk.hpp"

#include <cstring>

namespace troupe::dialects::json {
namespace {

using simdjson::error_code;

bool is_space(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// The four hex digits after "\u", or -1.
int unit(std::string_view text, std::size_t at) {
  if (at + 4 > text.size()) return -1;
  int value = 0;
  for (const char c : text.substr(at, 4)) {
    const int low = c | 0x20;
    if (is_digit(c)) {
      value = value * 16 + (c - '0');
    } else if (low >= 'a' && low <= 'f') {
      value = value * 16 + (low - 'a' + 10);
    } else {
      return -1;
    }
  }
  return value;
}

struct Escape {
  std::size_t raw = 0, text = 0;  ///< bytes taken and bytes meant; raw = 0 when it is wrong
};

Escape read_escape(std::string_view text, std::size_t at) {
  const char c = at + 1 < text.size() ? text[at + 1] : '\0';
  if (c != 'u') return c != '\0' && std::strchr("\"\\/bfnrt", c) ? Escape{2, 1} : Escape{};
  const int first = unit(text, at + 2);
  if (first < 0 || (first >= 0xDC00 && first <= 0xDFFF)) return {};
  if (first < 0xD800 || first > 0xDBFF) return {6, first < 0x80 ? 1U : first < 0x800 ? 2U : 3U};
  if (text.substr(at + 6, 2) != "\\u") return {};
  const int second = unit(text, at + 8);
  return second >= 0xDC00 && second <= 0xDFFF ? Escape{12, 4} : Escape{};
}

/// `quoted` ends before the next structural character, and simdjson has checked UTF-8 and control characters.
error_code check_string(std::string_view quoted, std::size_t& text) {
  if (quoted.size() < 2 || quoted.back() != '"') return simdjson::STRING_ERROR;
  const auto inner = quoted.substr(1, quoted.size() - 2);
  text = inner.size();
  std::size_t at = 0;
  while (at < inner.size()) {
    const void* found = std::memchr(inner.data() + at, '\\', inner.size() - at);
    if (!found) break;
    at = static_cast<std::size_t>(static_cast<const char*>(found) - inner.data());
    const auto escape = read_escape(inner, at);
    if (escape.raw == 0) return simdjson::STRING_ERROR;
    at += escape.raw;
    text -= escape.raw - escape.text;
  }
  return simdjson::SUCCESS;
}

error_code check_scalar(std::string_view token, std::size_t& text) {
  if (token.empty()) return simdjson::TAPE_ERROR;
  text = token.size();
  switch (token.front()) {
    case '"':
      return check_string(token, text);
    case 't':
      return token == "true" ? simdjson::SUCCESS : simdjson::T_ATOM_ERROR;
    case 'f':
      return token == "false" ? simdjson::SUCCESS : simdjson::F_ATOM_ERROR;
    case 'n':
      return token == "null" ? simdjson::SUCCESS : simdjson::N_ATOM_ERROR;
    default:
      return is_number(token) ? simdjson::SUCCESS : simdjson::NUMBER_ERROR;
  }
}

error_code walk(Value& value, int depth);

error_code walk_object(Value& value, int depth) {
  simdjson::ondemand::object object;
  if (auto error = value.get_object().get(object)) return error;
  for (auto item : object) {
    simdjson::ondemand::field field;
    if (auto error = std::move(item).get(field)) return error;
    std::string_view key;
    if (auto error = field.unescaped_key().get(key)) return error;
    if (auto error = walk(field.value(), depth + 1)) return error;
  }
  return simdjson::SUCCESS;
}

error_code walk_array(Value& value, int depth) {
  simdjson::ondemand::array array;
  if (auto error = value.get_array().get(array)) return error;
  for (auto item : array) {
    Value element;
    if (auto error = std::move(item).get(element)) return error;
    if (auto error = walk(element, depth + 1)) return error;
  }
  return simdjson::SUCCESS;
}

error_code walk(Value& value, int depth) {
  const auto first = token(value);
  if (depth >= kMaxDepth) return simdjson::DEPTH_ERROR;
  if (!first.empty() && first.front() == '{') return walk_object(value, depth);
  if (!first.empty() && first.front() == '[') return walk_array(value, depth);
  std::size_t text = 0;
  return check_scalar(first, text);
}

}  // namespace

std::string_view token(Value& value) {
  auto raw = value.raw_json_token();
  while (!raw.empty() && is_space(raw.back())) raw.remove_suffix(1);
  return raw;
}

Seen check(Value& value, int depth) {
  Seen seen;
  seen.raw = token(value);
  const bool nested = !seen.raw.empty() && (seen.raw.front() == '{' || seen.raw.front() == '[');
  if (!nested) {
    seen.error = check_scalar(seen.raw, seen.text);
    return seen;
  }
  seen.error = walk(value, depth);
  if (seen.error) return seen;
  const char* end = nullptr;
  seen.error = value.current_location().get(end);
  if (seen.error) return seen;
  while (is_space(end[-1])) --end;
  seen.text = static_cast<std::size_t>(end - seen.raw.data());
  seen.raw = {seen.raw.data(), seen.text};
  return seen;
}

std::string_view kind(std::string_view token) {
  switch (token.empty() ? '\0' : token.front()) {
    case '{':
      return "an object";
    case '[':
      return "an array";
    case '"':
      return "a string";
    case 't':
    case 'f':
      return "a boolean";
    case 'n':
      return "null";
    default:
      return token.find_first_of(".eE") == token.npos ? "an integer" : "a decimal";
  }
}

bool is_number(std::string_view token) {
  std::size_t at = 0;
  const auto digits = [&] {
    const auto from = at;
    while (at < token.size() && is_digit(token[at])) ++at;
    return at > from;
  };
  if (at < token.size() && token[at] == '-') ++at;
  if (at < token.size() && token[at] == '0') {
    ++at;
  } else if (!digits()) {
    return false;
  }
  if (at < token.size() && token[at] == '.') {
    ++at;
    if (!digits()) return false;
  }
  if (at < token.size() && (token[at] | 0x20) == 'e') {
    ++at;
    if (at < token.size() && (token[at] == '+' || token[at] == '-')) ++at;
    if (!digits()) return false;
  }
  return at == token.size();
}

}  // namespace troupe::dialects::json
