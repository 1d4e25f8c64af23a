#include <fmt/format.h>
#include <map>

#include "gateway/dialects/gemini/encode.hpp"
#include "gateway/dialects/gemini/words.hpp"

namespace troupe::dialects::gemini {
namespace {

/// Google's documented stand-in for the seal of a call that another model made.
/// Source: ai.google.dev/gemini-api/docs/thought-signatures.
constexpr std::string_view kNoSeal = "skip_thought_signature_validator";

std::string place(Dialect origin, std::size_t index) {
  if (origin == Dialect::gemini) return fmt::format("contents[{}].parts", index);
  if (origin == Dialect::chat) return fmt::format("messages[{}].content", index);
  return origin == Dialect::responses ? "input" : "messages";
}

class Writer {
 public:
  Writer(const Conversation& talk, const Target& target)
      : native_(talk.origin == Dialect::gemini), newer_(native_ || model_version(target.model) >= 30) {
    seals_ = !native_ && newer_;
  }

  Result<void> take(const Message& message, const std::string& where);
  Talk finish() { return std::move(out_); }

 private:
  Result<void> add(const Part& part, const std::string& where, Ordered& parts);
  void add_call(const ToolCall& call, Ordered& parts);
  Result<void> add_result(const ToolResult& result, const std::string& where, Ordered& parts);
  void add_thought(const Reasoning& thought, Ordered& parts) const;
  void append(Role role, Ordered parts);

