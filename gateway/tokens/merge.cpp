#include "gateway/tokens/merge.hpp"

#include <algorithm>
#include <functional>

namespace troupe::tokens {
namespace {

/// Bytes; below, looking at every part is faster than keeping a heap.
constexpr std::size_t kShort = 96;
constexpr std::uint32_t kEnd = 0xFFFFFFFF;

/// The smallest key is the lowest rank, and of those the leftmost part.
std::uint64_t key_of(std::uint32_t rank, std::uint32_t part) {
  return static_cast<std::uint64_t>(rank) << 32 | part;
}

}  // namespace

void Merger::encode(const Ranks& ranks, std::string_view piece, std::vector<std::uint32_t>& ids) {
  if (piece.empty()) return;
  if (const auto whole = ranks.find(piece); whole != Ranks::kNone) {
    ids.push_back(whole);
    return;
  }
  start(ranks, piece);
  if (piece.size() <= kShort) {
    merge_short(ranks, piece);
  } else {
    merge_long(ranks, piece);
  }
  for (std::uint32_t at = 0; at != kEnd; at = parts_[at].right) {
    ids.push_back(ranks.find(piece.substr(parts_[at].begin, parts_[at].end - parts_[at].begin)));
  }
}

std::size_t Merger::count(const Ranks& ranks, std::string_view piece) {
  if (piece.empty()) return 0;
  if (ranks.find(piece) != Ranks::kNone) return 1;
  start(ranks, piece);
  if (piece.size() <= kShort) {
    merge_short(ranks, piece);
    return parts_.size();
  }
  merge_long(ranks, piece);
  std::size_t count = 0;
  for (std::uint32_t at = 0; at != kEnd; at = parts_[at].right) ++count;
  return count;
}

void Merger::start(const Ranks& ranks, std::string_view piece) {
  const auto size = static_cast<std::uint32_t>(piece.size());
  parts_.resize(size);
  for (std::uint32_t i = 0; i < size; ++i) {
    const auto rank = i + 1 < size ? ranks.find(piece.substr(i, 2)) : Ranks::kNone;
    parts_[i] = {i, i + 1, rank, i == 0 ? kEnd : i - 1, i + 1 < size ? i + 1 : kEnd};
  }
}

void Merger::merge_short(const Ranks& ranks, std::string_view piece) {
  const auto with_next = [&](std::size_t at) {
    if (at + 1 >= parts_.size()) return Ranks::kNone;
    return ranks.find(piece.substr(parts_[at].begin, parts_[at + 1].end - parts_[at].begin));
  };
  while (parts_.size() > 1) {
    const auto best = std::min_element(parts_.begin(), parts_.end(),
                                       [](const Part& a, const Part& b) { return a.rank < b.rank; });
    if (best->rank == Ranks::kNone) break;
    const auto at = static_cast<std::size_t>(best - parts_.begin());
    parts_[at].end = parts_[at + 1].end;
    parts_.erase(best + 1);
    parts_[at].rank = with_next(at);
    if (at > 0) parts_[at - 1].rank = with_next(at - 1);
  }
  for (std::uint32_t i = 0; i < parts_.size(); ++i) parts_[i].right = i + 1 < parts_.size() ? i + 1 : kEnd;
}

std::uint32_t Merger::pair(const Ranks& ranks, std::string_view piece, std::size_t part) const {
  const auto& left = parts_[part];
  if (left.right == kEnd) return Ranks::kNone;
  return ranks.find(piece.substr(left.begin, parts_[left.right].end - left.begin));
}

void Merger::push(std::uint32_t part) {
  if (parts_[part].rank == Ranks::kNone) return;
  heap_.push_back(key_of(parts_[part].rank, part));
  std::push_heap(heap_.begin(), heap_.end(), std::greater<>{});
}

void Merger::merge_long(const Ranks& ranks, std::string_view piece) {
  heap_.clear();
  for (std::uint32_t i = 0; i < parts_.size(); ++i) {
    if (parts_[i].rank != Ranks::kNone) heap_.push_back(key_of(parts_[i].rank, i));
  }
  std::make_heap(heap_.begin(), heap_.end(), std::greater<>{});
  while (!heap_.empty()) {
    std::pop_heap(heap_.begin(), heap_.end(), std::greater<>{});
    const auto key = heap_.back();
    heap_.pop_back();
    const auto at = static_cast<std::uint32_t>(key);
    auto& part = parts_[at];
    // An entry of before a merge: the part is gone, or has another neighbour by now.
    if (key_of(part.rank, at) != key) continue;
    const auto gone = part.right;
    part.end = parts_[gone].end;
    part.right = parts_[gone].right;
    if (part.right != kEnd) parts_[part.right].left = at;
    parts_[gone].rank = Ranks::kNone;
    part.rank = pair(ranks, piece, at);
    push(at);
    if (part.left == kEnd) continue;
    parts_[part.left].rank = pair(ranks, piece, part.left);
    push(part.left);
  }
}

}  // namespace troupe::tokens
