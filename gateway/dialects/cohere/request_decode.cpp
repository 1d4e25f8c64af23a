#include <fmt/format.h>
#include <array>

#include "gateway/dialects/cohere/decode.hpp"
#include "gateway/dialects/fields.hpp"
#include "gateway/dialects/functions.hpp"

namespace troupe::dialects::cohere {
namespace {

/// Fields that stand in the model; every other one is an extra.
constexpr std::array<std::string_view, 15> kKnown{"model",
                                                  "messages",
                                                  "tools",
                                                  "tool_choice",
                                                  "stream",
                                                  "response_format",
                                                  "temperature",
                                                  "p",
                                                  "k",
                                                  "frequency_penalty",
                                                  "presence_penalty",
                                                  "seed",
                                                  "max_tokens",
                                                  "thinking",
                                                  "stop_sequences"};

Format format_of(const Json& from) {
  Format out;
  const auto* format = member(from, "response_format");
  if (!format || text(*format, "type") != "json_object") return out;
  out.kind = Format::Kind::json;
  for (const auto* name : {"json_schema", "schema"}) {
    const auto* schema = member(*format, name);
    if (!schema) continue;
    out.kind = Format::Kind::schema;
    out.schema = *schema;
    break;
  }
  return out;
}

Sampling sampling_of(const Json& from) {
  Sampling out;
  out.temperature = number(from, "temperature");
  out.top_p = number(from, "p");
  out.top_k = whole(from, "k");
  out.frequency_penalty = number(from, "frequency_penalty");
  out.presence_penalty = number(from, "presence_penalty");
  out.seed = whole(from, "seed");
  out.max_output = whole(from, "max_tokens");
  out.stop = texts(from, "stop_sequences");
  return out;
}

Thinking thinking_of(const Json& from) {
  Thinking out;
  const auto* thinking = member(from, "thinking");
  if (!thinking) return out;
  if (text(*thinking, "type") == "disabled") {
    out.budget = 0;
  } else if (const auto budget = whole(*thinking, "token_budget"); budget && *budget > 0) {
    out.budget = budget;
  } else {
    out.adaptive = true;
  }
  return out;
}

ToolChoice choice_of(const Json& from) {
  ToolChoice out;
  const auto word = text(from, "tool_choice");
  if (word == "REQUIRED") out.mode = ToolChoice::Mode::required;
  if (word == "NONE") out.mode = ToolChoice::Mode::none;
  return out;
}

}  // namespace

Result<Conversation> decode_request(std::string_view body) {
  const auto parsed = read_body(body);
  if (!parsed) return tl::unexpected<Error>(parsed.error());
  const auto& from = *parsed;
  Conversation out;
  out.origin = Dialect::cohere;
  out.model = text(from, "model");
  out.stream = flag(from, "stream").value_or(false);
  const auto* messages = member(from, "messages");
  for (std::size_t i = 0; messages && messages->is_array() && i < messages->size(); ++i) {
    auto message = decode_message((*messages)[i], fmt::format("messages[{}]", i));
    if (!message) return tl::unexpected<Error>(message.error());
    out.messages.push_back(std::move(*message));
  }
  resolve_tool_names(out);
  if (const auto* tools = member(from, "tools"); tools && tools->is_array()) {
    for (const auto& tool : *tools) out.tools.push_back(read_function(tool, Dialect::cohere));
  }
  out.choice = choice_of(from);
  out.format = format_of(from);
  out.sampling = sampling_of(from);
  out.thinking = thinking_of(from);
  keep_extras(from, kKnown, out);
  return out;
}

}  // namespace troupe::dialects::cohere
