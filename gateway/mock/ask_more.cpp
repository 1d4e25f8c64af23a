// The requests of those who are shaped like nobody else.
#include "gateway/mock/ask.hpp"
#include "gateway/mock/fields.hpp"

namespace troupe::mock {
namespace {

constexpr std::int64_t kPerTurn = 4, kPerPicture = 85, kPerFunction = 10;

tl::unexpected<Error> missing(const char* field, const char* message) {
  return fail(Fault::caller_bad_request, message, field);
}

/// One turn of a conversation, begun with what it says.
struct Turn {
  std::string text;
  std::int64_t images = 0;
  bool after_tool = false;
};

void add_text(Turn& turn, const std::string& text) {
  if (text.empty()) return;
  if (!turn.text.empty()) turn.text += ' ';
  turn.text += text;
}

void take(Turn turn, Ask& ask) {
  ask.input_tokens += count_tokens(turn.text) + kPerTurn + turn.images * kPerPicture;
  ask.images += turn.images;
  ask.after_tool = turn.after_tool;
  ask.last_text = std::move(turn.text);
}

/// All elements of an array; nothing for anything else.
template <class Each>
void each(const Json& list, Each each_one) {
  if (!list.is_array()) return;
  for (const auto& one : list) each_one(one);
}

void add_tool(Ask& ask, const std::string& name, const Json& schema) {
  ask.tools.push_back({name, schema});
  ask.input_tokens += kPerFunction;
}

// Responses.

Turn item_of(const Json& item) {
  Turn turn;
  const auto type = text_at(item, "type");
  turn.after_tool = type == "function_call_output";
  const auto& content = at_or_null(item, turn.after_tool ? "output" : "content");
  if (content.is_string()) turn.text = content.get<std::string>();
  each(content, [&](const Json& part) {
    add_text(turn, text_at(part, "text"));
    if (text_at(part, "type") == "input_image") ++turn.images;
  });
  return turn;
}

// Gemini.

Turn content_of(const Json& content) {
  Turn turn;
  each(at_or_null(content, "parts"), [&](const Json& part) {
    add_text(turn, text_at(part, "text"));
    if (at_or_null(part, "inlineData").is_object() || at_or_null(part, "fileData").is_object()) ++turn.images;
    const auto& result = at_or_null(part, "functionResponse");
    if (!result.is_object()) return;
    turn.after_tool = true;
    const auto& said = at_or_null(result, "response");
    const auto output = text_at(said, "output");
    add_text(turn, output.empty() ? dump(said) : output);
  });
  return turn;
}

// Converse.

Turn blocks_of(const Json& message) {
  Turn turn;
  each(at_or_null(message, "content"), [&](const Json& block) {
    add_text(turn, text_at(block, "text"));
    if (at_or_null(block, "image").is_object() || at_or_null(block, "document").is_object()) ++turn.images;
    const auto& result = at_or_null(block, "toolResult");
    if (!result.is_object()) return;
    turn.after_tool = true;
    each(at_or_null(result, "content"), [&](const Json& inner) {
      const auto& value = at_or_null(inner, "json");
      add_text(turn, value.is_null() ? text_at(inner, "text") : dump(value));
    });
  });
  return turn;
}

}  // namespace

Result<Ask> read_responses(const Json& body) {
  Ask ask;
  ask.dialect = Dialect::responses;
  ask.model = text_at(body, "model");
  if (ask.model.empty()) return missing("model", "Missing required parameter: 'model'.");
  const auto& input = at_or_null(body, "input");
  if (!input.is_string() && !input.is_array())
    return missing("input", "Missing required parameter: 'input'.");
  ask.input_tokens = count_tokens(text_at(body, "instructions"));
  if (input.is_string()) take({input.get<std::string>()}, ask);
  each(input, [&](const Json& item) { take(item_of(item), ask); });
  each(at_or_null(body, "tools"), [&](const Json& tool) {
    if (text_at(tool, "type") == "function")
      add_tool(ask, text_at(tool, "name"), at_or_null(tool, "parameters"));
  });
  const auto& choice = at_or_null(body, "tool_choice");
  if (choice.is_string()) ask.tool_choice = choice.get<std::string>();
  if (choice.is_object()) ask.tool_choice = "=" + text_at(choice, "name");
  const auto& format = at_or_null(at_or_null(body, "text"), "format");
  ask.json_object = text_at(format, "type") == "json_object";
  if (text_at(format, "type") == "json_schema") ask.schema = at_or_null(format, "schema");
  ask.max_tokens = number_at(body, "max_output_tokens");
  ask.stream = flag_at(body, "stream");
  return ask;
}

Result<Ask> read_gemini(const Json& body) {
  Ask ask;
  ask.dialect = Dialect::gemini;
  const auto& contents = at_or_null(body, "contents");
  if (!contents.is_array() || contents.empty())
    return missing("contents", "* GenerateContentRequest.contents: contents is not specified");
  ask.input_tokens = count_tokens(content_of(at_or_null(body, "systemInstruction")).text);
  each(contents, [&](const Json& content) { take(content_of(content), ask); });
  each(at_or_null(body, "tools"), [&](const Json& tool) {
    each(at_or_null(tool, "functionDeclarations"), [&](const Json& one) {
      const auto& schema = at_or_null(one, "parametersJsonSchema");
      add_tool(ask, text_at(one, "name"), schema.is_null() ? at_or_null(one, "parameters") : schema);
    });
  });
  const auto& calling = at_or_null(at_or_null(body, "toolConfig"), "functionCallingConfig");
  const auto& allowed = at_or_null(calling, "allowedFunctionNames");
  const auto mode = text_at(calling, "mode");
  if (mode == "NONE") ask.tool_choice = "none";
  if (mode == "ANY") ask.tool_choice = "required";
  if (mode == "ANY" && allowed.is_array() && allowed.size() == 1 && allowed[0].is_string())
    ask.tool_choice = "=" + allowed[0].get<std::string>();
  const auto& settings = at_or_null(body, "generationConfig");
  ask.max_tokens = number_at(settings, "maxOutputTokens");
  for (const auto* name : {"responseSchema", "responseJsonSchema"}) {
    if (at_or_null(settings, name).is_object()) ask.schema = at_or_null(settings, name);
  }
  ask.json_object = text_at(settings, "responseMimeType") == "application/json";
  return ask;
}

Result<Ask> read_converse(const Json& body) {
  Ask ask;
  ask.dialect = Dialect::converse;
  const auto& messages = at_or_null(body, "messages");
  if (!messages.is_array() || messages.empty())
    return missing("messages",
                   "A conversation must start with a user message. Try again with a conversation "
                   "that starts with a user message.");
  each(at_or_null(body, "system"),
       [&](const Json& block) { ask.input_tokens += count_tokens(text_at(block, "text")); });
  each(messages, [&](const Json& message) { take(blocks_of(message), ask); });
  const auto& config = at_or_null(body, "toolConfig");
  each(at_or_null(config, "tools"), [&](const Json& tool) {
    const auto& spec = at_or_null(tool, "toolSpec");
    if (spec.is_object())
      add_tool(ask, text_at(spec, "name"), at_or_null(at_or_null(spec, "inputSchema"), "json"));
  });
  const auto& choice = at_or_null(config, "toolChoice");
  if (at_or_null(choice, "any").is_object()) ask.tool_choice = "required";
  if (at_or_null(choice, "tool").is_object())
    ask.tool_choice = "=" + text_at(at_or_null(choice, "tool"), "name");
  ask.max_tokens = number_at(at_or_null(body, "inferenceConfig"), "maxTokens");
  const auto& structure = at_or_null(at_or_null(at_or_null(body, "outputConfig"), "textFormat"), "structure");
  const auto& schema = at_or_null(at_or_null(structure, "jsonSchema"), "schema");
  if (schema.is_object()) ask.schema = schema;
  if (schema.is_string()) ask.schema = Json::parse(schema.get<std::string>(), nullptr, false);
  return ask;
}

Result<Ask> read_cohere(const Json& body) {
  auto ask = read_openai(body);
  if (!ask) return ask;
  ask->dialect = Dialect::cohere;
  const auto choice = text_at(body, "tool_choice");
  ask->tool_choice = choice == "REQUIRED" ? "required" : choice == "NONE" ? "none" : "auto";
  const auto& format = at_or_null(body, "response_format");
  for (const auto* name : {"schema", "json_schema"}) {
    if (at_or_null(format, name).is_object()) ask->schema = at_or_null(format, name);
  }
  return ask;
}

Result<Ask> read_ollama(const Json& body) {
  auto ask = read_openai(body);
  if (!ask) return ask;
  ask->dialect = Dialect::ollama;
  ask->stream = !at_or_null(body, "stream").is_boolean() || flag_at(body, "stream");
  ask->max_tokens = number_at(at_or_null(body, "options"), "num_predict");
  const auto& format = at_or_null(body, "format");
  ask->json_object = format == "json";
  if (format.is_object()) ask->schema = format;
  each(at_or_null(body, "messages"), [&](const Json& message) {
    const auto& images = at_or_null(message, "images");
    if (!images.is_array()) return;
    ask->images += static_cast<std::int64_t>(images.size());
    ask->input_tokens += static_cast<std::int64_t>(images.size()) * kPerPicture;
  });
  return ask;
}

}  // namespace troupe::mock
