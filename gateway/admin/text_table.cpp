#include "gateway/admin/text_table.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iterator>
#include <vector>

namespace troupe::admin {
namespace {

constexpr std::size_t kWidest = 48;

/// Four digits are enough to read; large numbers are whole, not powers of ten.
std::string number_text(double value) {
  return std::abs(value) >= 1000 ? fmt::format("{:.0f}", value) : fmt::format("{:.4g}", value);
}

/// The same for every number inside.
Json rounded(const Json& value) {
  if (value.is_number_float()) return std::strtod(number_text(value.get<double>()).c_str(), nullptr);
  auto out = value;
  if (out.is_structured())
    for (auto& part : out) part = rounded(part);
  return out;
}

std::string dumped(const Json& value) {
  return rounded(value).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string windows_text(const Json& windows) {
  std::string out;
  for (const auto& window : windows)
    fmt::format_to(std::back_inserter(out), "{}{} {}/{}", out.empty() ? "" : ", ",
                   window["name"].get<std::string>(), dumped(window["used"]), dumped(window["limit"]));
  return out;
}

bool is_windows(const Json& value) {
  return value.is_array() && !value.empty() && value[0].is_object() && value[0].contains("used") &&
         value[0].contains("limit") && value[0].contains("name");
}

/// One line, no control characters: what a peer sent must not move the terminal's cursor.
std::string plain(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
  return text;
}

std::string cell(const Json& value) {
  if (value.is_null()) return "-";
  if (value.is_string()) {
    auto text = plain(value.get<std::string>());
    return text.empty() ? "-" : text;
  }
  if (value.is_number_float()) return number_text(value.get<double>());
  if (value.is_structured() && value.empty()) return "-";
  if (is_windows(value)) return windows_text(value);
  auto text = dumped(value);
  if (value.is_structured() && text.size() > kWidest) text = text.substr(0, kWidest - 1) + "~";
  return text;
}

bool is_table(const Json& value) {
  return value.is_array() && !value.empty() && value[0].is_object();
}

void append_row(std::string& out, const std::vector<std::string>& cells,
                const std::vector<std::size_t>& widths) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i)
    fmt::format_to(std::back_inserter(line), "{:<{}}", cells[i], widths[i] + 2);
  line.erase(line.find_last_not_of(' ') + 1);
  out += line + "\n";
}

void append_table(std::string& out, const Json& rows) {
  std::vector<std::vector<std::string>> lines(1);
  for (const auto& [name, value] : rows[0].items()) lines[0].push_back(name);
  for (const auto& row : rows) {
    auto& line = lines.emplace_back();
    for (const auto& name : lines[0]) line.push_back(row.contains(name) ? cell(row[name]) : "-");
  }
  std::vector<std::size_t> widths(lines[0].size());
  for (const auto& line : lines)
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
  for (const auto& line : lines) append_row(out, line, widths);
}

}  // namespace

std::string to_text(const Json& document) {
  if (!document.is_object()) return cell(document) + "\n";
  std::string scalars, tables;
  const bool many = std::count_if(document.begin(), document.end(), is_table) > 1;
  for (const auto& [name, value] : document.items()) {
    if (!is_table(value)) {
      if (value.is_array() && value.empty()) continue;
      fmt::format_to(std::back_inserter(scalars), "{}: {}\n", name, cell(value));
      continue;
    }
    if (many || !tables.empty()) tables += (tables.empty() ? "" : "\n") + name + ":\n";
    append_table(tables, value);
  }
  if (scalars.empty() || tables.empty()) return scalars + tables;
  return scalars + "\n" + tables;
}

}  // namespace troupe::admin
