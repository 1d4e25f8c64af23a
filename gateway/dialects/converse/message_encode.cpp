#include <fmt/format.h>
#include <algorithm>

#include "gateway/dialects/converse/encode.hpp"

namespace troupe::dialects::converse {
namespace {

using Done = Result<void>;

/// The caller's own name for a message's place. A Responses client's items and a system field do not count as
/// ours do.
std::string place(Dialect origin, std::size_t index) {
  if (origin == Dialect::chat) return fmt::format("messages[{}].content", index);
  return origin == Dialect::responses ? "input" : "messages";
}

bool has(const Ordered& content, const char* key) {
  return std::any_of(content.begin(), content.end(),
                     [&](const Ordered& block) { return block.contains(key); });
}

class Writer {
 public:
  explicit Writer(Writing& writing) : writing_(writing) {}

  Done take(const Message& message, const std::string& where);
  void finish(Ordered& out);

 private:
  void append(const char* role, Role from, std::vector<Ordered> blocks);
  bool joins(const char* role, Role from) const;
  void note_calls(const Message& message);
  void begin_with_user();
  void name_documents();
  void trim_prefill();

  Writing& writing_;
  Ordered system_ = Ordered::array(), messages_ = Ordered::array();
  std::size_t results_ =
      0;  ///< blocks of results, with their cache points, that the last message begins with
  Role last_ = Role::system;
};

/// All results of a turn must stand together; what a client of this dialect keeps apart stays so.
bool Writer::joins(const char* role, Role from) const {
  if (messages_.empty() || messages_.back()["role"] != role) return false;
  return !writing_.native || (last_ == Role::tool && (from == Role::user || from == Role::tool));
}

/// Results must come before everything else in their message.
void Writer::append(const char* role, Role from, std::vector<Ordered> blocks) {
  if (blocks.empty()) return;
  if (!joins(role, from)) {
    messages_.push_back({{"role", role}, {"content", Ordered::array()}});
    results_ = 0;
  }
  auto& content = messages_.back()["content"];
  for (auto& block : blocks) {
    const auto at = from == Role::tool ? results_++ : content.size();
    content.insert(content.begin() + static_cast<std::ptrdiff_t>(at), std::move(block));
  }
  last_ = from;
}

/// Sealed thoughts must stand before the calls they led to, or there must be no thinking.
void Writer::note_calls(const Message& message) {
  bool thought = false;
  for (const auto& part : message.parts) {
    const auto* reasoning = std::get_if<Reasoning>(&part.is);
    thought = thought || (reasoning && goes_back(*reasoning, writing_.model));
    const auto* call = std::get_if<ToolCall>(&part.is);
    if (!call) continue;
    writing_.called.push_back(call->name);
    writing_.open_tool_loop = writing_.open_tool_loop || !thought;
  }
}

Done Writer::take(const Message& message, const std::string& where) {
  const bool system = message.role == Role::system || message.role == Role::developer;
  std::vector<Ordered> blocks;
  for (const auto& part : message.parts) {
    const bool fits = writing_.native || std::holds_alternative<Text>(part.is);
    if (system && !fits) return unsupported(where, "system messages can only hold text");
    auto encoded = encode_part(part, where, writing_);
    if (!encoded) return tl::unexpected<Error>(encoded.error());
    for (auto& block : *encoded) blocks.push_back(std::move(block));
  }
  if (system) {
    for (auto& block : blocks) system_.push_back(std::move(block));
  } else if (message.role == Role::assistant) {
    note_calls(message);
    append("assistant", message.role, std::move(blocks));
  } else {
    if (message.role == Role::user) writing_.open_tool_loop = false;
    append("user", message.role, std::move(blocks));
  }
  return {};
}

/// Chats that begin with a greeting of the assistant's are refused as they are.
void Writer::begin_with_user() {
  if (messages_.empty() || messages_[0]["role"] == "user") return;
  Ordered first = {{"role", "user"}, {"content", Ordered::array()}};
  first["content"].push_back({{"text", "(start)"}});
  messages_.insert(messages_.begin(), std::move(first));
}

/// A message with a document needs a text beside it.
void Writer::name_documents() {
  for (auto& message : messages_) {
    auto& content = message["content"];
    if (!has(content, "document") || has(content, "text")) continue;
    std::string names;
    for (const auto& block : content) {
      if (block.contains("document"))
        names += (names.empty() ? "" : ", ") + block["document"]["name"].get<std::string>();
    }
    content.push_back({{"text", "Attached: " + names}});
  }
}

/// A prefill must not end in white space.
void Writer::trim_prefill() {
  if (messages_.empty() || messages_.back()["role"] != "assistant") return;
  auto& block = messages_.back()["content"].back();
  if (!block.contains("text")) return;
  auto& said = block["text"].get_ref<std::string&>();
  said.erase(said.find_last_not_of(" \t\r\n") + 1);
}

void Writer::finish(Ordered& out) {
  if (!writing_.native) {
    begin_with_user();
    name_documents();
    trim_prefill();
  }
  out["messages"] = std::move(messages_);
  if (!system_.empty()) out["system"] = std::move(system_);
}

}  // namespace

Result<void> add_messages(Writing& writing, Ordered& out) {
  Writer writer(writing);
  const auto& talk = writing.talk;
  for (std::size_t i = 0; i < talk.messages.size(); ++i) {
    if (auto done = writer.take(talk.messages[i], place(talk.origin, i)); !done) return done;
  }
  writer.finish(out);
  if (!out["messages"].empty()) return {};
  return unsupported(talk.origin == Dialect::responses ? "input" : "messages",
                     "Bedrock Converse needs a user message that is not empty");
}

}  // namespace troupe::dialects::converse
