#include <fmt/format.h>

#include "gateway/providers/anthropic_request.hpp"

namespace troupe::providers::anthropic {
namespace {

/// Same-role neighbours are one message: all results of a turn must stand together.
void append(Conversation& into, std::string_view role, Json blocks) {
  if (blocks.empty()) return;
  auto& messages = into.messages;
  if (messages.empty() || messages.back()["role"] != role) {
    messages.push_back({{"role", role}, {"content", Json::array()}});
  }
  for (auto& block : blocks) messages.back()["content"].push_back(std::move(block));
}

Json parse_arguments(const std::string& arguments) {
  if (arguments.find_first_not_of(" \t\r\n") == std::string::npos) return Json::object();
  return Json::parse(arguments, nullptr, false);
}

Result<Json> tool_use(const Json& call, const std::string& where) {
  const auto* function = member(call, "function");
  if (!function) return unsupported(where + ".type", "only function calls can be sent to Anthropic");
  auto input = parse_arguments(text(*function, "arguments"));
  if (!input.is_object())
    return unsupported(where + ".function.arguments", "expected a JSON object as a string");
  return Json{{"type", "tool_use"},
              {"id", text(call, "id")},
              {"name", text(*function, "name")},
              {"input", std::move(input)}};
}

/// Thinking as our own answers carry it: signed blocks that must come back unchanged before the calls they
/// led to.
Json thinking_blocks(const Json& message) {
  const auto* extension = member(message, "anthropic");
  const auto* blocks = extension ? member(*extension, "thinking") : nullptr;
  return blocks && blocks->is_array() ? *blocks : Json::array();
}

Result<bool> take_assistant(const Json& message, const std::string& where, Conversation& into) {
  auto blocks = thinking_blocks(message);
  const bool thought = !blocks.empty();
  if (const auto* content = member(message, "content")) {
    auto said = translate_content(*content, where + ".content");
    if (!said) return tl::unexpected<Error>(said.error());
    for (auto& block : *said) blocks.push_back(std::move(block));
  }
  if (const auto refusal = text(message, "refusal"); !refusal.empty()) {
    blocks.push_back({{"type", "text"}, {"text", refusal}});
  }
  if (member(message, "function_call")) return unsupported(where + ".function_call", "use 'tool_calls'");
  const auto* calls = member(message, "tool_calls");
  for (std::size_t i = 0; calls && calls->is_array() && i < calls->size(); ++i) {
    auto use = tool_use((*calls)[i], fmt::format("{}.tool_calls[{}]", where, i));
    if (!use) return tl::unexpected<Error>(use.error());
    into.tool_names.push_back((*use)["name"]);
    blocks.push_back(std::move(*use));
    into.open_tool_loop = into.open_tool_loop || !thought;
  }
  append(into, "assistant", std::move(blocks));
  return true;
}

Result<bool> take_result(const Json& message, const std::string& where, Conversation& into) {
  const auto* content = member(message, "content");
  Json result = {{"type", "tool_result"}, {"tool_use_id", text(message, "tool_call_id")}};
  if (content && content->is_string()) {
    result["content"] = *content;
  } else if (content) {
    auto blocks = translate_content(*content, where + ".content");
    if (!blocks) return tl::unexpected<Error>(blocks.error());
    result["content"] = std::move(*blocks);
  }
  if (const auto* cache = member(message, "cache_control")) result["cache_control"] = *cache;
  append(into, "user", Json::array({std::move(result)}));
  return true;
}

Result<bool> take(const Json& message, const std::string& where, Conversation& into) {
  const auto role = text(message, "role");
  if (role == "assistant") return take_assistant(message, where, into);
  if (role == "tool") return take_result(message, where, into);
  if (role != "user" && role != "system" && role != "developer") {
    return unsupported(where + ".role", fmt::format("'{}' is not a role of this API", role));
  }
  const auto* content = member(message, "content");
  auto blocks = content ? translate_content(*content, where + ".content") : Result<Json>(Json::array());
  if (!blocks) return tl::unexpected<Error>(blocks.error());
  if (role == "user") {
    into.open_tool_loop = false;
    append(into, "user", std::move(*blocks));
    return true;
  }
  for (auto& block : *blocks) {
    if (block["type"] != "text") return unsupported(where + ".content", "system messages can only hold text");
    into.system.push_back(std::move(block));
  }
  return true;
}

/// A prefill must not end in white space.
void trim_prefill(Json& messages) {
  if (messages.empty() || messages.back()["role"] != "assistant") return;
  auto& content = messages.back()["content"];
  if (content.back()["type"] != "text") return;
  auto& last = content.back()["text"].get_ref<std::string&>();
  last.erase(last.find_last_not_of(" \t\r\n") + 1);
  if (last.empty()) content.erase(content.size() - 1);
  if (content.empty()) messages.erase(messages.size() - 1);
}

}  // namespace

Result<Conversation> translate_messages(const Json& messages) {
  Conversation conversation;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const auto taken = take(messages[i], fmt::format("messages[{}]", i), conversation);
    if (!taken) return tl::unexpected<Error>(taken.error());
  }
  trim_prefill(conversation.messages);
  if (conversation.messages.empty())
    return unsupported("messages", "Anthropic needs a user message that is not empty");
  return conversation;
}

}  // namespace troupe::providers::anthropic
