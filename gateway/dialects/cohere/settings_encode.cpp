#include <algorithm>

#include "gateway/dialects/cohere/encode.hpp"
#include "gateway/dialects/cohere/words.hpp"
#include "gateway/dialects/foreign.hpp"
#include "gateway/dialects/functions.hpp"

namespace troupe::dialects::cohere {
namespace {

constexpr std::size_t kMaxStops = 5;
constexpr std::string_view kOtherForm = "they are not told in OpenAI's form";

void check(const Conversation& talk, Gate& gate) {
  const auto& from = talk.sampling;
  gate.refuse(from.choices.value_or(1) > 1, "n", "Cohere gives one answer; ask several times instead");
  gate.refuse(from.logprobs, "logprobs", kOtherForm);
  gate.refuse(from.top_logprobs.value_or(0) > 0, "top_logprobs", kOtherForm);
  gate.refuse(from.seed.value_or(0) < 0, "seed", "Cohere takes no seed below 0");
  gate.refuse(from.frequency_penalty.value_or(0) < 0, "frequency_penalty", "Cohere takes 0 to 1");
  gate.refuse(from.presence_penalty.value_or(0) < 0, "presence_penalty", "Cohere takes 0 to 1");
  gate.refuse(from.stop.size() > kMaxStops, talk.origin == Dialect::anthropic ? "stop_sequences" : "stop",
              "Cohere takes at most five stop sequences");
}

/// Within what Cohere takes: temperature 0 to 1, p 0.01 to 0.99, k 0 to 500, penalties 0 to 1.
Sampling fitting(Sampling from) {
  const auto keep = [](auto& value, auto least, auto most) {
    if (value) value = std::clamp(*value, least, most);
  };
  keep(from.temperature, 0.0, 1.0);
  keep(from.top_p, 0.01, 0.99);
  keep(from.top_k, std::int64_t{0}, std::int64_t{500});
  keep(from.frequency_penalty, 0.0, 1.0);
  keep(from.presence_penalty, 0.0, 1.0);
  if (from.seed.value_or(0) < 0) from.seed.reset();
  if (from.stop.size() > kMaxStops) from.stop.resize(kMaxStops);
  return from;
}

Ordered tool_json(const Tool& tool, bool native) {
  auto out = write_function(tool);
  if (native) return out;
  auto& function = out["function"];
  function.erase("strict");  // said once for all tools
  if (!tool.parameters.is_object() || tool.parameters.empty())
    function["parameters"] = {{"type", "object"}, {"properties", Ordered::object()}};
  return out;
}

/// A named tool is forced by offering no other.
void add_choice(const ToolChoice& choice, Ordered& tools, Ordered& out) {
  using Mode = ToolChoice::Mode;
  if (choice.mode == Mode::none) out["tool_choice"] = "NONE";
  if (choice.mode == Mode::required || choice.mode == Mode::named) out["tool_choice"] = "REQUIRED";
  if (choice.mode != Mode::named) return;
  Ordered only = Ordered::array();
  for (const auto& tool : tools) {
    if (tool.contains("function") && tool["function"]["name"] == choice.name) only.push_back(tool);
  }
  if (!only.empty()) tools = std::move(only);
}

std::int64_t budget_of(std::string_view effort) {
  if (effort == "minimal" || effort == "low") return 1024;
  return effort == "medium" ? 8192 : 0;
}

}  // namespace

Result<void> add_sampling(const Conversation& talk, const Target& target, Ordered& out) {
  Gate gate(target.drop);
  check(talk, gate);
  if (auto done = gate.done(); !done) return done;
  const auto from = talk.origin == Dialect::cohere ? talk.sampling : fitting(talk.sampling);
  const auto put = [&](const char* name, const auto& value) {
    if (value) out[name] = *value;
  };
  put("max_tokens", from.max_output);
  put("temperature", from.temperature);
  put("p", from.top_p);
  put("k", from.top_k);
  put("seed", from.seed);
  put("frequency_penalty", from.frequency_penalty);
  put("presence_penalty", from.presence_penalty);
  if (!from.stop.empty()) out["stop_sequences"] = from.stop;
  return {};
}

Result<void> add_tools(const Conversation& talk, const Target& target, Ordered& out) {
  const bool native = talk.origin == Dialect::cohere;
  Ordered tools = Ordered::array();
  bool strict = !native && !talk.tools.empty();
  for (const auto& tool : talk.tools) {
    if (tool.own && tool.own->origin == Dialect::cohere) {
      tools.push_back(Ordered(tool.own->json));
    } else if (!tool.own) {
      tools.push_back(tool_json(tool, native));
      strict = strict && tool.strict.value_or(false);
    } else if (!target.drop) {
      return unsupported("tools", "Cohere's models have no tools of another provider's own");
    }
  }
  if (tools.empty()) return {};
  add_choice(talk.choice, tools, out);
  out["tools"] = std::move(tools);
  if (strict) out["strict_tools"] = true;
  return {};
}

void add_format(const Format& format, Ordered& out) {
  if (format.kind == Format::Kind::text) return;
  Ordered said = {{"type", "json_object"}};
  if (format.kind == Format::Kind::schema) said["json_schema"] = Ordered(format.schema);
  out["response_format"] = std::move(said);
}

/// Models that do not think refuse the field: a wish that they cannot grant is left out.
void add_thinking(const Conversation& talk, const Target& target, Ordered& out) {
  const auto& from = talk.thinking;
  const bool native = talk.origin == Dialect::cohere;
  if (!from.asked() || !(native || thinks(target.model))) return;
  const bool declined = from.budget ? *from.budget == 0 : from.effort == "none";
  Ordered said = {{"type", declined ? "disabled" : "enabled"}};
  const auto budget = from.budget ? *from.budget : budget_of(from.effort);
  if (!declined && budget > 0) said["token_budget"] = budget;
  out["thinking"] = std::move(said);
}

}  // namespace troupe::dialects::cohere
