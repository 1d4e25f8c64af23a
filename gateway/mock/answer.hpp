#pragma once
// What the mock says: pleasant, and the same for the same question.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/random.hpp"
#include "core/time.hpp"
#include "gateway/mock/ask.hpp"

namespace troupe::mock {

struct ToolCall {
  std::string id, name, arguments;
};

struct Answer {
  std::string id;
  std::int64_t created = 0;         ///< seconds since 1970
  std::vector<std::string> pieces;  ///< of the text, or of the tool call's arguments: one token each
  std::optional<ToolCall> tool;
  bool cut_short = false;  ///< by the caller's max_tokens
  std::int64_t input_tokens = 0, output_tokens = 0;
  std::string text() const;
};

/// Answers `ask` in about `tokens` tokens, fewer where the caller's cap says so. The ids come from `random`,
/// the words do not.
Answer answer(const Ask& ask, std::int64_t tokens, Random& random, WallTime wall);

/// `prefix` and `length` letters and digits.
std::string make_id(std::string_view prefix, std::size_t length, Random& random);

}  // namespace troupe::mock
