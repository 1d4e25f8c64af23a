#pragma once
// Text into the pieces that are merged on their own, by the published pattern of each encoding.
#include <cstddef>
#include <memory>
#include <string_view>

#include "gateway/tokens/encoding.hpp"

namespace troupe::tokens {

/// Compiled once, immutable, shared by all threads; what a match needs to write is kept per thread.
class Splitter {
 public:
  explicit Splitter(Encoding encoding);
  ~Splitter();
  Splitter(const Splitter&) = delete;
  Splitter& operator=(const Splitter&) = delete;

  /// Where the piece that begins at `from` ends; `text` is valid UTF-8 and `from` a character's first byte
  /// before its end. Always beyond `from`. 0 when the engine gave up (out of stack).
  std::size_t next(std::string_view text, std::size_t from) const;
  /// The same by the pattern alone, without the short cut for ASCII; for tests.
  std::size_t next_by_pattern(std::string_view text, std::size_t from) const;

 private:
  struct Pattern;
  std::unique_ptr<const Pattern> pattern_;
  Encoding encoding_;
};

}  // namespace troupe::tokens
