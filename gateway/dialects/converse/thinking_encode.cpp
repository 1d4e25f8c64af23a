#include <algorithm>

#include "gateway/dialects/claude.hpp"
#include "gateway/dialects/converse/encode.hpp"

namespace troupe::dialects::converse {
namespace {

/// Room for the answer beside the thoughts, where the caller names no limit.
constexpr std::int64_t kAnswer = 4096;

void set_display(const Thinking& thinking, Ordered& into) {
  const auto shown = thinking.shown || thinking.summary.empty() ? thinking.shown : std::optional(true);
  if (shown) into["display"] = *shown ? "summarized" : "omitted";
}

/// As a client of Claude said it.
void repeat(const Thinking& thinking, Ordered& fields) {
  Ordered said = Ordered::object();
  if (thinking.budget) {
    said["type"] = *thinking.budget == 0 ? "disabled" : "enabled";
    if (*thinking.budget != 0) said["budget_tokens"] = *thinking.budget;
  } else if (thinking.adaptive) {
    said["type"] = "adaptive";
  }
  if (!said.empty()) {
    set_display(thinking, said);
    fields["thinking"] = std::move(said);
  }
  if (!thinking.effort.empty()) fields["output_config"]["effort"] = thinking.effort;
}

/// A Messages client's words fit the model that it is served by.
bool fits(const Thinking& thinking, const Model& model) {
  using Thinks = Model::Thinks;
  const auto able = model.thinks();
  if (thinking.adaptive || !thinking.effort.empty()) return able == Thinks::by_itself;
  return able == Thinks::by_budget || (able == Thinks::by_itself && model.version < 47);
}

/// Refused beside thinking, except at their defaults.
void cool(Ordered& out) {
  if (out.contains("additionalModelRequestFields")) out["additionalModelRequestFields"].erase("top_k");
  if (!out.contains("inferenceConfig")) return;
  auto& config = out["inferenceConfig"];
  config.erase("temperature");
  if (config.contains("topP") && config["topP"].get<double>() < 0.95) config.erase("topP");
}

void claude_thinks(const Writing& writing, Ordered& out) {
  const auto& thinking = writing.talk.thinking;
  const auto limit = writing.talk.sampling.max_output;
  Ordered said;
  if (writing.model.thinks() == Model::Thinks::by_itself) {
    said = {{"type", "adaptive"}};
    set_display(thinking, said);
    if (const auto effort = claude_effort(thinking); !effort.empty())
      out["additionalModelRequestFields"]["output_config"]["effort"] = effort;
  } else {
    const bool named = thinking.budget && *thinking.budget > 0;
    auto budget = named ? *thinking.budget : claude_budget(thinking.effort);
    budget = limit ? std::min(budget, *limit - 1) : std::max(budget, kLeastBudget);
    if (budget < kLeastBudget) return;
    if (!limit) out["inferenceConfig"]["maxTokens"] = kAnswer + budget;
    said = {{"type", "enabled"}, {"budget_tokens", budget}};
  }
  out["additionalModelRequestFields"]["thinking"] = std::move(said);
  cool(out);
}

void add_claude(const Writing& writing, Ordered& out) {
  const auto& talk = writing.talk;
  if (writing.model.thinks() == Model::Thinks::never) return;
  if (declined(talk.thinking)) {
    // Only from 5 on do models think unasked.
    if (writing.model.version >= 50) out["additionalModelRequestFields"]["thinking"] = {{"type", "disabled"}};
    return;
  }
  if (writing.open_tool_loop || forced(talk.choice)) return;
  if (talk.origin == Dialect::anthropic && fits(talk.thinking, writing.model))
    return repeat(talk.thinking, out["additionalModelRequestFields"]);
  claude_thinks(writing, out);
}

/// Nova 2 thinks when it is told how hard; at its highest it takes no limits beside.
void add_nova(const Writing& writing, Ordered& out) {
  const auto& talk = writing.talk;
  if (writing.model.version < 20 || declined(talk.thinking)) return;
  auto effort = claude_effort(talk.thinking);
  if (effort.empty() || (effort == "high" && talk.sampling.max_output)) effort = "medium";
  if (effort == "high" && out.contains("inferenceConfig")) {
    for (const auto* name : {"temperature", "topP", "maxTokens"}) out["inferenceConfig"].erase(name);
  }
  out["additionalModelRequestFields"]["reasoningConfig"] = {{"type", "enabled"},
                                                            {"maxReasoningEffort", effort}};
}

}  // namespace

void add_thinking(const Writing& writing, Ordered& out) {
  const auto& thinking = writing.talk.thinking;
  if (!thinking.asked()) return;
  if (writing.native) return repeat(thinking, out["additionalModelRequestFields"]);
  if (writing.model.claude()) return add_claude(writing, out);
  if (writing.model.nova()) return add_nova(writing, out);
  const auto effort = claude_effort(thinking);
  if (writing.model.family == Model::Family::gpt_oss && !effort.empty() && !declined(thinking))
    out["additionalModelRequestFields"]["reasoning_effort"] = effort;
}

}  // namespace troupe::dialects::converse
