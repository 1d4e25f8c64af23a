#include <fmt/format.h>
#include <array>

#include "gateway/dialects/chat/decode.hpp"
#include "gateway/dialects/fields.hpp"
#include "gateway/dialects/functions.hpp"

namespace troupe::dialects::chat {
namespace {

/// Fields that stand in the model; every other one is an extra.
constexpr std::array<std::string_view, 32> kKnown{"model",
                                                  "messages",
                                                  "tools",
                                                  "tool_choice",
                                                  "parallel_tool_calls",
                                                  "stream",
                                                  "stream_options",
                                                  "response_format",
                                                  "temperature",
                                                  "top_p",
                                                  "top_k",
                                                  "frequency_penalty",
                                                  "presence_penalty",
                                                  "seed",
                                                  "max_tokens",
                                                  "max_completion_tokens",
                                                  "n",
                                                  "logprobs",
                                                  "top_logprobs",
                                                  "stop",
                                                  "user",
                                                  "metadata",
                                                  "service_tier",
                                                  "prompt_cache_key",
                                                  "verbosity",
                                                  "store",
                                                  "reasoning_effort",
                                                  "reasoning",
                                                  "thinking",
                                                  "max_cost",
                                                  "max_latency_ms",
                                                  "fallback"};

Result<ToolChoice> choice_of(const Json& from) {
  ToolChoice out;
  out.parallel = flag(from, "parallel_tool_calls");
  const auto* choice = member(from, "tool_choice");
  if (!choice) return out;
  if (const auto* function = member(*choice, "function")) {
    out.mode = ToolChoice::Mode::named;
    out.name = text(*function, "name");
    return out;
  }
  const auto word = choice->is_string() ? choice->get<std::string>() : std::string();
  if (word == "auto") {
    out.mode = ToolChoice::Mode::automatic;
  } else if (word == "none") {
    out.mode = ToolChoice::Mode::none;
  } else if (word == "required" || word == "any") {
    out.mode = ToolChoice::Mode::required;
  } else {
    return unsupported("tool_choice", "expected 'auto', 'none', 'required' or a function");
  }
  return out;
}

Result<Format> format_of(const Json& from) {
  Format out;
  const auto* format = member(from, "response_format");
  const auto type = format ? text(*format, "type") : "text";
  if (type == "json_object") {
    out.kind = Format::Kind::json;
  } else if (type == "json_schema") {
    const auto* wrapper = member(*format, "json_schema");
    const auto* schema = wrapper ? member(*wrapper, "schema") : nullptr;
    if (!schema) return invalid("response_format.json_schema.schema", "a schema is required");
    out = {Format::Kind::schema, text(*wrapper, "name"), text(*wrapper, "description"), *schema,
           flag(*wrapper, "strict")};
  } else if (type != "text") {
    return unsupported("response_format.type", "expected 'text', 'json_object' or 'json_schema'");
  }
  return out;
}

Sampling sampling_of(const Json& from) {
  Sampling out;
  out.temperature = number(from, "temperature");
  out.top_p = number(from, "top_p");
  out.top_k = whole(from, "top_k");
  out.frequency_penalty = number(from, "frequency_penalty");
  out.presence_penalty = number(from, "presence_penalty");
  out.seed = whole(from, "seed");
  out.max_output = whole(from, "max_completion_tokens");
  if (!out.max_output) out.max_output = whole(from, "max_tokens");
  out.choices = whole(from, "n");
  out.logprobs = flag(from, "logprobs").value_or(false);
  out.top_logprobs = whole(from, "top_logprobs");
  out.stop = texts(from, "stop");
  return out;
}

/// OpenAI's effort, OpenRouter's `reasoning`, and Anthropic's `thinking` where a chat client sends that.
Thinking thinking_of(const Json& from) {
  Thinking out;
  out.effort = text(from, "reasoning_effort");
  if (const auto* reasoning = member(from, "reasoning")) {
    if (out.effort.empty()) out.effort = text(*reasoning, "effort");
    out.budget = whole(*reasoning, "max_tokens");
    if (const auto hidden = flag(*reasoning, "exclude")) out.shown = !*hidden;
  }
  if (const auto* thinking = member(from, "thinking")) {
    const auto type = text(*thinking, "type");
    if (type == "enabled") out.budget = whole(*thinking, "budget_tokens");
    if (type == "disabled") out.budget = 0;
    out.adaptive = type == "adaptive";
  }
  return out;
}

void take_scalars(const Json& from, Conversation& out) {
  out.model = text(from, "model");
  out.user = text(from, "user");
  out.cache_key = text(from, "prompt_cache_key");
  out.verbosity = text(from, "verbosity");
  out.service_tier = text(from, "service_tier");
  out.store = flag(from, "store");
  out.stream = flag(from, "stream").value_or(false);
  if (const auto* metadata = member(from, "metadata")) out.metadata = *metadata;
  if (const auto* options = member(from, "stream_options"))
    out.include_usage = flag(*options, "include_usage").value_or(false);
  keep_extras(from, kKnown, out);
}

}  // namespace

Result<Conversation> decode_request(std::string_view body) {
  const auto parsed = read_body(body);
  if (!parsed) return tl::unexpected<Error>(parsed.error());
  const auto& from = *parsed;
  Conversation out;
  out.origin = Dialect::chat;
  const auto* messages = member(from, "messages");
  for (std::size_t i = 0; messages && messages->is_array() && i < messages->size(); ++i) {
    auto message = decode_message((*messages)[i], fmt::format("messages[{}]", i));
    if (!message) return tl::unexpected<Error>(message.error());
    out.messages.push_back(std::move(*message));
  }
  if (const auto* tools = member(from, "tools"); tools && tools->is_array()) {
    for (const auto& tool : *tools) out.tools.push_back(read_function(tool, Dialect::chat));
  }
  auto choice = choice_of(from);
  if (!choice) return tl::unexpected<Error>(choice.error());
  auto format = format_of(from);
  if (!format) return tl::unexpected<Error>(format.error());
  out.choice = std::move(*choice);
  out.format = std::move(*format);
  out.sampling = sampling_of(from);
  out.thinking = thinking_of(from);
  take_scalars(from, out);
  return out;
}

}  // namespace troupe::dialects::chat
