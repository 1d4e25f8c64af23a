#include <fmt/format.h>

#include "gateway/dialects/ollama/encode.hpp"

namespace troupe::dialects::ollama {
namespace {

tl::unexpected<Error> cannot(std::string_view what) {
  return unsupported("messages", fmt::format("{} has no place in Ollama's chat", what));
}

std::string_view role_word(Role role) {
  switch (role) {
    case Role::system:
    case Role::developer:
      return "system";
    case Role::assistant:
      return "assistant";
    case Role::tool:
      return "tool";
    case Role::user:
      break;
  }
  return "user";
}

/// What a message says, in the few places that there are.
struct Writer {
  std::string said, thought;
  Ordered images = Ordered::array(), calls = Ordered::array();
  std::optional<Error> error;

  void refuse(std::string_view what) {
    if (!error) error = cannot(what).value();
  }
  void add_text(std::string_view text) {
    if (!said.empty() && !text.empty()) said += "\n\n";
    said += text;
  }
  void operator()(const Text& part) { add_text(part.text); }
  void operator()(const Refusal& part) { add_text(part.text); }
  void operator()(const Media& part) {
    if (part.kind == Media::Kind::image && !part.data.empty()) {
      images.push_back(part.data);
    } else if (!part.text.empty()) {
      add_text(part.name.empty() ? part.text : part.name + "\n\n" + part.text);
    } else {
      refuse(part.kind == Media::Kind::image ? "an image by address" : "a file, a sound or a video");
    }
  }
  void operator()(const ToolCall& part) { calls.push_back(call_json(part)); }
  /// Thoughts that another provider sealed stay with it.
  void operator()(const Reasoning& part) {
    if (part.signature.empty()) thought += part.text;
  }
  void operator()(const Opaque& part) {
    if (part.origin != Dialect::ollama) return refuse(fmt::format("a '{}' block", text(part.json, "type")));
    calls.push_back(Ordered(part.json));
  }
  void operator()(const ToolResult&) { refuse("a tool result beside other parts"); }
};

Result<Ordered> write(Role role, const std::vector<Part>& parts, bool thoughts) {
  Writer writer;
  for (const auto& part : parts) std::visit(writer, part.is);
  if (writer.error) return tl::unexpected<Error>(std::move(*writer.error));
  Ordered out = {{"role", role_word(role)}, {"content", writer.said}};
  if (thoughts && !writer.thought.empty()) out["thinking"] = writer.thought;
  if (!writer.images.empty()) out["images"] = std::move(writer.images);
  if (!writer.calls.empty()) out["tool_calls"] = std::move(writer.calls);
  return out;
}

}  // namespace

Ordered call_json(const ToolCall& call) {
  Ordered out = {
      {"function", {{"name", call.name}, {"arguments", Ordered(arguments_object(call.arguments))}}}};
  if (!call.id.empty()) out["id"] = call.id;
  return out;
}

Result<void> add_message(const Message& message, bool thoughts, Ordered& out) {
  if (message.role != Role::tool) {
    auto one = write(message.role, message.parts, thoughts);
    if (!one) return tl::unexpected<Error>(one.error());
    out.push_back(std::move(*one));
    return {};
  }
  for (const auto& part : message.parts) {
    const auto* result = std::get_if<ToolResult>(&part.is);
    if (!result) return cannot("a tool message without a result");
    auto one = write(Role::tool, result->content, false);
    if (!one) return tl::unexpected<Error>(one.error());
    if (!result->name.empty()) (*one)["tool_name"] = result->name;
    if (!result->id.empty()) (*one)["tool_call_id"] = result->id;
    out.push_back(std::move(*one));
  }
  return {};
}

}  // namespace troupe::dialects::ollama
