#include <algorithm>

#include "gateway/dialects/anthropic/encode.hpp"
#include "gateway/dialects/claude.hpp"

namespace troupe::dialects::anthropic {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

void set_display(const Thinking& thinking, Ordered& into) {
  if (thinking.shown) into["display"] = *thinking.shown ? "summarized" : "omitted";
}

/// As a client of this dialect said it.
void repeat(const Thinking& thinking, Ordered& out) {
  Ordered said = Ordered::object();
  if (thinking.budget) {
    said["type"] = *thinking.budget == 0 ? "disabled" : "enabled";
    if (*thinking.budget != 0) said["budget_tokens"] = *thinking.budget;
  } else if (thinking.adaptive) {
    said["type"] = "adaptive";
  }
  if (!said.empty()) {
    set_display(thinking, said);
    out["thinking"] = std::move(said);
  }
  if (!thinking.effort.empty()) out["output_config"]["effort"] = thinking.effort;
}

void set_thinking(Ordered said, Ordered& out) {
  out["thinking"] = std::move(said);
  // Refused beside thinking, except at their defaults.
  out.erase("temperature");
  out.erase("top_k");
  if (out.contains("top_p") && out["top_p"].get<double>() < 0.95) out.erase("top_p");
}

void think_by_itself(const Conversation& talk, Ordered& out) {
  Ordered said = {{"type", "adaptive"}};
  auto display = talk.thinking;
  if (!display.shown && !display.summary.empty()) display.shown = true;
  set_display(display, said);
  set_thinking(std::move(said), out);
  const auto effort = claude_effort(talk.thinking);
  if (!effort.empty()) out["output_config"]["effort"] = effort;
  // Thoughts count as output: our own limit must leave room for them.
  if (!talk.sampling.max_output) out["max_tokens"] = kDefaultMaxTokens + claude_budget(effort);
}

void think_by_budget(const Conversation& talk, Ordered& out) {
  const auto& thinking = talk.thinking;
  const bool said = thinking.budget && *thinking.budget > 0;
  auto budget = said ? *thinking.budget : claude_budget(thinking.effort);
  if (talk.sampling.max_output) {
    budget = std::min(budget, *talk.sampling.max_output - 1);
  } else {
    budget = std::max(budget, kLeastBudget);
    out["max_tokens"] = kDefaultMaxTokens + budget;
  }
  if (budget >= kLeastBudget) set_thinking({{"type", "enabled"}, {"budget_tokens", budget}}, out);
}

}  // namespace

int model_version(std::string_view model) {
  const auto at = model.find_first_of("0123456789");
  if (at == model.npos) return 0;
  const int major = model[at] - '0';
  const auto rest = model.substr(at + 1);
  // A minor version is one digit; eight digits are a date.
  const bool minor = rest.size() >= 2 && (rest[0] == '-' || rest[0] == '.') && is_digit(rest[1]) &&
                     (rest.size() == 2 || !is_digit(rest[2]));
  return major * 10 + (minor ? rest[1] - '0' : 0);
}

/// From 4.6 on models choose their own budget; from 3.7 on they take one; before that they do not think.
Thinks thinks(std::string_view model) {
  const int version = model_version(model);
  if (version == 0 || version >= 46) return Thinks::by_itself;
  return version >= 37 ? Thinks::by_budget : Thinks::never;
}

void add_thinking(const Conversation& talk, const Target& target, bool open_tool_loop, Ordered& out) {
  if (talk.origin == Dialect::anthropic) return repeat(talk.thinking, out);
  const auto able = thinks(target.model);
  if (!talk.thinking.asked() || able == Thinks::never) return;
  if (declined(talk.thinking)) {
    // Only from 5 on do models think unasked.
    if (model_version(target.model) >= 50) out["thinking"] = {{"type", "disabled"}};
    return;
  }
  if (open_tool_loop || forced(talk.choice)) return;
  if (able == Thinks::by_itself) return think_by_itself(talk, out);
  think_by_budget(talk, out);
}

}  // namespace troupe::dialects::anthropic
