#pragma once
// Lines, split out of a body that comes in any pieces: newline-delimited JSON.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace troupe::dialects {

/// Copies only what one piece leaves unfinished. Views hold until the next push() or rest().
class LineSplitter {
 public:
  static constexpr std::size_t kMaxLine = 4 << 20;  ///< bytes; a longer line is malformed

  /// Call next() until it is empty before the next push(); `piece` must live that long.
  void push(std::string_view piece);
  /// The next whole line, without its line end and the blanks around it; empty lines are passed over.
  std::optional<std::string_view> next();
  /// At the end of the body: what stands there without its line end.
  std::string_view rest();
  /// A line passed kMaxLine; nothing more will come out.
  bool overflowed() const { return overflowed_; }

 private:
  std::string kept_;  ///< an unfinished line
  std::string line_;  ///< one that began in an earlier piece
  std::string_view piece_;
  bool overflowed_ = false;
};

}  // namespace troupe::dialects
