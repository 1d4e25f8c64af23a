#pragma once
// Tokens of text whose vocabulary nobody has published: a guess by script, and a factor that learns.
#include <cstdint>
#include <string_view>

#include "core/units.hpp"

namespace troupe::tokens {

/// A guess for UTF-8 `text` by the classes of its bytes, in thousandths of a token: English about 4.5 bytes
/// per token, digits and signs dearer, other alphabets half a token per character, Indic and Thai two thirds,
/// ideographs, kana and hangul one and a half (2 bytes per token), emoji two. Linear, no allocation, total
/// over any bytes.
std::int64_t millitokens(std::string_view text);
/// The same, rounded up.
Tokens estimate(std::string_view text);

/// How one model's tokens relate to our guess, learned from what its provider billed. A plain value; one
/// owner.
class Calibration {
 public:
  /// The guess, corrected by what was learned; at least one token for text of any length.
  Tokens corrected(Tokens guess) const;
  /// A call whose input we guessed at `guess` (uncorrected) was billed as `settled`. Small prompts are left
  /// out: there the framing, not the text, makes the difference. The factor follows by an eighth of the
  /// distance, and a single call moves it by no more than from half to double.
  void learn(Tokens guess, Tokens settled);
  double factor() const { return factor_; }
  /// How many calls it has learned from.
  std::int64_t seen() const { return seen_; }

 private:
  double factor_ = 1;
  std::int64_t seen_ = 0;
};

}  // namespace troupe::tokens
