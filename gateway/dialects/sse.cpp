#include "gateway/dialects/sse.hpp"

#include <cstring>

namespace troupe::dialects {
namespace {

std::size_t find(std::string_view text, char wanted, std::size_t from, std::size_t to) {
  if (from >= to) return to;
  const void* at = std::memchr(text.data() + from, wanted, to - from);
  return at ? static_cast<std::size_t>(static_cast<const char*>(at) - text.data()) : to;
}

}  // namespace

void SseSplitter::push(std::string_view piece) {
  if (overflowed_) return;
  lf_known_ = false;
  if (kept_.empty()) {
    input_ = piece;
  } else {
    kept_.append(piece);
    input_ = kept_;
  }
}

std::optional<std::size_t> SseSplitter::line_end() {
  if (!lf_known_ || lf_ < scanned_) lf_ = find(input_, '\n', scanned_, input_.size());
  lf_known_ = true;
  const auto end = find(input_, '\r', scanned_, lf_);
  if (end < input_.size()) return end;
  scanned_ = input_.size();
  return std::nullopt;
}

void SseSplitter::start_frame(std::size_t at) {
  frame_ = line_ = scanned_ = at;
  data_lines_ = 0;
  event_size_ = 0;
  plain_ = true;
}

std::optional<SseFrame> SseSplitter::next() {
  while (!overflowed_) {
    if (skip_lf_ && line_ < input_.size()) {
      skip_lf_ = false;
      if (input_[line_] == '\n') {
        // The second half of a CRLF whose first half ended the line already.
        const bool between_frames = line_ == frame_;
        line_ = scanned_ = line_ + 1;
        if (between_frames) frame_ = line_;
      }
    }
    const auto end = line_end();
    if (!end) break;
    const auto line = input_.substr(line_, *end - line_);
    if (input_[*end] == '\r') plain_ = false, skip_lf_ = true;
    if (!line.empty()) {
      read_line(line);
      line_ = scanned_ = *end + 1;
      if (line_ - frame_ > kMaxFrame) break;
      continue;
    }
    if (auto frame = take(*end + 1)) return frame;
  }
  keep_rest();
  return std::nullopt;
}

void SseSplitter::read_line(std::string_view line) {
  if (first_ && line.substr(0, 3) == "\xEF\xBB\xBF") line.remove_prefix(3), plain_ = false;
  first_ = false;
  const auto colon = find(line, ':', 0, line.size());
  const auto name = line.substr(0, colon);
  if (colon == 0) plain_ = false;  // a comment
  auto value = line.substr(colon < line.size() ? colon + 1 : colon);
  if (!value.empty() && value.front() == ' ') value.remove_prefix(1);
  const auto at = static_cast<std::size_t>(value.data() - input_.data()) - frame_;
  if (name == "event") {
    event_at_ = at, event_size_ = value.size();
  } else if (name == "data") {
    if (data_lines_ == 0) {
      data_at_ = at, data_size_ = value.size();
    } else {
      if (data_lines_ == 1) joined_.assign(input_.substr(frame_ + data_at_, data_size_));
      joined_.append(1, '\n').append(value);
    }
    ++data_lines_;
  }
}

/// Ends the current frame before `end`. Nothing when it had no data.
std::optional<SseFrame> SseSplitter::take(std::size_t end) {
  std::optional<SseFrame> frame;
  if (data_lines_ > 0) {
    frame.emplace();
    frame->data = data_lines_ == 1 ? input_.substr(frame_ + data_at_, data_size_) : std::string_view(joined_);
    if (event_size_ > 0) frame->event = input_.substr(frame_ + event_at_, event_size_);
    frame->raw = input_.substr(frame_, end - frame_);
    frame->plain = plain_;
  }
  start_frame(end);
  return frame;
}

void SseSplitter::keep_rest() {
  const auto rest = input_.substr(frame_);
  if (rest.size() > kMaxFrame) {
    overflowed_ = true;
    kept_.clear();
    return;
  }
  if (input_.data() == kept_.data()) {
    kept_.erase(0, frame_);
  } else {
    kept_.assign(rest);
  }
  line_ -= frame_;
  scanned_ -= frame_;
  frame_ = 0;
  lf_known_ = false;
  input_ = kept_;
}

std::optional<SseFrame> SseSplitter::finish() {
  if (overflowed_) return std::nullopt;
  if (line_ < input_.size()) {
    read_line(input_.substr(line_));
    line_ = input_.size();
  }
  plain_ = false;
  return take(input_.size());
}

}  // namespace troupe::dialects
