#include <algorithm>

#include "gateway/dialects/foreign.hpp"
#include "gateway/dialects/gemini/encode.hpp"
#include "gateway/dialects/gemini/words.hpp"

namespace troupe::dialects::gemini {
namespace {

constexpr std::size_t kMaxStops = 5;

void add_sampling(const Conversation& talk, Gate& gate, Ordered& out) {
  const auto& from = talk.sampling;
  const bool native = talk.origin == Dialect::gemini;
  const auto put = [&](const char* name, const auto& value) {
    if (value) out[name] = *value;
  };
  auto heat = from.temperature;
  if (heat && !native) heat = std::clamp(*heat, 0.0, 2.0);
  put("temperature", heat);
  put("topP", from.top_p);
  if (native || from.top_k.value_or(0) > 0) put("topK", from.top_k);
  put("maxOutputTokens", from.max_output);
  put("frequencyPenalty", from.frequency_penalty);
  put("presencePenalty", from.presence_penalty);
  const auto seed = from.seed.value_or(0);
  const bool fits = seed >= INT32_MIN && seed <= INT32_MAX;
  gate.refuse(!fits, "seed", "Gemini models take a seed of 32 bits");
  if (fits) put("seed", from.seed);
  const bool single = from.choices.value_or(1) <= 1;
  gate.refuse(!native && !single, "n", "one answer at a time; ask several times instead");
  if (native) put("candidateCount", from.choices);
  gate.refuse(from.logprobs, "logprobs", "they are not told in OpenAI's form");
  gate.refuse(from.top_logprobs.value_or(0) > 0, "top_logprobs", "they are not told in OpenAI's form");
  gate.refuse(!native && from.stop.size() > kMaxStops,
              talk.origin == Dialect::anthropic ? "stop_sequences" : "stop",
              "Gemini models take at most five stop sequences");
  auto stops = from.stop;
  if (!native && stops.size() > kMaxStops) stops.resize(kMaxStops);
  if (!stops.empty()) out["stopSequences"] = std::move(stops);
}

void add_format(const Format& format, Ordered& out) {
  if (format.kind == Format::Kind::text) return;
  out["responseMimeType"] = "application/json";
  if (format.kind == Format::Kind::schema) out["responseJsonSchema"] = Ordered(format.schema);
}

/// In the words of effort; "" where the model decides.
std::string_view effort_of(const Thinking& thinking) {
  const auto& said = thinking.effort;
  if (said == "xhigh" || said == "max") return "high";
  if (!said.empty()) return said;
  if (!thinking.budget || *thinking.budget < 0) return "";
  if (*thinking.budget == 0) return "none";
  return *thinking.budget < 4096 ? "low" : *thinking.budget < 16384 ? "medium" : "high";
}

/// Google's own budgets for OpenAI's words; -1: the model decides.
/// Source: ai.google.dev/gemini-api/docs/openai.
std::int64_t budget_of(const Thinking& thinking) {
  if (thinking.budget) return *thinking.budget;
  const auto effort = effort_of(thinking);
  if (effort == "none") return 0;
  if (effort.empty()) return -1;
  return effort == "high" ? 24'576 : effort == "medium" ? 8192 : 1024;
}

/// Gemini 2.5 takes a budget, and Pro always thinks.
void think_by_budget(const Thinking& thinking, const std::string& model, Ordered& said) {
  auto budget = budget_of(thinking);
  const bool pro = model.find("-pro") != model.npos;
  if (pro && budget >= 0) budget = std::max<std::int64_t>(budget, 128);
  const std::int64_t most = pro ? 32'768 : 24'576;
  said["thinkingBudget"] = std::min(budget, most);
}

/// From Gemini 3 on models take a level, and always think.
void think_by_level(const Thinking& thinking, const std::string& model, Ordered& said) {
  const auto effort = effort_of(thinking);
  const bool pro = model.find("-pro") != model.npos;
  if (effort.empty()) return;
  if (effort == "none" || effort == "minimal") {
    said["thinkingLevel"] = pro ? "low" : "minimal";
  } else if (effort == "medium") {
    said["thinkingLevel"] = pro && model_version(model) < 31 ? "high" : "medium";
  } else {
    said["thinkingLevel"] = effort == "low" ? "low" : "high";
  }
}

void repeat(const Thinking& thinking, Ordered& said) {
  if (thinking.budget) said["thinkingBudget"] = *thinking.budget;
  if (!thinking.effort.empty()) said["thinkingLevel"] = thinking.effort;
  if (thinking.shown) said["includeThoughts"] = *thinking.shown;
}

void add_thinking(const Conversation& talk, const Target& target, Ordered& out) {
  const auto& thinking = talk.thinking;
  const int version = model_version(target.model);
  Ordered said = Ordered::object();
  if (talk.origin == Dialect::gemini) {
    repeat(thinking, said);
  } else {
    const bool known = target.model.find("gemini") != target.model.npos;
    if (!known || !thinking.asked() || (version > 0 && version < 25)) return;  // does not think
    if (version >= 30) {
      think_by_level(thinking, target.model, said);
    } else {
      think_by_budget(thinking, target.model, said);
    }
    if (effort_of(thinking) != "none") said["includeThoughts"] = thinking.shown.value_or(true);
  }
  if (!said.empty()) out["thinkingConfig"] = std::move(said);
}

}  // namespace

Result<Ordered> encode_config(const Conversation& talk, const Target& target) {
  Ordered out = Ordered::object();
  Gate gate(target.drop);
  add_sampling(talk, gate, out);
  if (auto done = gate.done(); !done) return tl::unexpected<Error>(done.error());
  add_format(talk.format, out);
  add_thinking(talk, target, out);
  return out;
}

}  // namespace troupe::dialects::gemini
