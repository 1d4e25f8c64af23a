#pragma once
// What texts came to that were counted lately.
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace troupe::tokens {

/// A conversation brings its system prompt and all earlier messages again with every turn, and so does a tool
/// with its definitions: what was counted once is looked up by its hash. Of one thread; fixed in size (200
/// kB, taken with the first text), a newer text takes the place of an older one. A value.
///
/// Hashes are XXH3's of 128 bits with a seed that nobody outside knows: two texts that share one are not
/// found, and all that would come of it is a wrong estimate.
class Memo {
 public:
  static constexpr std::size_t kShortest = 128;  ///< bytes; shorter texts are counted as fast as found
  static constexpr std::size_t kSlots = 8192;

  explicit Memo(std::uint64_t seed) : seed_(seed) {}

  /// Where `text` would be; `whose` tells vocabularies apart.
  class Place {
    friend class Memo;
    std::uint64_t low = 0, high = 0;
  };
  Place place(std::uint64_t whose, std::string_view text) const;
  std::optional<std::int64_t> find(const Place& place) const;
  void put(const Place& place, std::int64_t tokens);

 private:
  struct Slot {
    std::uint64_t low = 0, high = 0;
    std::int64_t tokens = -1;  ///< none
  };
  std::uint64_t seed_;
  std::vector<Slot> slots_;
};

}  // namespace troupe::tokens
