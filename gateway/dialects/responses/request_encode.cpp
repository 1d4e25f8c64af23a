#include <array>
#include <optional>

#include "gateway/dialects/responses/encode.hpp"

namespace troupe::dialects::responses {
namespace {

/// What a chat client may ask for and this dialect has no word for.
constexpr std::array<std::string_view, 6> kChatOnly{"logit_bias", "audio",         "prediction",
                                                    "functions",  "function_call", "web_search_options"};

/// Models that think, under any vendor's prefix: they take an effort, and give sealed thoughts.
bool thinks(std::string_view model) {
  if (const auto slash = model.rfind('/'); slash != model.npos) model.remove_prefix(slash + 1);
  const bool numbered = model.size() > 1 && model[0] == 'o' && model[1] >= '1' && model[1] <= '9';
  return numbered || (model.starts_with("gpt-5") && model.find("chat") == model.npos);
}

/// Fields that have no place here, by the caller's name for them.
std::optional<std::string_view> missing(const Conversation& talk) {
  const auto& sampling = talk.sampling;
  const bool chat = talk.origin == Dialect::chat;
  if (!sampling.stop.empty()) return chat ? "stop" : "stop_sequences";
  if (sampling.choices.value_or(1) != 1) return "n";
  if (sampling.seed) return "seed";
  if (sampling.frequency_penalty.value_or(0) != 0) return "frequency_penalty";
  if (sampling.presence_penalty.value_or(0) != 0) return "presence_penalty";
  if (sampling.top_k) return "top_k";
  for (const auto name : kChatOnly) {
    const auto* value = chat ? extra(talk, name) : nullptr;
    if (value && *value != false && !(value->is_structured() && value->empty())) return name;
  }
  return std::nullopt;
}

/// A budget in the words of effort, as the chat codec has it.
std::string effort_of(const Thinking& thinking) {
  if (thinking.effort == "max") return "xhigh";
  if (!thinking.effort.empty() || !thinking.budget) return thinking.effort;
  if (*thinking.budget <= 0) return "none";
  return *thinking.budget < 4096 ? "low" : *thinking.budget < 16384 ? "medium" : "high";
}

/// Effort is a wish of chat and Responses clients. Anthropic's `thinking` is a permission that some programs
/// send always: it goes only to models that are known to think.
void add_reasoning(const Conversation& talk, const Target& target, Json& out) {
  const bool native = talk.origin == Dialect::responses;
  Json reasoning = Json::object();
  if (const auto* rest = native ? extra(talk, "reasoning") : nullptr; rest && rest->is_object())
    reasoning = *rest;
  const bool wish = !talk.thinking.effort.empty() && talk.origin != Dialect::anthropic;
  if (wish || thinks(target.model)) {
    const auto effort = native ? talk.thinking.effort : effort_of(talk.thinking);
    if (!effort.empty()) reasoning["effort"] = effort;
    if (!talk.thinking.summary.empty()) {
      reasoning["summary"] = talk.thinking.summary;
    } else if (talk.thinking.shown.value_or(false)) {
      reasoning["summary"] = "auto";
    }
  } else if (native && !talk.thinking.summary.empty()) {
    reasoning["summary"] = talk.thinking.summary;
  }
  if (!reasoning.empty()) out["reasoning"] = std::move(reasoning);
}

void add_sampling(const Conversation& talk, const Target& target, Json& out) {
  const auto& from = talk.sampling;
  if (!(target.drop && thinks(target.model))) {
    if (from.temperature) out["temperature"] = *from.temperature;
    if (from.top_p) out["top_p"] = *from.top_p;
  }
  if (from.max_output) out["max_output_tokens"] = *from.max_output;
  if (from.top_logprobs) out["top_logprobs"] = *from.top_logprobs;
}

/// Nothing is kept at the provider for those who do not know that they talk to it; so sealed thoughts must
/// come with the answer.
void add_foreign(const Conversation& talk, const Target& target, Json& out) {
  out["store"] = talk.store.value_or(false);
  auto include = Json::array();
  if (thinks(target.model)) include.push_back("reasoning.encrypted_content");
  if (talk.sampling.logprobs) include.push_back("message.output_text.logprobs");
  if (!include.empty()) out["include"] = std::move(include);
  if (talk.origin != Dialect::chat) return;
  if (!talk.service_tier.empty()) out["service_tier"] = talk.service_tier;
  for (const auto* name : {"safety_identifier", "prompt_cache_retention"}) {
    if (const auto* value = extra(talk, name)) out[name] = *value;
  }
}

void add_rest(const Conversation& talk, const Target& target, Json& out) {
  if (!talk.user.empty()) out["user"] = talk.user;
  if (!talk.cache_key.empty()) out["prompt_cache_key"] = talk.cache_key;
  if (!talk.metadata.is_null()) out["metadata"] = talk.metadata;
  if (talk.stream) out["stream"] = true;
  if (talk.origin != Dialect::responses) return add_foreign(talk, target, out);
  if (talk.store) out["store"] = *talk.store;
  if (!talk.service_tier.empty()) out["service_tier"] = talk.service_tier;
  for (const auto& [name, value] : talk.extras) {
    if (!out.contains(name)) out[name] = value;
  }
}

}  // namespace

Result<std::string> encode_request(const Conversation& talk, const Target& target) {
  if (const auto field = missing(talk); field && !target.drop)
    return unsupported(std::string(*field), "the Responses API has no counterpart; leave it out");
  Json out = {{"model", target.model}};
  if (const auto* text = instructions(talk)) out["instructions"] = *text;
  auto input = encode_input(talk);
  if (!input) return tl::unexpected<Error>(input.error());
  out["input"] = std::move(*input);
  auto tools = encode_tools(talk, target.drop);
  if (!tools) return tl::unexpected<Error>(tools.error());
  if (!tools->empty()) {
    out["tools"] = std::move(*tools);
    if (auto choice = encode_choice(talk); !choice.is_null()) out["tool_choice"] = std::move(choice);
    if (talk.choice.parallel) out["parallel_tool_calls"] = *talk.choice.parallel;
  }
  if (auto settings = encode_text(talk); !settings.empty()) out["text"] = std::move(settings);
  add_sampling(talk, target, out);
  add_reasoning(talk, target, out);
  add_rest(talk, target, out);
  return dump(out);
}

}  // namespace troupe::dialects::responses
