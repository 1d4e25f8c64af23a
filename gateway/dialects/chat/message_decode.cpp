#include <fmt/format.h>
#include <array>

#include "gateway/dialects/chat/decode.hpp"
#include "gateway/dialects/chat/words.hpp"
#include "gateway/dialects/data_uri.hpp"
#include "gateway/dialects/functions.hpp"

namespace troupe::dialects::chat {
namespace {

constexpr std::array kGuests{Dialect::anthropic, Dialect::gemini, Dialect::converse, Dialect::cohere,
                             Dialect::responses};

Json cache_of(const Json& from) {
  const auto* cache = member(from, "cache_control");
  return cache ? *cache : Json();
}

Part plain(std::string text, Json cache = nullptr) {
  Text part;
  part.text = std::move(text);
  part.cache = std::move(cache);
  return {std::move(part)};
}

/// By address, or by its bytes in a data URI.
bool locate(std::string url, Media& media) {
  if (const auto uri = parse_data_uri(url)) {
    media.type = uri->type;
    media.data = uri->data;
    return true;
  }
  media.url = std::move(url);
  return media.url.find("://") != std::string::npos;
}

Result<Part> image(const Json& part, const std::string& where) {
  const auto* value = member(part, "image_url");
  Media media;
  media.kind = Media::Kind::image;
  media.cache = cache_of(part);
  const auto url = value && value->is_string() ? value->get<std::string>() : value ? text(*value, "url") : "";
  if (!locate(url, media)) return invalid(where + ".image_url.url", "expected a URL or a base64 data URI");
  if (value->is_object()) media.detail = text(*value, "detail");
  return Part{std::move(media)};
}

Result<Part> file(const Json& part, const std::string& where) {
  const auto* value = member(part, "file");
  Media media;
  media.kind = Media::Kind::document;
  media.cache = cache_of(part);
  if (!value) return invalid(where + ".file", "expected an object");
  media.name = text(*value, "filename");
  media.file_id = text(*value, "file_id");
  if (media.file_id.empty() && !locate(text(*value, "file_data"), media)) {
    return invalid(where + ".file.file_data", "expected a base64 data URI");
  }
  if (media.type.starts_with("image/")) media.kind = Media::Kind::image;
  return Part{std::move(media)};
}

Result<Part> sound(const Json& part, const std::string& where) {
  const auto* value = member(part, "input_audio");
  Media media;
  media.kind = Media::Kind::audio;
  if (!value) return invalid(where + ".input_audio", "expected an object");
  media.data = text(*value, "data");
  media.type = "audio/" + text(*value, "format");
  return Part{std::move(media)};
}

/// Mistral's thoughts inside of the content: {"type":"thinking","thinking":[{"type":"text","text":...}]}.
Part thinking(const Json& part) {
  Reasoning thought;
  const auto* pieces = member(part, "thinking");
  if (pieces && pieces->is_string()) thought.text = pieces->get<std::string>();
  if (pieces && pieces->is_array()) {
    for (const auto& piece : *pieces) thought.text += text(piece, "text");
  }
  return {std::move(thought)};
}

Result<Part> part_of(const Json& part, const std::string& where) {
  const auto type = text(part, "type");
  if (type == "text" || type == "input_text" || type == "output_text")
    return plain(text(part, "text"), cache_of(part));
  if (type == "image_url") return image(part, where);
  if (type == "file") return file(part, where);
  if (type == "input_audio") return sound(part, where);
  if (type == "refusal") return Part{Refusal{text(part, "refusal")}};
  if (type == "thinking") return thinking(part);
  if (!part.is_object()) return invalid(where, "expected an object with a 'type'");
  return Part{Opaque{Dialect::chat, part}};
}

bool empty_text(const Part& part) {
  const auto* said = std::get_if<Text>(&part.is);
  return said && said->text.empty();
}

Part sealed(const Json& entry, Dialect origin) {
  Reasoning thought;
  thought.origin = origin;
  thought.id = text(entry, "id");
  thought.text = text(entry, "text");
  thought.signature = text(entry, "signature");
  if (thought.text.empty()) {
    thought.text = text(entry, "summary");
    thought.summary = !thought.text.empty();
  }
  if (text(entry, "type") == "reasoning.encrypted") {
    thought.signature = text(entry, "data");
    thought.redacted = thought.text.empty();
  }
  return {std::move(thought)};
}

Part call_of(const Json& from) {
  auto out = read_call(from, Dialect::chat);
  auto* call = std::get_if<ToolCall>(&out.is);
  if (!call) return out;
  call->cache = cache_of(from);
  if (const auto* extra = member(from, "extra_content")) {
    if (const auto* google = member(*extra, "google")) call->signature = text(*google, "thought_signature");
  }
  return out;
}

Result<Message> assistant(const Json& from, const std::string& where) {
  Message out{Role::assistant, decode_reasoning(from), text(from, "name")};
  if (member(from, "function_call")) return unsupported(where + ".function_call", "use 'tool_calls'");
  if (const auto* content = member(from, "content")) {
    auto said = decode_content(*content, where + ".content");
    if (!said) return tl::unexpected<Error>(said.error());
    for (auto& part : *said) out.parts.push_back(std::move(part));
  }
  if (auto words = text(from, "refusal"); !words.empty()) out.parts.push_back({Refusal{std::move(words)}});
  decode_extensions(from, out.parts);
  for (auto& call : decode_calls(from)) out.parts.push_back(std::move(call));
  return out;
}

Result<Message> tool_result(const Json& from, const std::string& where) {
  ToolResult result;
  result.id = text(from, "tool_call_id");
  result.name = text(from, "name");
  result.cache = cache_of(from);
  if (const auto* content = member(from, "content")) {
    auto parts = decode_content(*content, where + ".content");
    if (!parts) return tl::unexpected<Error>(parts.error());
    result.content = std::move(*parts);
  }
  return Message{Role::tool, {{std::move(result)}}, ""};
}

}  // namespace

Result<std::vector<Part>> decode_content(const Json& content, const std::string& where) {
  std::vector<Part> out;
  if (content.is_string()) {
    if (!content.get_ref<const std::string&>().empty()) out.push_back(plain(content.get<std::string>()));
    return out;
  }
  if (!content.is_array()) return invalid(where, "expected a string or an array of parts");
  for (std::size_t i = 0; i < content.size(); ++i) {
    auto part = part_of(content[i], fmt::format("{}[{}]", where, i));
    if (!part) return tl::unexpected<Error>(part.error());
    if (!empty_text(*part)) out.push_back(std::move(*part));
  }
  return out;
}

std::vector<Part> decode_reasoning(const Json& message) {
  std::vector<Part> out;
  const auto* details = member(message, "reasoning_details");
  if (details && details->is_array()) {
    for (const auto& entry : *details) {
      const auto origin = seal_origin(text(entry, "format"));
      if (origin) out.push_back(sealed(entry, *origin));
    }
  }
  if (!out.empty()) return out;
  for (const auto* name : {"reasoning_content", "reasoning"}) {
    Reasoning thought;
    thought.text = text(message, name);
    if (thought.text.empty()) continue;
    out.push_back({std::move(thought)});
    break;
  }
  return out;
}

std::vector<Part> decode_calls(const Json& message) {
  std::vector<Part> out;
  const auto* calls = member(message, "tool_calls");
  if (!calls || !calls->is_array()) return out;
  for (const auto& call : *calls) {
    if (call.is_object()) out.push_back(call_of(call));
  }
  return out;
}

void decode_extensions(const Json& message, std::vector<Part>& parts) {
  for (const auto guest : kGuests) {
    const auto* left = member(message, name(guest));
    if (!left) continue;
    Text* said = nullptr;
    for (auto& part : parts) {
      if (auto* found = std::get_if<Text>(&part.is)) said = found;
    }
    if (const auto* citations = member(*left, "citations"); said && citations && citations->is_array()) {
      for (const auto& raw : *citations) {
        Citation citation;
        citation.origin = guest;
        citation.raw = raw;
        said->citations.push_back(std::move(citation));
      }
    }
    if (const auto* blocks = member(*left, "blocks"); blocks && blocks->is_array()) {
      for (const auto& block : *blocks) parts.push_back({Opaque{guest, block}});
    }
  }
}

Result<Message> decode_message(const Json& from, const std::string& where) {
  const auto role = text(from, "role");
  if (role == "assistant") return assistant(from, where);
  if (role == "tool") return tool_result(from, where);
  Message out;
  out.name = text(from, "name");
  if (role == "system" || role == "developer") {
    out.role = role == "system" ? Role::system : Role::developer;
  } else if (role != "user") {
    return unsupported(where + ".role", fmt::format("'{}' is not a role that models share", role));
  }
  if (const auto* content = member(from, "content")) {
    auto parts = decode_content(*content, where + ".content");
    if (!parts) return tl::unexpected<Error>(parts.error());
    out.parts = std::move(*parts);
  }
  return out;
}

}  // namespace troupe::dialects::chat
