#pragma once
// Server-sent events, split out of a body that comes in any pieces (WHATWG HTML, section 9.2.6).
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace troupe::dialects {

/// One event. The views point into the piece that was pushed last or into the splitter; they hold until the
/// next call of next(), push() or finish().
struct SseFrame {
  std::string_view event;  ///< "" when unnamed
  std::string_view data;   ///< several data lines are joined by LF
  std::string_view raw;    ///< the frame as it came, its blank line included
  bool plain = false;      ///< raw has only LF line ends, no comment and its blank line: fit to be relayed
};

/// Copies only what one piece leaves unfinished. Frames without data (comments, keep-alives) are skipped.
class SseSplitter {
 public:
  static constexpr std::size_t kMaxFrame = 4 << 20;  ///< bytes; a longer frame is malformed

  /// Call next() until it is empty before the next push(); `piece` must live that long.
  void push(std::string_view piece);
  /// The next whole frame, or nothing until more is pushed.
  std::optional<SseFrame> next();
  /// At the end of the body: what stands there without its blank line, as a frame.
  std::optional<SseFrame> finish();
  /// A frame passed kMaxFrame; nothing more will come out.
  bool overflowed() const { return overflowed_; }

 private:
  std::optional<std::size_t> line_end();
  void read_line(std::string_view line);
  std::optional<SseFrame> take(std::size_t end);
  void keep_rest();
  void start_frame(std::size_t at);

  std::string kept_;         ///< an unfinished frame and what came after it
  std::string joined_;       ///< data of several lines
  std::string_view input_;   ///< the piece, or kept_
  std::size_t frame_ = 0;    ///< where the current frame starts in input_
  std::size_t line_ = 0;     ///< where its current line starts
  std::size_t scanned_ = 0;  ///< no line end before this
  std::size_t lf_ = 0;       ///< the first LF after scanned_, or the end; when lf_known_
  std::size_t event_at_ = 0, event_size_ = 0, data_at_ = 0, data_size_ = 0;  ///< relative to frame_
  int data_lines_ = 0;
  bool lf_known_ = false, plain_ = true, skip_lf_ = false, first_ = true, overflowed_ = false;
};

}  // namespace troupe::dialects
