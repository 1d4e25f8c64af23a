#include <fmt/format.h>

#include "gateway/dialects/base64.hpp"
#include "gateway/dialects/converse/encode.hpp"
#include "gateway/dialects/converse/formats.hpp"
#include "gateway/dialects/converse/words.hpp"

namespace troupe::dialects::converse {
namespace {

constexpr std::string_view key_of(Media::Kind kind) {
  return kind == Media::Kind::image ? "image" : kind == Media::Kind::video ? "video" : "document";
}

/// A name that no other document of the request has.
std::string own_name(const std::string& said, Writing& writing) {
  const auto name = safe_name(said);
  auto out = name;
  for (int n = 2; !writing.names.insert(out).second; ++n) out = fmt::format("{} {}", name, n);
  return out;
}

bool wants_citations(const Media& media) {
  const auto* citations = member(media.more, "citations");
  return citations && flag(*citations, "enabled").value_or(false);
}

/// Null when there is none that Bedrock could read. Plain text goes as bytes, which every model reads; as
/// text where Claude is to cite it.
Ordered source_of(const Media& media, const Writing& writing) {
  const bool as_text = writing.native || (writing.model.claude() && wants_citations(media));
  if (!media.text.empty()) {
    if (as_text) return {{"text", media.text}};
    return {{"bytes", to_base64(media.text)}};
  }
  if (!media.data.empty()) return {{"bytes", media.data}};
  if (media.url.empty() || (!writing.native && !media.url.starts_with("s3://"))) return nullptr;
  Ordered place = {{"uri", media.url}};
  if (const auto* owner = member(media.more, "bucketOwner")) place["bucketOwner"] = Ordered(*owner);
  return {{"s3Location", std::move(place)}};
}

void add_more(const Media& media, const Writing& writing, Ordered& into) {
  if (!media.more.is_object()) return;
  for (const auto& [name, value] : media.more.items()) {
    const bool shared = writing.model.claude() && (name == "context" || name == "citations");
    if (name != "bucketOwner" && (writing.native || shared)) into[name] = Ordered(value);
  }
}

}  // namespace

Result<Ordered> encode_media(const Media& media, const std::string& where, Writing& writing) {
  if (media.kind == Media::Kind::audio)
    return unsupported(where, "Bedrock Converse takes images, documents and videos, no sound");
  auto source = source_of(media, writing);
  if (source.is_null()) {
    return unsupported(where,
                       "Bedrock Converse fetches no addresses and knows no file ids: send the bytes in "
                       "base64 (a data: URI), or an s3:// address");
  }
  const auto format = format_of(media);
  if (!writing.native && !is_format(media.kind, format)) {
    return unsupported(where, fmt::format("Bedrock Converse takes no {} of the type '{}'", key_of(media.kind),
                                          media.type.substr(0, 80)));
  }
  Ordered body = {{"format", format}};
  if (media.kind == Media::Kind::document)
    body["name"] = writing.native ? media.name : own_name(media.name, writing);
  body["source"] = std::move(source);
  add_more(media, writing, body);
  return Ordered{{key_of(media.kind), std::move(body)}};
}

}  // namespace troupe::dialects::converse
