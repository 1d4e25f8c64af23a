#include <fmt/format.h>
#include <algorithm>

#include "gateway/dialects/functions.hpp"
#include "gateway/dialects/ollama/decode.hpp"
#include "gateway/dialects/ollama/words.hpp"

namespace troupe::dialects::ollama {
namespace {

void add_text(const Json& from, std::vector<Part>& into) {
  if (auto words = text(from, "content"); !words.empty())
    into.push_back({Text{std::move(words), {}, nullptr}});
}

void add_images(const Json& from, std::vector<Part>& into) {
  const auto* images = member(from, "images");
  if (!images || !images->is_array()) return;
  for (const auto& image : *images) {
    Media media;
    if (image.is_string()) media.data = image.get<std::string>();
    into.push_back({std::move(media)});
  }
}

}  // namespace

void MessageReader::read_calls(const Json& from, Message& into) {
  const auto* calls = member(from, "tool_calls");
  if (!calls || !calls->is_array()) return;
  for (const auto& one : *calls) {
    auto part = read_call(one, Dialect::ollama);
    if (auto* call = std::get_if<ToolCall>(&part.is)) {
      if (call->id.empty()) call->id = make_call_id({}, made_up_++);
      open_.push_back(*call);
    }
    into.parts.push_back(std::move(part));
  }
}

Message MessageReader::read_result(const Json& from) {
  ToolResult out;
  out.id = text(from, "tool_call_id");
  out.name = text(from, "tool_name");
  const auto answered = std::find_if(open_.begin(), open_.end(), [&](const ToolCall& call) {
    if (!out.id.empty()) return call.id == out.id;
    return out.name.empty() || call.name == out.name;
  });
  if (answered != open_.end()) {
    out.id = answered->id;
    out.name = answered->name;
    open_.erase(answered);
  }
  add_text(from, out.content);
  add_images(from, out.content);
  return {Role::tool, {{std::move(out)}}, ""};
}

Result<Message> MessageReader::read(const Json& from, const std::string& where) {
  const auto role = text(from, "role");
  if (role == "tool") return read_result(from);
  Message out;
  if (role == "system") {
    out.role = Role::system;
  } else if (role == "assistant") {
    out.role = Role::assistant;
  } else if (role != "user") {
    return unsupported(where + ".role", fmt::format("'{}' is not a role that models share", role));
  }
  if (auto words = text(from, "thinking"); !words.empty()) {
    Reasoning thought;
    thought.text = std::move(words);
    out.parts.push_back({std::move(thought)});
  }
  add_text(from, out.parts);
  add_images(from, out.parts);
  read_calls(from, out);
  return out;
}

}  // namespace troupe::dialects::ollama
