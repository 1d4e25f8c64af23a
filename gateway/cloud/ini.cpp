#include "gateway/cloud/ini.hpp"

#include <algorithm>

namespace troupe::cloud {
namespace {

bool space(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && space(text.front())) text.remove_prefix(1);
  while (!text.empty() && space(text.back())) text.remove_suffix(1);
  return text;
}

/// A comment at the end of a value begins after a space: keys may hold '#' themselves.
std::string_view without_comment(std::string_view value) {
  for (std::size_t at = 1; at < value.size(); ++at) {
    if ((value[at] == '#' || value[at] == ';') && space(value[at - 1])) return trim(value.substr(0, at));
  }
  return value;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (auto& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

/// [profile "two words"] and [profile  name] as "profile two words" and "profile name".
std::string section_name(std::string_view inside) {
  std::string out;
  for (const char c : trim(inside)) {
    if (c == '"' || c == '\'') continue;
    if (!space(c)) {
      out.push_back(c);
    } else if (!out.empty() && out.back() != ' ') {
      out.push_back(' ');
    }
  }
  return out;
}

}  // namespace

Ini parse_ini(std::string_view text) {
  Ini ini;
  IniSection* section = nullptr;
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const auto bare = trim(line);
    if (bare.empty() || bare.front() == '#' || bare.front() == ';') continue;
    if (bare.front() == '[') {
      const auto close = bare.find(']');
      section = close == std::string_view::npos ? nullptr : &ini[section_name(bare.substr(1, close - 1))];
      continue;
    }
    const auto equals = bare.find('=');
    if (section == nullptr || space(line.front()) || equals == std::string_view::npos) continue;
    (*section)[lower(trim(bare.substr(0, equals)))] = without_comment(trim(bare.substr(equals + 1)));
  }
  return ini;
}

}  // namespace troupe::cloud
