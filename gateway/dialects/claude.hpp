#pragma once
// How Claude models are asked to think, whoever serves them. For the encoders of requests.
#include <cstdint>
#include <string_view>

#include "gateway/dialects/conversation.hpp"

namespace troupe::dialects {

/// Tokens; a smaller budget is refused.
/// Source: docs.claude.com/en/docs/build-with-claude/extended-thinking.
inline constexpr std::int64_t kLeastBudget = 1024;

/// The tokens of thought that an effort is worth.
inline std::int64_t claude_budget(std::string_view effort) {
  if (effort == "low" || effort == "minimal") return kLeastBudget;
  return effort == "high" || effort == "xhigh" || effort == "max" ? 16384 : 4096;
}

/// low, medium or high, by the effort or else the budget that was asked for; "" where neither was.
inline std::string_view claude_effort(const Thinking& thinking) {
  const auto& said = thinking.effort;
  if (said == "minimal" || said == "low") return "low";
  if (!said.empty()) return said == "medium" ? "medium" : "high";
  if (!thinking.budget || *thinking.budget < 0) return "";
  return *thinking.budget < 4096 ? "low" : *thinking.budget < 16384 ? "medium" : "high";
}

/// Thinking forbids forced tools.
inline bool forced(const ToolChoice& choice) {
  return choice.mode == ToolChoice::Mode::required || choice.mode == ToolChoice::Mode::named;
}

/// The caller wants no thoughts.
inline bool declined(const Thinking& thinking) {
  return thinking.budget ? *thinking.budget == 0 : thinking.effort == "none";
}

}  // namespace troupe::dialects
