#pragma once
// A vocabulary: byte strings and their ranks, as deploy/tokens wrote them into one file.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace troupe::tokens {

/// Immutable after loading; shared by all threads. About 6 MB for o200k_base.
class Ranks {
 public:
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  /// Reads the whole file; fails when it cannot be read or is not what deploy/tokens writes (length and
  /// CRC-32 are checked: a damaged vocabulary would count wrongly without a word).
  static Result<Ranks> load(const std::string& path);
  /// The same from the file's bytes. Layout, little-endian: "TRPTOKN1", count (u32), CRC-32 of what follows
  /// (u32), `count` lengths (u8; 0 = no token has this rank), the tokens' bytes in the order of rank.
  static Result<Ranks> parse(std::string bytes);

  /// The token's rank, kNone when the bytes are no token.
  std::uint32_t find(std::string_view token) const {
    if (token.size() == 1) return single_[static_cast<unsigned char>(token[0])];
    return token.empty() || token.size() > longest_ ? kNone : probe(token);
  }
  std::size_t size() const { return spans_.size(); }
  /// The bytes of a rank; empty when there is none.
  std::string_view token(std::uint32_t rank) const {
    return rank < spans_.size() ? at(rank) : std::string_view{};
  }

 private:
  struct Span {
    std::uint32_t offset = 0, size = 0;
  };
  /// Half the hash beside the rank: most probes decide without a look at the bytes.
  struct Slot {
    std::uint32_t tag = 0, rank = kNone;
  };

  std::string_view at(std::uint32_t rank) const {
    return {bytes_.data() + spans_[rank].offset, spans_[rank].size};
  }
  std::uint32_t probe(std::string_view token) const;
  void index();

  std::string bytes_;
  std::vector<Span> spans_;
  std::vector<Slot> slots_;
  std::uint32_t single_[256] = {};
  std::size_t longest_ = 0;
};

}  // namespace troupe::tokens
