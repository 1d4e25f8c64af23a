#include "gateway/batch/input.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "gateway/batch/objects.hpp"

namespace troupe::batch {

void Input::note(std::optional<LineError> error) {
  if (!error) return;
  ++mistakes_;
  if (errors_.size() < Batch::kErrors) errors_.push_back(std::move(*error));
}

/// A line is complete in pending_, without its end.
void Input::line_end() {
  if (!skipping_) {
    if (!blank(pending_) && lines_.size() <= kMostLines)
      lines_.push_back({begin_, static_cast<std::uint32_t>(pending_.size())});
    note(check_.next(pending_));
  }
  skipping_ = false;
  pending_.clear();
}

Result<bool> Input::step() {
  const auto piece = file_.read(read_, kPiece);
  if (!piece) return tl::unexpected(piece.error());
  for (std::string_view rest = *piece; !rest.empty();) {
    const auto end = std::min(rest.find('\n'), rest.size());
    if (!skipping_) pending_.append(rest.substr(0, end));
    if (!skipping_ && pending_.size() > kLongestLine) {
      note(check_.next(pending_));
      pending_.clear();
      skipping_ = true;
    }
    const bool whole = end < rest.size();
    read_ += end + (whole ? 1 : 0);
    rest.remove_prefix(end + (whole ? 1 : 0));
    if (!whole) break;
    line_end();
    begin_ = read_;
  }
  if (piece->size() == kPiece) return false;
  if (!pending_.empty() || skipping_) line_end();
  note(check_.end());
  return true;
}

}  // namespace troupe::batch