  Talk out_;
  std::map<std::string, std::string, std::less<>> names_;  ///< call -> tool
  Role last_ = Role::system;
  bool native_;
  bool newer_;          ///< from Gemini 3 on results can hold files
  bool seals_ = false;  ///< and the first call of a step must be sealed
};

/// Calls of a step must stand in one content, and their results in another.
void Writer::append(Role role, Ordered parts) {
  if (parts.empty()) return;
  const bool joins = last_ == role && (!native_ || role == Role::tool) && !out_.contents.empty();
  if (!joins) {
    out_.contents.push_back(
        {{"role", role == Role::assistant ? "model" : "user"}, {"parts", Ordered::array()}});
  }
  for (auto& part : parts) out_.contents.back()["parts"].push_back(std::move(part));
  last_ = role;
}

void Writer::add_thought(const Reasoning& thought, Ordered& parts) const {
  if (thought.origin != Dialect::gemini || (thought.text.empty() && thought.signature.empty())) return;
  const bool on_text = thought.redacted && !parts.empty() && parts.back().contains("text") &&
                       !parts.back().contains("thoughtSignature") && !parts.back().contains("thought");
  if (!on_text) parts.push_back({{"text", thought.text}});
  if (!thought.redacted) parts.back()["thought"] = true;
  if (!thought.signature.empty()) parts.back()["thoughtSignature"] = thought.signature;
}

void Writer::add_call(const ToolCall& call, Ordered& parts) {
  Ordered function = {{"name", call.name}, {"args", Ordered(arguments_object(call.arguments))}};
  if (native_ && !call.id.empty()) function["id"] = call.id;
  names_[call.id] = call.name;
  bool first = true;
  for (const auto& part : parts) first = first && !part.contains("functionCall");
  if (first && last_ == Role::assistant && !native_ && !out_.contents.empty()) {
    for (const auto& part : out_.contents.back()["parts"]) first = first && !part.contains("functionCall");
  }
  parts.push_back({{"functionCall", std::move(function)}});
  if (!call.signature.empty()) {
    parts.back()["thoughtSignature"] = call.signature;
  } else if (seals_ && first) {
    parts.back()["thoughtSignature"] = kNoSeal;
  }
}

/// An object as it is; other text under the name that Google gives to a function's output or error.
Ordered response_of(const std::string& said, bool error) {
  if (error) return {{"error", said}};
  auto parsed = said.starts_with('{') ? read(said) : Json();
  const bool own = parsed.is_object() && parsed.size() == 1 &&
                   (parsed.begin().key() == "output" || parsed.begin().key() == "error");
  if (!parsed.is_object() || own) return {{"output", said}};
  return Ordered(parsed);
}

Result<void> Writer::add_result(const ToolResult& result, const std::string& where, Ordered& parts) {
  auto name = result.name;
  if (const auto found = names_.find(result.id); name.empty() && found != names_.end()) name = found->second;
  if (name.empty()) return invalid(where, "no tool call with this id comes before it");
  std::string said;
  auto files = Ordered::array();
  for (const auto& one : result.content) {
    if (const auto* words = std::get_if<Text>(&one.is)) {
      if (!said.empty()) said += '\n';
      said += words->text;
    } else if (const auto* media = std::get_if<Media>(&one.is)) {
      auto file = encode_media(*media, where, native_);
      if (!file) return tl::unexpected<Error>(file.error());
      files.push_back(std::move(*file));
    } else {
      return unsupported(where, "Gemini models take texts and files from a tool");
    }
  }
  Ordered function = {{"name", name}, {"response", response_of(said, result.error)}};
  if (native_ && !result.id.empty()) function["id"] = result.id;
  if (newer_ && !files.empty()) function["parts"] = files;
  parts.push_back({{"functionResponse", std::move(function)}});
  if (!newer_) parts.insert(parts.end(), files.begin(), files.end());
  return {};
}

Result<void> Writer::add(const Part& part, const std::string& where, Ordered& parts) {
  if (const auto* said = std::get_if<Text>(&part.is)) {
    if (!said->text.empty()) parts.push_back({{"text", said->text}});
  } else if (const auto* refusal = std::get_if<Refusal>(&part.is)) {
    if (!refusal->text.empty()) parts.push_back({{"text", refusal->text}});
  } else if (const auto* media = std::get_if<Media>(&part.is)) {
    auto file = encode_media(*media, where, native_);
    if (!file) return tl::unexpected<Error>(file.error());
    parts.push_back(std::move(*file));
  } else if (const auto* call = std::get_if<ToolCall>(&part.is)) {
    add_call(*call, parts);
  } else if (const auto* result = std::get_if<ToolResult>(&part.is)) {
    return add_result(*result, where, parts);
  } else if (const auto* thought = std::get_if<Reasoning>(&part.is)) {
    add_thought(*thought, parts);
  } else if (const auto* own = std::get_if<Opaque>(&part.is)) {
    if (own->origin != Dialect::gemini) {
      return unsupported(
          where, fmt::format("Gemini models have no counterpart of a '{}' part", text(own->json, "type")));
    }
    parts.push_back(Ordered(own->json));
  }
  return {};
}

Result<void> Writer::take(const Message& message, const std::string& where) {
  const bool system = message.role == Role::system || message.role == Role::developer;
  auto parts = Ordered::array();
  for (const auto& part : message.parts) {
    if (system && !native_ && !std::holds_alternative<Text>(part.is))
      return unsupported(where, "system messages can only hold text");
    if (auto done = add(part, where, parts); !done) return done;
  }
  if (!system) {
    append(message.role, std::move(parts));
    return {};
  }
  for (auto& part : parts) out_.system.push_back(std::move(part));
  return {};
}

}  // namespace

Result<Talk> encode_messages(const Conversation& talk, const Target& target) {
  Writer writer(talk, target);
  for (std::size_t i = 0; i < talk.messages.size(); ++i) {
    auto done = writer.take(talk.messages[i], place(talk.origin, i));
    if (!done) return tl::unexpected<Error>(done.error());
  }
  auto out = writer.finish();
  if (out.contents.empty() && talk.origin != Dialect::gemini) {
    return unsupported(talk.origin == Dialect::responses ? "input" : "messages",
                       "Gemini models need a message that is not empty");
  }
  return out;
}

}  // namespace troupe::dialects::gemini
