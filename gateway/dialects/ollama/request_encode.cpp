#include <algorithm>
#include <array>

#include "gateway/dialects/foreign.hpp"
#include "gateway/dialects/functions.hpp"
#include "gateway/dialects/ollama/encode.hpp"
#include "gateway/dialects/ollama/words.hpp"

namespace troupe::dialects::ollama {
namespace {

/// Ollama's own fields that chat clients may send to its models.
constexpr std::array<std::string_view, 5> kOwn{"options", "keep_alive", "think", "truncate", "shift"};

Ordered options_of(const Sampling& from) {
  Ordered out = Ordered::object();
  const auto put = [&](const char* name, const auto& value) {
    if (value) out[name] = *value;
  };
  put("num_predict", from.max_output);
  put("temperature", from.temperature);
  put("top_p", from.top_p);
  put("top_k", from.top_k);
  put("seed", from.seed);
  put("frequency_penalty", from.frequency_penalty);
  put("presence_penalty", from.presence_penalty);
  if (!from.stop.empty()) out["stop"] = from.stop;
  return out;
}

Result<void> check(const Conversation& talk, const Target& target) {
  using Mode = ToolChoice::Mode;
  Gate gate(target.drop);
  const auto& from = talk.sampling;
  gate.refuse(from.choices.value_or(1) > 1, "n", "Ollama gives one answer; ask several times instead");
  gate.refuse(from.logprobs, "logprobs", "they are not told in OpenAI's form");
  gate.refuse(from.top_logprobs.value_or(0) > 0, "top_logprobs", "they are not told in OpenAI's form");
  const bool forced = talk.choice.mode == Mode::required || talk.choice.mode == Mode::named;
  gate.refuse(forced && !talk.tools.empty(), "tool_choice", "Ollama's models choose by themselves");
  for (const auto& tool : talk.tools)
    gate.refuse(tool.own && tool.own->origin != Dialect::ollama, "tools",
                "Ollama's models have no tools of another provider's own");
  return gate.done();
}

void add_tools(const Conversation& talk, Ordered& out) {
  if (talk.choice.mode == ToolChoice::Mode::none) return;
  Ordered tools = Ordered::array();
  for (const auto& tool : talk.tools) {
    if (tool.own && tool.own->origin != Dialect::ollama) continue;
    tools.push_back(tool.own ? Ordered(tool.own->json) : write_function(tool));
  }
  if (!tools.empty()) out["tools"] = std::move(tools);
}

std::string_view level_of(const Thinking& thinking) {
  const auto& said = thinking.effort;
  if (said == "low" || said == "minimal") return "low";
  if (said == "high" || said == "xhigh" || said == "max") return "high";
  if (!said.empty() || !thinking.budget) return "medium";
  return *thinking.budget < 4096 ? "low" : *thinking.budget < 16384 ? "medium" : "high";
}

/// A wish that the model cannot grant is left out: it refuses to be told to think.
void add_thinking(const Conversation& talk, const Target& target, Ordered& out) {
  const auto& from = talk.thinking;
  if (!from.asked()) return;
  const bool declined = from.budget ? *from.budget == 0 : from.effort == "none";
  if (talk.origin == Dialect::ollama && !from.effort.empty()) {
    out["think"] = from.effort;
  } else if (talk.origin == Dialect::ollama || declined) {
    out["think"] = !declined;
  } else if (thinks_by_level(target.model)) {
    out["think"] = level_of(from);
  } else if (thinks(target.model)) {
    out["think"] = true;
  }
}

void add_own(const Conversation& talk, Ordered& out) {
  if (talk.origin == Dialect::ollama) return add_extras(talk, out);
  if (talk.origin != Dialect::chat) return;
  for (const auto& [name, value] : talk.extras) {
    if (std::find(kOwn.begin(), kOwn.end(), name) == kOwn.end()) continue;
    if (name == "options" && value.is_object() && out.contains(name)) {
      out[name].update(Ordered(value));
    } else {
      out[name] = Ordered(value);
    }
  }
}

}  // namespace

Result<std::string> encode_request(const Conversation& talk, const Target& target) {
  const bool native = talk.origin == Dialect::ollama;
  if (!native) {
    for (const auto step : {check_extras, check}) {
      if (auto done = step(talk, target); !done) return tl::unexpected<Error>(done.error());
    }
  }
  Ordered out = {{"model", target.model}, {"messages", Ordered::array()}};
  for (const auto& message : talk.messages) {
    const bool thoughts = native || thinks(target.model);
    if (auto done = add_message(message, thoughts, out["messages"]); !done)
      return tl::unexpected<Error>(done.error());
  }
  add_tools(talk, out);
  if (talk.format.kind == Format::Kind::json) out["format"] = "json";
  if (talk.format.kind == Format::Kind::schema) out["format"] = Ordered(talk.format.schema);
  if (auto options = options_of(talk.sampling); !options.empty()) out["options"] = std::move(options);
  add_thinking(talk, target, out);
  out["stream"] = talk.stream;
  add_own(talk, out);
  return out.dump(-1, ' ', false, Ordered::error_handler_t::replace);
}

}  // namespace troupe::dialects::ollama
