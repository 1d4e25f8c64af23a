#include <fmt/format.h>
#include <algorithm>

#include "gateway/dialects/anthropic/encode.hpp"

namespace troupe::dialects::anthropic {
namespace {

using Done = Result<void>;

/// The caller's own name for a message's place. A Responses client's items and a Messages client's system
/// text do not count as ours do.
std::string place(Dialect origin, std::size_t index) {
  if (origin == Dialect::chat) return fmt::format("messages[{}].content", index);
  return origin == Dialect::responses ? "input" : "messages";
}

bool is_result(const Ordered& block) {
  return block["type"] == "tool_result";
}

class Writer {
 public:
  explicit Writer(const Conversation& talk) : native_(talk.origin == Dialect::anthropic) {}

  Done take(const Message& message, const std::string& where);
  Talk finish();

 private:
  void append(const char* role, Role from, Ordered blocks);
  bool joins(const char* role, Role from) const;
  void note_calls(const Message& message);
  void trim_prefill();

  Talk out_;
  Role last_ = Role::system;
  bool native_;
};

/// All results of a turn must stand together; what a client of this dialect keeps apart stays so.
bool Writer::joins(const char* role, Role from) const {
  if (out_.messages.empty() || out_.messages.back()["role"] != role) return false;
  return !native_ || (last_ == Role::tool && (from == Role::user || from == Role::tool));
}

void Writer::append(const char* role, Role from, Ordered blocks) {
  if (blocks.empty()) return;
  if (!joins(role, from)) out_.messages.push_back({{"role", role}, {"content", Ordered::array()}});
  auto& content = out_.messages.back()["content"];
  for (auto& block : blocks) {
    // Results must come before everything else in their message.
    const auto rest = std::find_if_not(content.begin(), content.end(), is_result);
    content.insert(is_result(block) ? rest : content.end(), std::move(block));
  }
  last_ = from;
}

/// Signed thoughts must stand before the calls they led to, or there must be no thinking.
void Writer::note_calls(const Message& message) {
  bool thought = false;
  for (const auto& part : message.parts) {
    const auto* reasoning = std::get_if<Reasoning>(&part.is);
    thought = thought || (reasoning && goes_back(*reasoning));
    const auto* call = std::get_if<ToolCall>(&part.is);
    if (!call) continue;
    out_.called.push_back(call->name);
    out_.open_tool_loop = out_.open_tool_loop || !thought;
  }
}

Done Writer::take(const Message& message, const std::string& where) {
  const bool system = message.role == Role::system || message.role == Role::developer;
  auto blocks = Ordered::array();
  for (const auto& part : message.parts) {
    auto block = encode_part(part, where, native_);
    if (!block) return tl::unexpected<Error>(block.error());
    if (!*block) continue;
    if (system && !native_ && (**block)["type"] != "text")
      return unsupported(where, "system messages can only hold text");
    blocks.push_back(std::move(**block));
  }
  if (system) {
    for (auto& block : blocks) out_.system.push_back(std::move(block));
  } else if (message.role == Role::assistant) {
    note_calls(message);
    append("assistant", message.role, std::move(blocks));
  } else {
    if (message.role == Role::user) out_.open_tool_loop = false;
    append("user", message.role, std::move(blocks));
  }
  return {};
}

/// A prefill must not end in white space.
void Writer::trim_prefill() {
  auto& messages = out_.messages;
  if (native_ || messages.empty() || messages.back()["role"] != "assistant") return;
  auto& content = messages.back()["content"];
  if (content.back()["type"] != "text") return;
  auto& last = content.back()["text"].get_ref<std::string&>();
  last.erase(last.find_last_not_of(" \t\r\n") + 1);
  if (last.empty()) content.erase(content.size() - 1);
  if (content.empty()) messages.erase(messages.size() - 1);
}

Talk Writer::finish() {
  trim_prefill();
  return std::move(out_);
}

}  // namespace

Result<Talk> encode_messages(const Conversation& talk) {
  Writer writer(talk);
  for (std::size_t i = 0; i < talk.messages.size(); ++i) {
    auto done = writer.take(talk.messages[i], place(talk.origin, i));
    if (!done) return tl::unexpected<Error>(done.error());
  }
  auto out = writer.finish();
  if (out.messages.empty()) {
    return unsupported(talk.origin == Dialect::responses ? "input" : "messages",
                       "Anthropic needs a user message that is not empty");
  }
  return out;
}

}  // namespace troupe::dialects::anthropic
