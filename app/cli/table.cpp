#include "app/cli/table.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace troupe::cli {
namespace {

constexpr std::string_view kCodes[] = {"", "1", "2", "32", "33", "31", "36"};

bool continues(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

std::string padded(const Cell& cell, std::size_t columns, bool right, bool color, bool last) {
  const auto text = clip(cell.text, columns);
  const std::string space(columns - width(text), ' ');
  const auto painted = paint(text, cell.paint, color);
  if (right) return space + painted;
  return last ? painted : painted + space;
}

}  // namespace

std::string paint(std::string_view text, Paint how, bool on) {
  const auto code = kCodes[static_cast<std::size_t>(how)];
  if (!on || code.empty() || text.empty()) return std::string(text);
  return fmt::format("\033[{}m{}\033[0m", code, text);
}

Paint paint_of_state(std::string_view state) {
  for (const char* good : {"available", "closed", "ready", "running", "ok", "up", "idle", "serving", "alive"})
    if (state == good) return Paint::green;
  for (const char* bad : {"open", "dead", "down", "failed", "unhealthy"})
    if (state == bad) return Paint::red;
  return state.empty() ? Paint::plain : Paint::yellow;
}

std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !continues(c); }));
}

std::string clip(std::string_view text, std::size_t columns) {
  if (width(text) <= columns) return std::string(text);
  std::string out;
  std::size_t used = 0;
  for (const char c : text) {
    if (!continues(c) && ++used >= columns) break;
    out += c;
  }
  return columns == 0 ? "" : out + "…";
}

Table::Table(std::vector<std::string> titles) {
  for (auto& title : titles) {
    right_.push_back(title.starts_with('>'));
    titles_.push_back(right_.back() ? title.substr(1) : std::move(title));
  }
}

void Table::add(std::vector<Cell> row) {
  row.resize(titles_.size(), Cell(""));
  rows_.push_back(std::move(row));
}

std::vector<std::size_t> Table::widths(std::size_t most) const {
  std::vector<std::size_t> out;
  for (const auto& title : titles_) out.push_back(width(title));
  for (const auto& row : rows_)
    for (std::size_t i = 0; i < row.size(); ++i)
      out[i] = std::max(out[i], std::min(width(row[i].text), most));
  return out;
}

std::string Table::render(bool color, std::size_t most) const {
  const auto columns = widths(most);
  std::string out;
  const auto line = [&](const std::vector<Cell>& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) out += "  ";
      out += padded(cells[i], columns[i], right_[i], color, i + 1 == cells.size());
    }
    while (out.ends_with(' ')) out.pop_back();
    out += '\n';
  };
  std::vector<Cell> head;
  for (const auto& title : titles_) head.emplace_back(title, Paint::bold);
  line(head);
  for (const auto& row : rows_) line(row);
  return out;
}

}  // namespace troupe::cli
