#include <fmt/format.h>
#include <algorithm>
#include <array>

#include "gateway/dialects/chat/encode.hpp"
#include "gateway/dialects/foreign.hpp"
#include "gateway/dialects/functions.hpp"

namespace troupe::dialects::chat {
namespace {

bool is(const Target& target, std::initializer_list<std::string_view> flavours) {
  return std::find(flavours.begin(), flavours.end(), target.flavour) != flavours.end();
}

/// Models of OpenAI's that think, and refuse `max_tokens` and sampling that is not the default.
bool thinks(std::string_view model) {
  const bool numbered = model.size() > 1 && model[0] == 'o' && model[1] >= '1' && model[1] <= '9';
  return numbered || (model.starts_with("gpt-5") && model.find("chat") == model.npos);
}

Result<Ordered> tools_of(const Conversation& talk, const Target& target) {
  Ordered out = Ordered::array();
  for (const auto& tool : talk.tools) {
    if (tool.own) {
      if (tool.own->origin == Dialect::chat) {
        out.push_back(Ordered(tool.own->json));
      } else if (!target.drop) {
        return unsupported("tools", fmt::format("'{}' is a tool that only its own provider runs",
                                                text(tool.own->json, "type")));
      }
      continue;
    }
    auto one = write_function(tool);
    if (!tool.cache.is_null()) one["cache_control"] = Ordered(tool.cache);
    out.push_back(std::move(one));
  }
  return out;
}

void add_choice(const Conversation& talk, const Target& target, Ordered& out) {
  using Mode = ToolChoice::Mode;
  switch (talk.choice.mode) {
    case Mode::automatic:
      out["tool_choice"] = "auto";
      break;
    case Mode::none:
      out["tool_choice"] = "none";
      break;
    case Mode::required:
      out["tool_choice"] = target.flavour == "mistral" ? "any" : "required";
      break;
    case Mode::named:
      out["tool_choice"] = {{"type", "function"}, {"function", {{"name", talk.choice.name}}}};
      break;
    case Mode::unset:
      break;
  }
  if (talk.choice.parallel && !is(target, {"cohere", "ollama"}))
    out["parallel_tool_calls"] = *talk.choice.parallel;
}

void add_format(const Format& format, Ordered& out) {
  if (format.kind == Format::Kind::json) out["response_format"] = {{"type", "json_object"}};
  if (format.kind != Format::Kind::schema) return;
  Ordered schema = {{"name", format.name.empty() ? "answer" : format.name}};
  if (!format.description.empty()) schema["description"] = format.description;
  schema["schema"] = Ordered(format.schema);
  if (format.strict) schema["strict"] = *format.strict;
  out["response_format"] = {{"type", "json_schema"}, {"json_schema", std::move(schema)}};
}

void add_sampling(const Sampling& from, const Target& target, Ordered& out) {
  const auto put = [&](const char* name, const auto& value) {
    if (value) out[name] = *value;
  };
  const bool openai = is(target, {"openai", "azure"});
  const bool fixed = openai && thinks(target.model);
  if (!(fixed && target.drop)) {
    put("temperature", from.temperature);
    put("top_p", from.top_p);
  }
  if (!openai && !is(target, {"mistral", "groq", "cerebras", "xai", "deepseek"})) put("top_k", from.top_k);
  put("frequency_penalty", from.frequency_penalty);
  put("presence_penalty", from.presence_penalty);
  put(target.flavour == "mistral" ? "random_seed" : "seed", from.seed);
  put(openai || is(target, {"cerebras"}) ? "max_completion_tokens" : "max_tokens", from.max_output);
  put("n", from.choices);
  if (from.logprobs) out["logprobs"] = true;
  put("top_logprobs", from.top_logprobs);
  if (!from.stop.empty()) out["stop"] = from.stop;
}

/// A budget in the words of effort.
std::string effort_of(const Thinking& thinking) {
  if (!thinking.effort.empty()) return thinking.effort;
  if (!thinking.budget) return "medium";
  if (*thinking.budget <= 0) return "none";
  return *thinking.budget < 4096 ? "low" : *thinking.budget < 16384 ? "medium" : "high";
}

/// Effort is a wish of chat and Responses clients. Anthropic's `thinking` is a permission that some programs
/// send always: it goes only to models that are known to think.
void add_thinking(const Conversation& talk, const Target& target, Ordered& out) {
  if (!talk.thinking.asked()) return;
  const bool wish = !talk.thinking.effort.empty() && talk.origin != Dialect::anthropic;
  if (target.flavour == "openrouter") {
    Ordered reasoning = Ordered::object();
    if (talk.thinking.budget && *talk.thinking.budget > 0) {
      reasoning["max_tokens"] = *talk.thinking.budget;
    } else {
      reasoning["effort"] = effort_of(talk.thinking);
    }
    out["reasoning"] = std::move(reasoning);
  } else if (wish || (is(target, {"openai", "azure"}) && thinks(target.model))) {
    out["reasoning_effort"] = effort_of(talk.thinking);
  }
}

void add_rest(const Conversation& talk, const Target& target, Ordered& out) {
  if (!talk.user.empty() && target.flavour != "mistral") out["user"] = talk.user;
  if (is(target, {"openai", "azure", "openrouter", ""})) {
    if (!talk.cache_key.empty()) out["prompt_cache_key"] = talk.cache_key;
    if (!talk.verbosity.empty()) out["verbosity"] = talk.verbosity;
    if (talk.store) out["store"] = *talk.store;
  }
  const bool stored = talk.store.value_or(false);
  if (is(target, {"openai", "azure"}) && !talk.metadata.is_null() && stored)
    out["metadata"] = Ordered(talk.metadata);
  if (is(target, {"openai", "azure", "groq"}) && talk.origin != Dialect::anthropic &&
      !talk.service_tier.empty())
    out["service_tier"] = talk.service_tier;
  if (talk.stream) {
    out["stream"] = true;
    if (target.flavour != "mistral") out["stream_options"] = {{"include_usage", true}};
  }
  if (talk.origin == Dialect::chat) add_extras(talk, out);
}

}  // namespace

Result<std::string> encode_request(const Conversation& talk, const Target& target) {
  if (auto done = talk.origin == Dialect::chat ? Result<void>() : check_extras(talk, target); !done)
    return tl::unexpected<Error>(done.error());
  Ordered out = {{"model", target.model}};
  auto messages = encode_messages(talk, target);
  if (!messages) return tl::unexpected<Error>(messages.error());
  out["messages"] = std::move(*messages);
  auto tools = tools_of(talk, target);
  if (!tools) return tl::unexpected<Error>(tools.error());
  if (!tools->empty()) {
    out["tools"] = std::move(*tools);
    add_choice(talk, target, out);
  }
  add_format(talk.format, out);
  add_sampling(talk.sampling, target, out);
  add_thinking(talk, target, out);
  add_rest(talk, target, out);
  return out.dump(-1, ' ', false, Ordered::error_handler_t::replace);
}

}  // namespace troupe::dialects::chat
