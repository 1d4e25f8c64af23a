#include <fmt/format.h>
#include <cctype>

#include "core/hash.hpp"
#include "gateway/dialects/chat/encode.hpp"
#include "gateway/dialects/data_uri.hpp"

namespace troupe::dialects::chat {
namespace {

/// One conversation on its way into `messages`.
class Writer {
 public:
  explicit Writer(const Target& target) : target_(target) {}
  Result<void> add(const Message& message);
  Ordered take();

 private:
  Result<void> add_assistant(const Message& message);
  Result<void> add_results(const Message& message);
  Result<void> add_plain(const Message& message);
  Result<Ordered> part(const Part& part, bool& all_text);
  Result<Ordered> media(const Media& media) const;
  Result<Ordered> content(const std::vector<Part>& parts);
  void flush_images();

  const Target& target_;
  Ordered out_ = Ordered::array();
  Ordered images_ = Ordered::array();  ///< of tool results: this dialect's tool messages hold text only
};

std::string role_word(Role role, const Target& target) {
  switch (role) {
    case Role::developer:
      return target.flavour == "openai" || target.flavour == "azure" ? "developer" : "system";
    case Role::system:
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

tl::unexpected<Error> cannot(std::string_view what) {
  return unsupported("messages", fmt::format("{} has no place in a chat completion", what));
}

Result<Ordered> Writer::media(const Media& media) const {
  if (media.kind == Media::Kind::image) {
    if (!media.file_id.empty()) return cannot("an image by file id");
    Ordered image = {{"url", media.data.empty() ? media.url : make_data_uri(media.type, media.data)}};
    if (!media.detail.empty()) image["detail"] = media.detail;
    return Ordered{{"type", "image_url"}, {"image_url", std::move(image)}};
  }
  if (media.kind == Media::Kind::audio && !media.data.empty()) {
    const auto slash = media.type.find('/');
    return Ordered{{"type", "input_audio"},
                   {"input_audio", {{"data", media.data}, {"format", media.type.substr(slash + 1)}}}};
  }
  if (media.kind != Media::Kind::document) return cannot("a video, or a sound by address,");
  if (!media.text.empty()) {
    return Ordered{{"type", "text"},
                   {"text", media.name.empty() ? media.text : media.name + "\n\n" + media.text}};
  }
  Ordered file = Ordered::object();
  if (!media.name.empty()) file["filename"] = media.name;
  if (!media.file_id.empty()) {
    file["file_id"] = media.file_id;
  } else if (!media.data.empty()) {
    if (media.name.empty()) file["filename"] = "document.pdf";
    file["file_data"] = make_data_uri(media.type, media.data);
  } else if (target_.flavour == "openrouter" || target_.flavour.empty()) {
    file["file_data"] = media.url;
  } else {
    return cannot("a document by address");
  }
  return Ordered{{"type", "file"}, {"file", std::move(file)}};
}

Result<Ordered> Writer::part(const Part& part, bool& all_text) {
  if (const auto* said = std::get_if<Text>(&part.is)) {
    Ordered out = {{"type", "text"}, {"text", said->text}};
    if (!said->cache.is_null()) out["cache_control"] = said->cache;
    all_text = all_text && said->cache.is_null();
    return out;
  }
  all_text = false;
  if (const auto* it = std::get_if<Media>(&part.is)) {
    auto out = media(*it);
    if (out && !it->cache.is_null()) (*out)["cache_control"] = it->cache;
    return out;
  }
  if (const auto* it = std::get_if<Refusal>(&part.is))
    return Ordered{{"type", "refusal"}, {"refusal", it->text}};
  if (const auto* it = std::get_if<Opaque>(&part.is)) {
    if (it->origin == Dialect::chat) return Ordered(it->json);
    return cannot(fmt::format("a '{}' block", text(it->json, "type")));
  }
  return cannot("a part of this kind");
}

/// One plain text is a string; anything else a list of parts.
Result<Ordered> Writer::content(const std::vector<Part>& parts) {
  Ordered out = Ordered::array();
  bool all_text = true;
  for (const auto& each : parts) {
    auto one = part(each, all_text);
    if (!one) return one;
    out.push_back(std::move(*one));
  }
  if (out.empty()) return Ordered("");
  if (all_text && out.size() == 1) return Ordered(out[0]["text"]);
  return out;
}

Result<void> Writer::add_plain(const Message& message) {
  auto said = content(message.parts);
  if (!said) return tl::unexpected<Error>(said.error());
  Ordered one = {{"role", role_word(message.role, target_)}, {"content", std::move(*said)}};
  if (!message.name.empty() && target_.flavour != "groq") one["name"] = message.name;
  out_.push_back(std::move(one));
  return {};
}

Ordered call_json(const ToolCall& call, const Target& target) {
  Ordered out = {{"id", call_id(call.id, target)}, {"type", call.custom ? "custom" : "function"}};
  if (call.custom) {
    out["custom"] = {{"name", call.name}, {"input", call.arguments}};
  } else {
    out["function"] = {{"name", call.name}, {"arguments", call.arguments.empty() ? "{}" : call.arguments}};
  }
  if (!call.signature.empty()) out["extra_content"] = {{"google", {{"thought_signature", call.signature}}}};
  return out;
}

/// Thoughts go back only to those who want them: DeepSeek inside of tool loops, OpenRouter with their seals.
void add_thoughts(const Message& message, const Target& target, bool calls, Ordered& out) {
  std::string plain, details;
  for (const auto& part : message.parts) {
    const auto* thought = std::get_if<Reasoning>(&part.is);
    if (!thought) continue;
    plain += thought->text;
    if (thought->signature.empty()) continue;
    if (!details.empty()) details += ',';
    append_seal(details, thought->origin, thought->text, thought->signature, thought->redacted);
  }
  const bool relays = target.flavour == "openrouter" || target.flavour == "troupe";
  if (relays && !details.empty())
    out["reasoning_details"] = Ordered::parse("[" + details + "]", nullptr, false);
  const bool plainly = target.flavour == "deepseek" ? calls : relays && details.empty();
  if (plainly && !plain.empty()) out["reasoning_content"] = plain;
}

Result<void> Writer::add_assistant(const Message& message) {
  std::vector<Part> said;
  Ordered calls = Ordered::array();
  std::string refusal;
  for (const auto& part : message.parts) {
    if (const auto* call = std::get_if<ToolCall>(&part.is)) {
      calls.push_back(call_json(*call, target_));
    } else if (const auto* words = std::get_if<Refusal>(&part.is)) {
      refusal += words->text;
    } else if (!std::holds_alternative<Reasoning>(part.is)) {
      said.push_back(part);
    }
  }
  auto words = content(said);
  if (!words) return tl::unexpected<Error>(words.error());
  Ordered one = {{"role", "assistant"}};
  one["content"] = said.empty() && (!calls.empty() || !refusal.empty()) ? Ordered() : std::move(*words);
  if (!message.name.empty() && target_.flavour != "groq") one["name"] = message.name;
  if (!refusal.empty()) one["refusal"] = refusal;
  add_thoughts(message, target_, !calls.empty(), one);
  if (!calls.empty()) one["tool_calls"] = std::move(calls);
  out_.push_back(std::move(one));
  return {};
}

Result<void> Writer::add_results(const Message& message) {
  for (const auto& part : message.parts) {
    const auto* result = std::get_if<ToolResult>(&part.is);
    if (!result) return cannot("a tool message without a result");
    std::vector<Part> texts;
    for (const auto& piece : result->content) {
      if (const auto* it = std::get_if<Media>(&piece.is); it && it->text.empty()) {
        auto image = media(*it);
        if (!image) return tl::unexpected<Error>(image.error());
        images_.push_back({{"type", "text"}, {"text", "What the tool call " + result->id + " returned:"}});
        images_.push_back(std::move(*image));
      } else {
        texts.push_back(piece);
      }
    }
    auto said = content(texts);
    if (!said) return tl::unexpected<Error>(said.error());
    Ordered one = {
        {"role", "tool"}, {"tool_call_id", call_id(result->id, target_)}, {"content", std::move(*said)}};
    if (!result->name.empty() && target_.flavour == "mistral") one["name"] = result->name;
    if (!result->cache.is_null()) one["cache_control"] = result->cache;
    out_.push_back(std::move(one));
  }
  return {};
}

/// After all results of a turn: they must stand together.
void Writer::flush_images() {
  if (images_.empty()) return;
  out_.push_back({{"role", "user"}, {"content", std::exchange(images_, Ordered::array())}});
}

Result<void> Writer::add(const Message& message) {
  if (message.role == Role::tool) return add_results(message);
  flush_images();
  return message.role == Role::assistant ? add_assistant(message) : add_plain(message);
}

Ordered Writer::take() {
  flush_images();
  return std::move(out_);
}

}  // namespace

std::string call_id(std::string_view id, const Target& target) {
  if (target.flavour != "mistral") return std::string(id);
  const auto fits = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
  if (id.size() == 9 && std::all_of(id.begin(), id.end(), fits)) return std::string(id);
  auto hash = fnv1a(id);
  std::string out(9, '0');
  for (auto& c : out) {
    c = "0123456789abcdefghijklmnopqrstuvwxyz"[hash % 36];
    hash /= 36;
  }
  return out;
}

Result<Ordered> encode_messages(const Conversation& talk, const Target& target) {
  Writer writer(target);
  for (const auto& message : talk.messages) {
    if (auto added = writer.add(message); !added) return tl::unexpected<Error>(added.error());
  }
  return writer.take();
}

}  // namespace troupe::dialects::chat
