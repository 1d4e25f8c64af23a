#include "gateway/cache/wish.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace troupe::cache {
namespace {

std::string_view trim(std::string_view text) {
  const auto from = text.find_first_not_of(" \t");
  if (from == text.npos) return {};
  return text.substr(from, text.find_last_not_of(" \t") - from + 1);
}

std::optional<Duration> seconds(std::string_view text) {
  std::int64_t value = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || end.ec != std::errc() || end.ptr != text.data() + text.size() || value < 0)
    return std::nullopt;
  const std::int64_t most = std::chrono::duration_cast<std::chrono::seconds>(kLongestTtl).count();
  return std::chrono::seconds(std::min(value, most));
}

}  // namespace

std::optional<Wish> read_wish(std::string_view text) {
  Wish wish;
  if (trim(text).empty()) return wish;
  for (;;) {
    const auto comma = text.find(',');
    const auto word = trim(text.substr(0, comma));
    if (word == "no-store") {
      wish.look = wish.store = false;
    } else if (word == "no-cache") {
      wish.look = false;
    } else if (word.starts_with("ttl=")) {
      wish.ttl = seconds(word.substr(4));
      if (!wish.ttl) return std::nullopt;
    } else {
      return std::nullopt;
    }
    if (comma == text.npos) return wish;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace troupe::cache
