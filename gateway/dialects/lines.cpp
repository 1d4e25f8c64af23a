#include "gateway/dialects/lines.hpp"

#include <utility>

namespace troupe::dialects {
namespace {

std::string_view trim(std::string_view text) {
  const auto from = text.find_first_not_of(" \t\r\n");
  if (from == text.npos) return {};
  return text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1);
}

}  // namespace

void LineSplitter::push(std::string_view piece) {
  piece_ = piece;
}

std::optional<std::string_view> LineSplitter::next() {
  while (!overflowed_) {
    const auto end = piece_.find('\n');
    const auto part = piece_.substr(0, end);
    overflowed_ = kept_.size() + part.size() > kMaxLine;
    if (overflowed_) break;
    if (end == piece_.npos) {
      kept_.append(part);
      piece_ = {};
      return std::nullopt;
    }
    piece_.remove_prefix(end + 1);
    auto line = part;
    if (!kept_.empty()) {
      line_ = std::exchange(kept_, {}).append(part);
      line = line_;
    }
    if (line = trim(line); !line.empty()) return line;
  }
  kept_.clear();
  return std::nullopt;
}

std::string_view LineSplitter::rest() {
  line_ = std::exchange(kept_, {});
  return trim(line_);
}

}  // namespace troupe::dialects
