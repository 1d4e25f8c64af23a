#include "gateway/dialects/ruler.hpp"

#include <algorithm>

namespace troupe::dialects {
namespace {

constexpr std::size_t kStep = 256;

/// The byte after the character at `at`.
std::size_t next(std::string_view text, std::size_t at) {
  do ++at;
  while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80);
  return at;
}

}  // namespace

void Ruler::extend(std::string_view text) {
  while (true) {
    std::size_t at = marks_.back(), count = 0;
    while (count < kStep && at < text.size()) {
      at = next(text, at);
      ++count;
    }
    if (count < kStep || at >= text.size()) return;
    marks_.push_back(at);
  }
}

std::int64_t Ruler::chars(std::string_view text, std::int64_t bytes) {
  extend(text);
  const auto goal = std::min(static_cast<std::size_t>(std::max<std::int64_t>(0, bytes)), text.size());
  const auto mark = std::upper_bound(marks_.begin(), marks_.end(), goal) - 1;
  auto count = static_cast<std::int64_t>(kStep) * (mark - marks_.begin());
  for (auto at = *mark; at < goal; at = next(text, at)) ++count;
  return count;
}

std::int64_t Ruler::bytes(std::string_view text, std::int64_t chars) {
  extend(text);
  const auto goal = static_cast<std::size_t>(std::max<std::int64_t>(0, chars));
  const auto mark = std::min(goal / kStep, marks_.size() - 1);
  auto at = marks_[mark];
  for (auto count = mark * kStep; count < goal && at < text.size(); ++count) at = next(text, at);
  return static_cast<std::int64_t>(at);
}

}  // namespace troupe::dialects
