#include <fmt/format.h>

#include "gateway/dialects/anthropic/decode.hpp"
#include "gateway/dialects/anthropic/words.hpp"
#include "gateway/dialects/seal.hpp"

namespace troupe::dialects::anthropic {
namespace {

Json cache_of(const Json& block) {
  const auto* cache = member(block, "cache_control");
  return cache ? *cache : Json();
}

Result<Part> text_block(const Json& block, const std::string& where) {
  const auto* said = member(block, "text");
  if (!said || !said->is_string()) return invalid(where + ".text", "expected a string");
  Text out;
  out.text = said->get<std::string>();
  out.cache = cache_of(block);
  if (const auto* citations = member(block, "citations"); citations && citations->is_array()) {
    for (const auto& one : *citations) {
      if (one.is_object()) out.citations.push_back(decode_citation(one));
    }
  }
  return Part{std::move(out)};
}

/// Where the bytes are; false for a kind of source that the model has no place for.
bool read_source(const Json& source, Media& out) {
  const auto type = text(source, "type");
  if (type == "base64") {
    out.type = text(source, "media_type");
    out.data = text(source, "data");
  } else if (type == "url") {
    out.url = text(source, "url");
  } else if (type == "file") {
    out.file_id = text(source, "file_id");
  } else if (type == "text") {
    out.type = text(source, "media_type");
    out.text = text(source, "data");
  }
  return !(out.data.empty() && out.url.empty() && out.file_id.empty() && out.text.empty());
}

Result<Part> media_block(const Json& block, Media::Kind kind, const std::string& where) {
  const auto* source = member(block, "source");
  if (!source || !source->is_object()) return invalid(where + ".source", "expected an object");
  Media out;
  out.kind = kind;
  if (!read_source(*source, out)) return Part{Opaque{Dialect::anthropic, block}};
  out.cache = cache_of(block);
  out.name = text(block, "title");
  for (const auto* name : {"context", "citations"}) {
    if (const auto* value = member(block, name)) out.more[name] = *value;
  }
  return Part{std::move(out)};
}

Result<Part> tool_use(const Json& block, const std::string& where) {
  ToolCall out;
  out.id = text(block, "id");
  out.name = text(block, "name");
  if (out.name.empty()) return invalid(where + ".name", "expected the name of a tool");
  const auto* input = member(block, "input");
  out.arguments = input ? dump(*input) : "{}";
  out.cache = cache_of(block);
  return Part{std::move(out)};
}

Result<Part> tool_result(const Json& block, const std::string& where) {
  ToolResult out;
  out.id = text(block, "tool_use_id");
  if (out.id.empty()) return invalid(where + ".tool_use_id", "expected the id of a tool call");
  if (const auto* content = member(block, "content")) {
    auto parts = decode_content(*content, where + ".content");
    if (!parts) return tl::unexpected<Error>(parts.error());
    out.content = std::move(*parts);
  }
  out.error = flag(block, "is_error").value_or(false);
  out.cache = cache_of(block);
  return Part{std::move(out)};
}

/// An unsealed thought is nobody's.
Part thought(std::string text, std::string_view written, bool redacted) {
  Reasoning out;
  out.text = std::move(text);
  out.redacted = redacted;
  if (!written.empty()) {
    const auto seal = read_seal(written, Dialect::anthropic);
    out.origin = seal.origin;
    out.signature = seal.signature;
  }
  return {std::move(out)};
}

Result<Message> assistant(const Json& content, const std::string& where) {
  auto parts = decode_content(content, where);
  if (!parts) return tl::unexpected<Error>(parts.error());
  join_call_seals(*parts);
  place_citations(*parts);
  return Message{Role::assistant, std::move(*parts), ""};
}

}  // namespace

Citation decode_citation(Json raw) {
  Citation out;
  out.origin = Dialect::anthropic;
  out.url = text(raw, "url");
  out.title = text(raw, "title");
  if (out.title.empty()) out.title = text(raw, "document_title");
  out.quote = text(raw, "cited_text");
  if (auto source = text(raw, "source"); source.starts_with("http")) out.url = std::move(source);
  out.raw = std::move(raw);
  return out;
}

Result<Part> decode_block(const Json& block, const std::string& where) {
  const auto type = text(block, "type");
  if (type.empty()) return invalid(where, "expected an object with a 'type'");
  if (type == "text") return text_block(block, where);
  if (type == "image") return media_block(block, Media::Kind::image, where);
  if (type == "document") return media_block(block, Media::Kind::document, where);
  if (type == "tool_use") return tool_use(block, where);
  if (type == "tool_result") return tool_result(block, where);
  if (type == "thinking") return thought(text(block, "thinking"), text(block, "signature"), false);
  if (type == "redacted_thinking") return thought("", text(block, "data"), true);
  return Part{Opaque{Dialect::anthropic, block}};
}

Result<std::vector<Part>> decode_content(const Json& content, const std::string& where) {
  std::vector<Part> out;
  if (content.is_string()) {
    if (!content.get_ref<const std::string&>().empty()) {
      Text said;
      said.text = content.get<std::string>();
      out.push_back({std::move(said)});
    }
    return out;
  }
  if (!content.is_array()) return invalid(where, "expected a string or an array of blocks");
  for (std::size_t i = 0; i < content.size(); ++i) {
    auto part = decode_block(content[i], fmt::format("{}.{}", where, i));
    if (!part) return tl::unexpected<Error>(part.error());
    out.push_back(std::move(*part));
  }
  return out;
}

Result<void> decode_message(const Json& from, const std::string& where, std::vector<Message>& into) {
  const auto role = text(from, "role");
  const auto* content = member(from, "content");
  if (!content) return invalid(where + ".content", "a string or an array of blocks is required");
  if (role == "assistant") {
    auto message = assistant(*content, where + ".content");
    if (!message) return tl::unexpected<Error>(message.error());
    if (!message->parts.empty()) into.push_back(std::move(*message));
    return {};
  }
  if (role != "user" && role != "system") return invalid(where + ".role", "expected 'user' or 'assistant'");
  auto parts = decode_content(*content, where + ".content");
  if (!parts) return tl::unexpected<Error>(parts.error());
  Message rest{role == "user" ? Role::user : Role::system, {}, ""};
  for (auto& part : *parts) {
    if (std::holds_alternative<ToolResult>(part.is)) {
      into.push_back({Role::tool, {std::move(part)}, ""});
    } else {
      rest.parts.push_back(std::move(part));
    }
  }
  if (!rest.parts.empty()) into.push_back(std::move(rest));
  return {};
}

}  // namespace troupe::dialects::anthropic
