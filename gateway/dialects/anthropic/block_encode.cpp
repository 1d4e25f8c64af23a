#include <fmt/format.h>
#include <array>
#include <utility>

#include "gateway/dialects/anthropic/encode.hpp"
#include "gateway/dialects/anthropic/words.hpp"

namespace troupe::dialects::anthropic {
namespace {

using Block = Result<std::optional<Ordered>>;

bool is_web_url(std::string_view url) {
  return url.starts_with("https://") || url.starts_with("http://");
}

/// What base64 data begins with says what it is, where the caller does not (Ollama's images).
std::string_view sniff(std::string_view data) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kHeads{{
      {"iVBOR", "image/png"},
      {"/9j/", "image/jpeg"},
      {"R0lGOD", "image/gif"},
      {"UklGR", "image/webp"},
      {"JVBER", "application/pdf"},
  }};
  for (const auto& [head, type] : kHeads) {
    if (data.starts_with(head)) return type;
  }
  return "";
}

/// Plain text inside of base64; what is no base64 ends it.
std::string unpack(std::string_view data) {
  static constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  unsigned bits = 0, count = 0;
  for (const char c : data) {
    const auto value = kAlphabet.find(c);
    if (value == kAlphabet.npos) break;
    bits = bits << 6 | static_cast<unsigned>(value);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out.push_back(static_cast<char>(bits >> count & 0xff));
  }
  return out;
}

/// Null when there is no source that Anthropic could read.
Ordered source_of(const Media& media, bool native) {
  // OpenAI's ids ("file-...") mean nothing here.
  if (!media.file_id.empty() && (native || media.file_id.starts_with("file_")))
    return {{"type", "file"}, {"file_id", media.file_id}};
  const std::string type(media.type.empty() ? sniff(media.data) : media.type);
  const bool plain = !native && media.kind == Media::Kind::document && type.starts_with("text/");
  if (!media.text.empty() || (plain && !media.data.empty())) {
    return {{"type", "text"},
            {"media_type", native ? media.type : "text/plain"},
            {"data", media.text.empty() ? unpack(media.data) : media.text}};
  }
  if (!media.data.empty()) return {{"type", "base64"}, {"media_type", type}, {"data", media.data}};
  if (native ? !media.url.empty() : is_web_url(media.url)) return {{"type", "url"}, {"url", media.url}};
  return nullptr;
}

void add_cache(const Json& cache, Ordered& block) {
  if (!cache.is_null()) block["cache_control"] = Ordered(cache);
}

struct Encoder {
  const std::string& where;
  bool native;

  Block operator()(const Text& part) const {
    if (part.text.empty()) return std::nullopt;
    Ordered out = {{"type", "text"}, {"text", part.text}};
    for (const auto& citation : part.citations) {
      if (citation.origin == Dialect::anthropic && citation.raw.is_object())
        out["citations"].push_back(Ordered(citation.raw));
    }
    add_cache(part.cache, out);
    return out;
  }
  Block operator()(const Media& part) const {
    auto out = encode_media(part, where, native);
    if (!out) return tl::unexpected<Error>(out.error());
    return std::move(*out);
  }
  Block operator()(const ToolCall& part) const {
    Ordered out = {{"type", "tool_use"},
                   {"id", safe_call_id(part.id)},
                   {"name", part.name},
                   {"input", Ordered(arguments_object(part.arguments))}};
    add_cache(part.cache, out);
    return out;
  }
  Block operator()(const ToolResult& part) const {
    Ordered out = {{"type", "tool_result"}, {"tool_use_id", safe_call_id(part.id)}};
    auto content = Ordered::array();
    for (const auto& one : part.content) {
      auto block = encode_part(one, where, native);
      if (!block) return block;
      if (*block) content.push_back(std::move(**block));
    }
    const bool plain = content.size() == 1 && content[0].size() == 2 && content[0]["type"] == "text";
    if (!content.empty()) out["content"] = plain ? content[0]["text"] : content;
    if (part.error) out["is_error"] = true;
    add_cache(part.cache, out);
    return out;
  }
  Block operator()(const Reasoning& part) const {
    if (!goes_back(part)) return std::nullopt;
    if (part.redacted) return Ordered{{"type", "redacted_thinking"}, {"data", part.signature}};
    return Ordered{{"type", "thinking"}, {"thinking", part.text}, {"signature", part.signature}};
  }
  Block operator()(const Refusal& part) const {
    if (part.text.empty()) return std::nullopt;
    return Ordered{{"type", "text"}, {"text", part.text}};
  }
  Block operator()(const Opaque& part) const {
    if (part.origin == Dialect::anthropic) return Ordered(part.json);
    return unsupported(where,
                       fmt::format("Anthropic has no counterpart of a '{}' part", text(part.json, "type")));
  }
};

}  // namespace

bool goes_back(const Reasoning& thought) {
  const bool ours = thought.origin == Dialect::anthropic || thought.origin == Dialect::converse;
  return ours && !thought.signature.empty();
}

Result<Ordered> encode_media(const Media& media, const std::string& where, bool native) {
  const bool image = media.kind == Media::Kind::image;
  if (!image && media.kind != Media::Kind::document)
    return unsupported(where, "Anthropic models take images and documents, no sound and no video");
  auto source = source_of(media, native);
  if (source.is_null())
    return unsupported(where, "expected an http(s) URL, base64 data, or the id of a file at Anthropic");
  Ordered out = {{"type", image ? "image" : "document"}, {"source", std::move(source)}};
  if (!image) {
    if (!media.name.empty()) out["title"] = media.name;
    if (native && media.more.is_object()) out.update(Ordered(media.more));
  }
  add_cache(media.cache, out);
  return out;
}

Result<std::optional<Ordered>> encode_part(const Part& part, const std::string& where, bool native) {
  return std::visit(Encoder{where, native}, part.is);
}

Ordered citation_json(const Citation& citation) {
  if (citation.origin == Dialect::anthropic && citation.raw.is_object()) return Ordered(citation.raw);
  if (!citation.url.empty()) {
    return {{"type", "web_search_result_location"},
            {"url", citation.url},
            {"title", citation.title},
            {"cited_text", citation.quote},
            {"encrypted_index", ""}};
  }
  return {{"type", "char_location"}, {"cited_text", citation.quote},
          {"document_index", 0},     {"document_title", citation.title},
          {"start_char_index", 0},   {"end_char_index", citation.quote.size()}};
}

}  // namespace troupe::dialects::anthropic
