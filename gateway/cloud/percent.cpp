#include "gateway/cloud/percent.hpp"

#include <optional>

namespace troupe::cloud {
namespace {

bool unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

std::optional<char> escaped(std::string_view text) {
  if (text.size() < 3 || text[0] != '%' || digit(text[1]) < 0 || digit(text[2]) < 0) return std::nullopt;
  return static_cast<char>(digit(text[1]) * 16 + digit(text[2]));
}

}  // namespace

std::string percent_encode(std::string_view text, std::string_view keep) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size() + text.size() / 4);
  for (const char c : text) {
    if (unreserved(c) || keep.find(c) != std::string_view::npos) {
      out.push_back(c);
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out.push_back('%');
      out.push_back(kDigits[byte >> 4]);
      out.push_back(kDigits[byte & 15]);
    }
  }
  return out;
}

std::string percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto byte = escaped(text);
    out.push_back(byte.value_or(text.front()));
    text.remove_prefix(byte ? 3 : 1);
  }
  return out;
}

Form& Form::add(std::string_view name, std::string_view value) {
  if (!text_.empty()) text_.push_back('&');
  text_.append(percent_encode(name)).append("=").append(percent_encode(value));
  return *this;
}

}  // namespace troupe::cloud
