#pragma once
// Byte-pair merging of one piece of text.
#include <cstdint>
#include <string_view>
#include <vector>

#include "gateway/tokens/ranks.hpp"

namespace troupe::tokens {

/// Merges the neighbours of lowest rank, leftmost first, until none make a token. Keeps its memory between
/// pieces; one per thread. Short pieces by looking at all of it each time, long ones with a heap: n log n, so
/// that a megabyte of one letter is no attack.
class Merger {
 public:
  /// Appends the piece's token ids in order.
  void encode(const Ranks& ranks, std::string_view piece, std::vector<std::uint32_t>& ids);
  /// How many there would be.
  std::size_t count(const Ranks& ranks, std::string_view piece);

 private:
  /// A part of the piece; `rank` is that of it and its right neighbour together.
  struct Part {
    std::uint32_t begin = 0, end = 0, rank = Ranks::kNone, left = 0, right = 0;
  };
  void start(const Ranks& ranks, std::string_view piece);
  void merge_short(const Ranks& ranks, std::string_view piece);
  void merge_long(const Ranks& ranks, std::string_view piece);
  std::uint32_t pair(const Ranks& ranks, std::string_view piece, std::size_t part) const;
  void push(std::uint32_t part);

  std::vector<Part> parts_;  ///< merge_short leaves the result in order; merge_long in a list from 0
  std::vector<std::uint64_t> heap_;
};

}  // namespace troupe::tokens
