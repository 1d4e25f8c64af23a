#include <algorithm>
#include <cstdlib>

#include "gateway/providers/anthropic_request.hpp"

namespace troupe::providers::anthropic {
namespace {

enum class Thinking : std::uint8_t { none, budget, adaptive };

/// The version in "claude-opus-4-6-20260101" or "claude-3-7-sonnet-latest", times ten: 46 and 37; 0 when
/// there is none.
int version(std::string_view model) {
  const auto at = model.find_first_of("0123456789");
  if (at == model.npos) return 0;
  const int major = model[at] - '0';
  const auto rest = model.substr(at + 1);
  // A minor version is one digit; eight digits are a date.
  const bool minor = rest.size() >= 2 && (rest[0] == '-' || rest[0] == '.') && rest[1] >= '0' &&
                     rest[1] <= '9' && (rest.size() == 2 || rest[2] < '0' || rest[2] > '9');
  return major * 10 + (minor ? rest[1] - '0' : 0);
}

/// From 4.6 on models choose their own budget; from 3.7 on they take one; before that they do not think.
Thinking kind(std::string_view model) {
  const int known = version(model);
  if (known == 0 || known >= 46) return Thinking::adaptive;
  return known >= 37 ? Thinking::budget : Thinking::none;
}

std::int64_t budget_of(std::string_view effort) {
  if (effort == "medium") return 4096;
  return effort == "high" || effort == "xhigh" ? 16384 : 1024;
}

/// Thinking forbids forced tools.
bool forced(const Json& out) {
  const auto* choice = member(out, "tool_choice");
  const auto type = choice ? text(*choice, "type") : std::string();
  return type == "any" || type == "tool";
}

void set_thinking(Json& out, Json thinking) {
  out["thinking"] = std::move(thinking);
  // Both are refused beside thinking, except at their defaults.
  out.erase("temperature");
  out.erase("top_k");
}

}  // namespace

void add_reasoning(Json& out, std::string_view effort, std::string_view model, bool caller_set_max) {
  const auto able = kind(model);
  if (effort.empty() || effort == "none" || able == Thinking::none || forced(out)) return;
  if (able == Thinking::adaptive) {
    set_thinking(out, {{"type", "adaptive"}});
    out["output_config"]["effort"] = effort == "medium"                       ? "medium"
                                     : effort == "low" || effort == "minimal" ? "low"
                                                                              : "high";
    return;
  }
  auto budget = budget_of(effort);
  const auto max = out["max_tokens"].get<std::int64_t>();
  if (caller_set_max) {
    budget = std::min(budget, max - 1);
  } else {
    out["max_tokens"] = max + budget;
  }
  if (budget >= 1024) set_thinking(out, {{"type", "enabled"}, {"budget_tokens", budget}});
}

}  // namespace troupe::providers::anthropic
