#pragma once
// Adds up the parts of one request, whatever dialect it came in.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/units.hpp"
#include "gateway/tokens/calibrations.hpp"
#include "gateway/tokens/image_size.hpp"
#include "gateway/tokens/memo.hpp"
#include "gateway/tokens/vocabulary.hpp"

namespace troupe::tokens {

/// How many tokens, and whether that is the truth.
struct Count {
  Tokens tokens;  ///< best knowledge: counted, or guessed and corrected by what was learned
  Tokens guess;   ///< before the correction: what Calibrations::learn wants to see beside the settled usage
  bool exact = false;  ///< every part was counted with the model's own vocabulary by a published rule
};

/// One request being counted; borrows what it was made with. Text is counted exactly while it is within
/// `budget` bytes and has no run of more than kLongestPiece without a break, the rest by the ratio seen so
/// far: nobody's I/O thread chews on 20 MB, nor for more than some milliseconds on what was made to be slow.
/// What `memo` has costs nothing of the budget: of a long conversation each turn counts some more.
class Tally {
 public:
  static constexpr std::size_t kBudget = 128 << 10;
  static constexpr std::size_t kLongestPiece = 4 << 10;
  static constexpr std::size_t kNoLimit = std::string_view::npos;  ///< a budget without either bound

  /// `model` is the provider's own name for it; `known` may be nullptr, `key` is the model's name there.
  Tally(const Library& library, std::string_view model, const Calibrations* known = nullptr,
        std::string_view key = {}, std::size_t budget = kBudget);
  /// Looks up and keeps what texts came to; nullptr: each is counted.
  Tally& with(Memo* memo) {
    memo_ = memo;
    return *this;
  }

  /// Text as it is, without any framing.
  void text(std::string_view text);
  /// A message begins: 3 tokens and its role's (OpenAI's cookbook, "How to count tokens with tiktoken").
  void message(std::string_view role);
  /// The name of a participant: itself and one more.
  void participant(std::string_view name);
  /// A call of a tool in the history, or a tool offered: how the model is shown them is not published, so the
  /// whole count is an estimate from here on.
  void tool(std::string_view name, std::string_view json);
  /// A picture, by the vendor's rule; an estimate from here on.
  void image(std::optional<ImageSize> size, bool low = false);
  /// A file or a sound of so many bytes; an estimate from here on.
  void attachment(std::size_t bytes);
  /// A chat ends with 3 tokens that begin the answer.
  void reply() { fixed_ += 3; }

  Count total() const;

 private:
  /// nullopt: it must be guessed.
  std::optional<std::int64_t> count(std::string_view text);
  std::optional<std::int64_t> count_within_budget(std::string_view text);

  std::string_view model_, key_;
  const Vocabulary* vocabulary_;
  Memo* memo_ = nullptr;
  const Calibrations* known_;
  std::size_t budget_, longest_piece_;
  std::int64_t fixed_ = 0;          ///< tokens that are no text: framing, pictures
  std::int64_t counted_ = 0;        ///< tokens, exactly
  std::int64_t counted_guess_ = 0;  ///< thousandths, of the text that was counted
  std::int64_t guessed_ = 0;        ///< thousandths, of the text that was not
  bool exact_;
};

/// One text by itself.
Count count_text(const Library& library, std::string_view model, std::string_view text);

}  // namespace troupe::tokens
