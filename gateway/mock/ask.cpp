#include "gateway/mock/ask.hpp"

#include <algorithm>

#include "gateway/mock/fields.hpp"

namespace troupe::mock {
namespace {

constexpr std::int64_t kPerMessage = 4, kPerImage = 85, kPerTool = 10;

bool blank(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/// Adds one content part: its text to `text`, its images to the count.
void read_part(const Json& part, Ask& ask, std::string& text) {
  const auto type = text_at(part, "type");
  if (type == "text" || type == "input_text") text += (text.empty() ? "" : " ") + text_at(part, "text");
  if (type == "image_url" || type == "image") ++ask.images;
  if (type != "tool_result") return;
  ask.after_tool = true;
  const auto& inner = at_or_null(part, "content");
  if (inner.is_string()) text += inner.get<std::string>();
}

void read_content(const Json& content, Ask& ask, std::string& text) {
  if (content.is_string()) text = content.get<std::string>();
  if (!content.is_array()) return;
  for (const auto& part : content)
    if (part.is_object()) read_part(part, ask, text);
}

void read_message(const Json& message, Ask& ask) {
  ask.after_tool = text_at(message, "role") == "tool";
  std::string text;
  read_content(at_or_null(message, "content"), ask, text);
  ask.input_tokens += count_tokens(text) + kPerMessage;
  ask.last_text = std::move(text);
}

Result<void> read_messages(const Json& body, Ask& ask) {
  const auto& messages = at_or_null(body, "messages");
  if (!messages.is_array())
    return fail(Fault::caller_bad_request, "Missing required parameter: 'messages'.", "messages",
                "missing_required_parameter");
  if (messages.empty())
    return fail(Fault::caller_bad_request,
                "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty "
                "array instead.",
                "messages", "empty_array");
  for (const auto& message : messages)
    if (message.is_object()) read_message(message, ask);
  ask.input_tokens += ask.images * kPerImage;
  return {};
}

Result<void> read_model(const Json& body, Ask& ask) {
  if (!body.is_object())
    return fail(Fault::caller_bad_request, "We could not parse the JSON body of your request.");
  ask.model = text_at(body, "model");
  if (ask.model.empty())
    return fail(Fault::caller_bad_request, "you must provide a model parameter", "model");
  return {};
}

void read_openai_tools(const Json& body, Ask& ask) {
  const auto& tools = at_or_null(body, "tools");
  if (!tools.is_array()) return;
  for (const auto& tool : tools) {
    const auto& function = at_or_null(tool, "function");
    if (function.is_object())
      ask.tools.push_back({text_at(function, "name"), at_or_null(function, "parameters")});
  }
  const auto& choice = at_or_null(body, "tool_choice");
  if (choice.is_string()) ask.tool_choice = choice.get<std::string>();
  if (choice.is_object()) ask.tool_choice = "=" + text_at(at_or_null(choice, "function"), "name");
}

void read_format(const Json& body, Ask& ask) {
  const auto& format = at_or_null(body, "response_format");
  const auto type = format.is_object() ? text_at(format, "type") : std::string();
  ask.json_object = type == "json_object";
  if (type == "json_schema") ask.schema = at_or_null(at_or_null(format, "json_schema"), "schema");
}

void read_anthropic_tools(const Json& body, Ask& ask) {
  const auto& tools = at_or_null(body, "tools");
  if (!tools.is_array()) return;
  for (const auto& tool : tools)
    if (tool.is_object()) ask.tools.push_back({text_at(tool, "name"), at_or_null(tool, "input_schema")});
  const auto& choice = at_or_null(body, "tool_choice");
  const auto type = choice.is_object() ? text_at(choice, "type") : std::string("auto");
  ask.tool_choice = type == "any" ? "required" : type == "tool" ? "=" + text_at(choice, "name") : type;
}

}  // namespace

std::int64_t count_tokens(std::string_view text) {
  std::int64_t words = 0;
  bool inside = false;
  for (const char c : text) {
    if (!blank(c) && !inside) ++words;
    inside = !blank(c);
  }
  return words;
}

Result<Ask> read_openai(const Json& body) {
  Ask ask;
  if (auto ok = read_model(body, ask); !ok) return tl::unexpected(ok.error());
  if (auto ok = read_messages(body, ask); !ok) return tl::unexpected(ok.error());
  ask.stream = flag_at(body, "stream");
  ask.include_usage = flag_at(at_or_null(body, "stream_options"), "include_usage");
  ask.choices = std::clamp<std::int64_t>(number_at(body, "n").value_or(1), 1, 128);
  ask.max_tokens = number_at(body, "max_completion_tokens");
  if (!ask.max_tokens) ask.max_tokens = number_at(body, "max_tokens");
  read_openai_tools(body, ask);
  read_format(body, ask);
  ask.input_tokens += static_cast<std::int64_t>(ask.tools.size()) * kPerTool;
  return ask;
}

Result<Ask> read_anthropic(const Json& body, bool counting) {
  Ask ask;
  ask.dialect = Dialect::anthropic;
  if (auto ok = read_model(body, ask); !ok)
    return fail(Fault::caller_bad_request, "model: Field required", "model");
  if (auto ok = read_messages(body, ask); !ok)
    return fail(Fault::caller_bad_request, "messages: at least one message is required", "messages");
  ask.max_tokens = number_at(body, "max_tokens");
  if (!ask.max_tokens && !counting)
    return fail(Fault::caller_bad_request, "max_tokens: Field required", "max_tokens");
  std::string system;
  read_content(at_or_null(body, "system"), ask, system);
  ask.input_tokens += count_tokens(system);
  ask.stream = flag_at(body, "stream");
  read_anthropic_tools(body, ask);
  ask.input_tokens += static_cast<std::int64_t>(ask.tools.size()) * kPerTool;
  return ask;
}

}  // namespace troupe::mock
