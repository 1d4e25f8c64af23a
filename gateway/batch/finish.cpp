#include "gateway/batch/finish.hpp"

#include <algorithm>
#include <utility>

namespace troupe::batch {

Finish::Finish(Parts parts) : parts_(std::move(parts)) {
  std::stable_sort(parts_.entries.begin(), parts_.entries.end(),
                   [](const Entry& a, const Entry& b) { return a.line < b.line; });
}

Result<void> Finish::flush() {
  const auto write = [](std::optional<DiskFile>& file, std::string& text, std::uint64_t& at) -> Result<void> {
    if (!file || text.empty()) return {};
    if (auto written = file->write(at, text); !written) return written;
    at += text.size();
    text.clear();
    return {};
  };
  if (auto written = write(parts_.output, output_, output_at_); !written) return written;
  return write(parts_.errors, errors_, error_at_);
}

Result<bool> Finish::step() {
  while (line_ < parts_.lines && output_.size() + errors_.size() < kPiece) {
    const auto line = line_++;
    const bool finished = entry_ < parts_.entries.size() && parts_.entries[entry_].line == line;
    if (!finished) {
      auto text = parts_.unfinished ? parts_.unfinished(line) : Result<std::string>(std::string());
      if (!text) return tl::unexpected(text.error());
      if (!text->empty()) errors_.append(*text).append("\n");
      continue;
    }
    const auto& entry = parts_.entries[entry_];
    const auto text = parts_.journal.read(entry.offset, entry.size);
    if (!text) return tl::unexpected(text.error());
    (entry.good ? output_ : errors_).append(*text).append("\n");
    while (entry_ < parts_.entries.size() && parts_.entries[entry_].line == line) ++entry_;
  }
  if (auto written = flush(); !written) return tl::unexpected(written.error());
  if (line_ < parts_.lines) return false;
  for (auto* file : {&parts_.output, &parts_.errors}) {
    if (!*file) continue;
    if (auto synced = (*file)->sync(); !synced) return tl::unexpected(synced.error());
  }
  return true;
}

}  // namespace troupe::batch
