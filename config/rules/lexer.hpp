#pragma once
// The words of a condition.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace troupe::rules {

struct Token {
  enum class Kind : std::uint8_t { name, number, text, sign, end };
  Kind kind = Kind::end;
  std::string text;  ///< a name or sign as written, a text without quotes and escapes
  double number = 0;
  std::size_t at = 0;  ///< bytes from the beginning
};

/// The tokens, the last one of kind `end`. Fails with what is wrong and at which character (from 1).
Result<std::vector<Token>> tokenize(std::string_view text);

/// "... (at character N)".
tl::unexpected<Error> mistake(std::string_view what, std::size_t at);

}  // namespace troupe::rules
