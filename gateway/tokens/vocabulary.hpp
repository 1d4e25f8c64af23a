#pragma once
// One encoding, ready to count with; and where a process keeps those that it has read.
#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/tokens/encoding.hpp"
#include "gateway/tokens/ranks.hpp"
#include "gateway/tokens/split.hpp"

namespace troupe::tokens {

/// Immutable, shared by all threads.
class Vocabulary {
 public:
  Vocabulary(Encoding encoding, Ranks ranks) : ranks_(std::move(ranks)), splitter_(encoding) {}

  /// The tokens of `text`, as tiktoken's encode_ordinary counts them: the words of special tokens are plain
  /// text, as they are in what callers send. Bytes that are no UTF-8 count as U+FFFD. About 10 us per kB of
  /// English, up to 300 of a run without a break; nullopt (then guess) when a piece is longer than
  /// `longest_piece` bytes, which no prose has, or the pattern engine gave up.
  std::optional<std::int64_t> count(std::string_view text,
                                    std::size_t longest_piece = std::string_view::npos) const;
  /// The tokens themselves, under the same rules.
  std::optional<std::vector<std::uint32_t>> encode(std::string_view text) const;
  const Ranks& ranks() const { return ranks_; }

 private:
  Ranks ranks_;
  Splitter splitter_;
};

/// Reads each vocabulary the first time it is asked for, once for all threads; what is missing is asked for
/// once. Owns them.
class Library {
 public:
  /// `directory` has files like o200k_base.tokens; "" has none.
  explicit Library(std::string directory) : directory_(std::move(directory)) {}

  /// nullptr where the file is absent or damaged. The first call reads some megabytes (tens of milliseconds);
  /// later ones cost an atomic load. Thread-safe.
  const Vocabulary* get(Encoding encoding) const;
  /// The same by the model's name; nullptr also for models of other makers.
  const Vocabulary* of_model(std::string_view model) const;
  /// Why get() answers nullptr, for an operator.
  std::string problem(Encoding encoding) const;
  const std::string& directory() const { return directory_; }

 private:
  struct Shelf {
    std::once_flag once;
    std::unique_ptr<const Vocabulary> vocabulary;
    std::string problem;
  };
  Shelf& shelf(Encoding encoding) const;

  std::string directory_;
  mutable std::array<Shelf, kEncodings.size()> shelves_;
};

/// Where the vocabularies are, for a binary at `binary`: `told` (TROUPE_TOKENS) when it is not empty, else
/// the first that exists of tokens/ beside it, ../share/troupe/tokens from it, and /usr/share/troupe/tokens;
/// "" when none does.
std::string find_directory(const std::string& told, const std::string& binary);
/// The same for the running program, told by TROUPE_TOKENS where `told` is empty.
std::string installed_directory(const std::string& told = {});

}  // namespace troupe::tokens
