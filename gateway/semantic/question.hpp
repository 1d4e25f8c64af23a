#pragma once
// A request as a question within its frame: only the last thing that the user said may differ.
#include <cstddef>
#include <optional>
#include <string>

#include "actors/policy/cache/entry.hpp"
#include "gateway/cache/key.hpp"
#include "gateway/dialects/request.hpp"

namespace troupe::semantic {

inline constexpr std::size_t kLongestQuestion = 8 << 10, kLargestBody = 64 << 10;  ///< bytes

struct Question {
  cache::Digest frame;  ///< of everything else: system prompt, earlier turns, tools, parameters
  std::string text;
};

/// nullopt where there is nothing to compare by meaning: no conversation, the last turn is not a user's or
/// has no text or several, or it is too long. Does not look at anything but its arguments; about 10 us per
/// kB.
std::optional<Question> question_of(const dialects::Request& request, const cache::Circle& circle);

}  // namespace troupe::semantic
