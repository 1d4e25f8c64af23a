#include <nlohmann/json.hpp>

#include "gateway/tokens/count_chat.hpp"

namespace troupe::tokens {
namespace {

using dialects::Role;

std::string_view name_of(Role role) {
  switch (role) {
    case Role::system:
      return "system";
    case Role::developer:
      return "developer";
    case Role::user:
      return "user";
    case Role::assistant:
      return "assistant";
    case Role::tool:
      return "tool";
  }
  return "";
}

std::string dumped(const dialects::Json& json) {
  return json.dump(-1, ' ', false, dialects::Json::error_handler_t::replace);
}

/// What one part adds; a part that is nobody's text counts by its JSON.
struct AddPart {
  Tally& tally;

  void operator()(const dialects::Text& part) const { tally.text(part.text); }
  void operator()(const dialects::Media& part) const {
    if (!part.text.empty()) {
      tally.text(part.text);
    } else if (part.kind == dialects::Media::Kind::image) {
      tally.image(image_size_in_base64(part.data), part.detail == "low");
    } else {
      tally.attachment(part.data.size() / 4 * 3);
    }
  }
  void operator()(const dialects::ToolCall& part) const { tally.tool(part.name, part.arguments); }
  void operator()(const dialects::ToolResult& part) const {
    for (const auto& inner : part.content) std::visit(*this, inner.is);
  }
  void operator()(const dialects::Reasoning& part) const { tally.text(part.text); }
  void operator()(const dialects::Refusal& part) const { tally.text(part.text); }
  void operator()(const dialects::Opaque& part) const { tally.tool("", dumped(part.json)); }
};

}  // namespace

Count count_conversation(const dialects::Conversation& talk, Tally tally) {
  for (const auto& message : talk.messages) {
    tally.message(name_of(message.role));
    if (!message.name.empty()) tally.participant(message.name);
    for (const auto& part : message.parts) std::visit(AddPart{tally}, part.is);
  }
  for (const auto& tool : talk.tools) {
    auto shown = tool.description;
    if (!tool.parameters.is_null()) shown += dumped(tool.parameters);
    if (tool.own) shown += dumped(tool.own->json);
    tally.tool(tool.name, shown);
  }
  if (!talk.format.schema.is_null()) tally.tool(talk.format.name, dumped(talk.format.schema));
  tally.reply();
  return tally.total();
}

}  // namespace troupe::tokens
