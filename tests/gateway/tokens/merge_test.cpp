#include "gateway/tokens/merge.hpp"

#include <algorithm>

#include "core/random.hpp"
#include "tests/gateway/tokens/support.hpp"

using namespace troupe::tokens;

namespace {

std::vector<std::uint32_t> encoded(const Ranks& ranks, std::string_view piece) {
  Merger merger;
  std::vector<std::uint32_t> ids;
  merger.encode(ranks, piece, ids);
  CHECK(merger.count(ranks, piece) == ids.size());
  return ids;
}

std::string text_of(const Ranks& ranks, const std::vector<std::uint32_t>& ids) {
  std::string text;
  for (const auto id : ids) text += ranks.token(id);
  return text;
}

/// As the rule reads, with no thought of speed.
std::vector<std::uint32_t> by_the_book(const Ranks& ranks, std::string_view piece) {
  std::vector<std::string> parts;
  for (const char c : piece) parts.emplace_back(1, c);
  while (parts.size() > 1 && ranks.find(piece) == Ranks::kNone) {
    std::size_t best = 0;
    const auto rank = [&](std::size_t i) { return ranks.find(parts[i] + parts[i + 1]); };
    for (std::size_t i = 1; i + 1 < parts.size(); ++i) {
      if (rank(i) < rank(best)) best = i;
    }
    if (rank(best) == Ranks::kNone) break;
    parts[best] += parts[best + 1];
    parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(best) + 1);
  }
  if (ranks.find(piece) != Ranks::kNone) parts = {std::string(piece)};
  std::vector<std::uint32_t> ids;
  for (const auto& part : parts) ids.push_back(ranks.find(part));
  return ids;
}

}  // namespace

TEST_CASE("neighbours of the lowest rank merge first, the leftmost of equals") {
  const auto ranks = ranks_of({"bc", "ab", "aa", "abcd"});
  CHECK(encoded(ranks, "abc") == std::vector<std::uint32_t>{'a', 256});
  CHECK(encoded(ranks, "aaa") == std::vector<std::uint32_t>{258, 'a'});
  CHECK(encoded(ranks, "abcd") == std::vector<std::uint32_t>{259});
  CHECK(encoded(ranks, "x") == std::vector<std::uint32_t>{'x'});
  CHECK(encoded(ranks, "").empty());
}

TEST_CASE("short and long pieces, by list and by heap, merge as the rule reads") {
  const auto ranks = ranks_of({"aa", "ab", "ba", "aab", "bb", "abab", "aaaa", "bbb", "cab", "aaaaaaaa"});
  auto random = troupe::Random(7);
  for (int round = 0; round < 300; ++round) {
    std::string piece;
    const auto size = 1 + random.below(round % 3 == 0 ? 400 : 90);
    for (std::uint64_t i = 0; i < size; ++i) piece += static_cast<char>('a' + random.below(3));
    CAPTURE(piece);
    const auto ids = encoded(ranks, piece);
    CHECK(ids == by_the_book(ranks, piece));
    CHECK(text_of(ranks, ids) == piece);
  }
}

TEST_CASE("a merger forgets one piece before the next") {
  const auto ranks = ranks_of({"ab"});
  Merger merger;
  CHECK(merger.count(ranks, std::string(500, 'a')) == 500);
  CHECK(merger.count(ranks, "abab") == 2);
  CHECK(merger.count(ranks, "ab") == 1);
}
