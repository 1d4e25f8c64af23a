#include <fmt/format.h>
#include <utility>

#include "gateway/dialects/data_uri.hpp"
#include "gateway/dialects/responses/citations.hpp"
#include "gateway/dialects/responses/decode.hpp"
#include "gateway/dialects/responses/words.hpp"

namespace troupe::dialects::responses {
namespace {

/// The one kind of cache mark there is, in both of the dialects that have one.
void take_cache(const Json& from, Json& cache) {
  if (member(from, "prompt_cache_breakpoint")) cache = {{"type", "ephemeral"}};
}

Result<Part> decode_text(const Json& from, const std::string& where) {
  const auto* said = member(from, "text");
  if (!said || !said->is_string()) return invalid(where + ".text", "expected a text");
  Text out;
  out.text = said->get<std::string>();
  take_cache(from, out.cache);
  read_annotations(from, 0, out);
  return Part{std::move(out)};
}

/// An address, or the bytes themselves as a data: URI.
void take_place(std::string place, Media& out) {
  if (const auto data = parse_data_uri(place)) {
    out.type = data->type;
    out.data = data->data;
  } else {
    out.url = std::move(place);
  }
}

Result<Part> decode_image(const Json& from, const std::string& where) {
  Media out;
  out.kind = Media::Kind::image;
  out.detail = text(from, "detail");
  out.file_id = text(from, "file_id");
  take_cache(from, out.cache);
  take_place(text(from, "image_url"), out);
  if (out.file_id.empty() && out.data.empty() && out.url.empty())
    return invalid(where + ".image_url", "expected an address, a data: URI or a file_id");
  return Part{std::move(out)};
}

Result<Part> decode_file(const Json& from, const std::string& where) {
  Media out;
  out.kind = Media::Kind::document;
  out.name = text(from, "filename");
  out.file_id = text(from, "file_id");
  out.url = text(from, "file_url");
  take_cache(from, out.cache);
  const auto data = text(from, "file_data");
  if (const auto uri = parse_data_uri(data)) {
    out.type = uri->type;
    out.data = uri->data;
  } else {
    out.data = data;
    if (!data.empty() && out.name.ends_with(".pdf")) out.type = "application/pdf";
  }
  if (out.file_id.empty() && out.data.empty() && out.url.empty())
    return invalid(where + ".file_data", "expected file_data, file_url or file_id");
  return Part{std::move(out)};
}

Result<Part> decode_audio(const Json& from, const std::string& where) {
  const auto* audio = member(from, "input_audio");
  if (!audio || text(*audio, "data").empty())
    return invalid(where + ".input_audio", "expected data and a format");
  Media out;
  out.kind = Media::Kind::audio;
  out.type = "audio/" + text(*audio, "format");
  out.data = text(*audio, "data");
  return Part{std::move(out)};
}

Result<Part> decode_part(const Json& from, const std::string& where) {
  const auto type = text(from, "type");
  if (type == "input_text" || type == "output_text" || type == "text") return decode_text(from, where);
  if (type == "input_image") return decode_image(from, where);
  if (type == "input_file") return decode_file(from, where);
  if (type == "input_audio") return decode_audio(from, where);
  if (type == "refusal") return Part{Refusal{text(from, "refusal")}};
  if (type.empty()) return invalid(where + ".type", "a part needs a type");
  return Part{Opaque{Dialect::responses, from}};
}

/// The texts of a list of {"text"} objects, as paragraphs.
std::string paragraphs(const Json* list) {
  std::string out;
  if (!list || !list->is_array()) return out;
  for (const auto& one : *list) {
    const auto words = text(one, "text");
    if (words.empty()) continue;
    if (!out.empty()) out += "\n\n";
    out += words;
  }
  return out;
}

}  // namespace

Result<std::vector<Part>> decode_content(const Json& content, const std::string& where) {
  std::vector<Part> out;
  if (content.is_string()) {
    out.push_back({Text{content.get<std::string>(), {}, nullptr}});
    return out;
  }
  if (!content.is_array()) return invalid(where, "expected a text or a list of parts");
  for (std::size_t i = 0; i < content.size(); ++i) {
    auto part = decode_part(content[i], fmt::format("{}[{}]", where, i));
    if (!part) return tl::unexpected<Error>(part.error());
    out.push_back(std::move(*part));
  }
  return out;
}

void read_annotations(const Json& part, std::int64_t before, Text& said) {
  const auto* list = member(part, "annotations");
  if (!list || !list->is_array()) return;
  Ruler ruler;
  for (const auto& one : *list) {
    if (one.is_object()) said.citations.push_back(read_annotation(one, {said.text, before}, ruler));
  }
}

Reasoning read_reasoning(const Json& item) {
  Reasoning out;
  const auto packed = text(item, "encrypted_content");
  const auto seal = unpack_seal(packed);
  const bool own = seal.origin == Dialect::responses;
  out.text = paragraphs(member(item, "content"));
  const bool plain = !out.text.empty();
  if (!plain) out.text = paragraphs(member(item, "summary"));
  out.origin = seal.origin;
  out.signature = seal.signature;
  out.redacted = own ? out.text.empty() && !packed.empty() : seal.redacted;
  if (!own) return out;  // its id was ours
  out.id = text(item, "id");
  out.summary = !plain && !out.text.empty();
  return out;
}

}  // namespace troupe::dialects::responses
