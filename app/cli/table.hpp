#pragma once
// Tables for people. Pure.
#include <string>
#include <string_view>
#include <vector>

namespace troupe::cli {

enum class Paint : unsigned char { plain, bold, dim, green, yellow, red, cyan };

/// `text` in that colour when `on`.
std::string paint(std::string_view text, Paint how, bool on);

/// The colour of a state's name: available green, half-open and saturated yellow, open and dead red.
Paint paint_of_state(std::string_view state);

/// Columns of a terminal that `text` takes: characters, not bytes; wide characters are counted as one.
std::size_t width(std::string_view text);
/// At most `columns` wide, with "…" where it was cut.
std::string clip(std::string_view text, std::size_t columns);

struct Cell {
  Cell(std::string content, Paint how = Paint::plain) : text(std::move(content)), paint(how) {}
  Cell(const char* content) : text(content) {}
  std::string text;
  Paint paint = Paint::plain;
};

class Table {
 public:
  /// A title that begins with '>' aligns its column to the right.
  explicit Table(std::vector<std::string> titles);
  void add(std::vector<Cell> row);
  bool empty() const { return rows_.empty(); }
  /// Two spaces between columns, no trailing space, a line break after each row. `most` is the widest that a
  /// cell may be.
  std::string render(bool color, std::size_t most = 48) const;

 private:
  std::vector<std::size_t> widths(std::size_t most) const;
  std::vector<std::string> titles_;
  std::vector<bool> right_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace troupe::cli
