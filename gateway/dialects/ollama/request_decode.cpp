#include <fmt/format.h>
#include <array>

#include "gateway/dialects/fields.hpp"
#include "gateway/dialects/functions.hpp"
#include "gateway/dialects/ollama/decode.hpp"

namespace troupe::dialects::ollama {
namespace {

/// Fields that stand in the model; every other one is an extra.
constexpr std::array<std::string_view, 7> kKnown{"model",  "messages", "tools", "stream",
                                                 "format", "options",  "think"};

/// Takes what the model knows out of `options`.
Sampling take_sampling(Json& options) {
  Sampling out;
  out.temperature = number(options, "temperature");
  out.top_p = number(options, "top_p");
  out.top_k = whole(options, "top_k");
  out.frequency_penalty = number(options, "frequency_penalty");
  out.presence_penalty = number(options, "presence_penalty");
  out.seed = whole(options, "seed");
  out.max_output = whole(options, "num_predict");
  out.stop = texts(options, "stop");
  // -1 and -2 are no numbers of tokens: without an end, and up to the context.
  const bool counted = out.max_output.value_or(0) >= 0;
  if (!counted) out.max_output.reset();
  if (counted) options.erase("num_predict");
  for (const auto* name :
       {"temperature", "top_p", "top_k", "frequency_penalty", "presence_penalty", "seed", "stop"})
    options.erase(name);
  return out;
}

Format format_of(const Json& from) {
  Format out;
  const auto* format = member(from, "format");
  if (!format) return out;
  if (format->is_object()) {
    out.kind = Format::Kind::schema;
    out.schema = *format;
  } else if (*format == "json") {
    out.kind = Format::Kind::json;
  }
  return out;
}

Thinking thinking_of(const Json& from) {
  Thinking out;
  out.effort = text(from, "think");
  if (const auto wanted = flag(from, "think")) {
    out.adaptive = *wanted;
    if (!*wanted) out.budget = 0;
  }
  return out;
}

}  // namespace

Result<Conversation> decode_request(std::string_view body) {
  const auto parsed = read_body(body);
  if (!parsed) return tl::unexpected<Error>(parsed.error());
  const auto& from = *parsed;
  Conversation out;
  out.origin = Dialect::ollama;
  out.model = text(from, "model");
  out.stream = flag(from, "stream").value_or(true);  // streams unless it is told not to
  const auto* messages = member(from, "messages");
  MessageReader reader;
  for (std::size_t i = 0; messages && messages->is_array() && i < messages->size(); ++i) {
    auto message = reader.read((*messages)[i], fmt::format("messages[{}]", i));
    if (!message) return tl::unexpected<Error>(message.error());
    out.messages.push_back(std::move(*message));
  }
  if (const auto* tools = member(from, "tools"); tools && tools->is_array()) {
    for (const auto& tool : *tools) out.tools.push_back(read_function(tool, Dialect::ollama));
  }
  const auto* told = member(from, "options");
  auto options = told && told->is_object() ? *told : Json::object();
  out.sampling = take_sampling(options);
  out.format = format_of(from);
  out.thinking = thinking_of(from);
  if (!options.empty()) out.extras.emplace_back("options", std::move(options));
  keep_extras(from, kKnown, out);
  return out;
}

}  // namespace troupe::dialects::ollama
