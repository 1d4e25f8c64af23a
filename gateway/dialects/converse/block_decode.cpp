#include <fmt/format.h>

#include "gateway/dialects/converse/decode.hpp"
#include "gateway/dialects/converse/formats.hpp"
#include "gateway/dialects/converse/words.hpp"
#include "gateway/dialects/seal.hpp"

namespace troupe::dialects::converse {
namespace {

Part opaque(const Json& block) {
  return {Opaque{Dialect::converse, block}};
}

/// Where the bytes are; false for a kind of source that the model has no place for.
bool read_source(const Json& source, Media& out) {
  if (!source.is_object() || source.size() != 1) return false;
  out.data = text(source, "bytes");
  out.text = text(source, "text");
  if (const auto* place = member(source, "s3Location")) {
    out.url = text(*place, "uri");
    if (const auto* owner = member(*place, "bucketOwner")) out.more["bucketOwner"] = *owner;
  }
  return !(out.data.empty() && out.url.empty() && out.text.empty());
}

Part media(const Json& block, const Json& from, Media::Kind kind) {
  Media out;
  out.kind = kind;
  const auto* source = member(from, "source");
  if (!source || !read_source(*source, out)) return opaque(block);
  out.type = type_of(kind, text(from, "format"));
  out.name = text(from, "name");
  for (const auto& [name, value] : from.items()) {
    if (name != "format" && name != "source" && name != "name") out.more[name] = value;
  }
  return {std::move(out)};
}

Result<Part> tool_use(const Json& block, const Json& from, const std::string& where) {
  // Bedrock's own tools have run already.
  if (text(from, "type") == "server_tool_use") return opaque(block);
  ToolCall out;
  out.id = text(from, "toolUseId");
  out.name = text(from, "name");
  if (out.name.empty()) return invalid(where + ".toolUse.name", "expected the name of a tool");
  const auto* input = member(from, "input");
  out.arguments = input ? dump(*input) : "{}";
  return Part{std::move(out)};
}

Result<Part> tool_result(const Json& from, const std::string& where) {
  ToolResult out;
  out.id = text(from, "toolUseId");
  if (out.id.empty()) return invalid(where + ".toolResult.toolUseId", "expected the id of a tool call");
  if (const auto* content = member(from, "content")) {
    auto parts = decode_content(*content, where + ".toolResult.content");
    if (!parts) return tl::unexpected<Error>(parts.error());
    out.content = std::move(*parts);
  }
  out.error = text(from, "status") == "error";
  return Part{std::move(out)};
}

/// An unsealed thought is nobody's.
Part thought(const Json& block, const Json& from) {
  Reasoning out;
  std::string written;
  if (const auto* said = member(from, "reasoningText")) {
    out.text = text(*said, "text");
    written = text(*said, "signature");
  } else if (const auto sealed = text(from, "redactedContent"); !sealed.empty()) {
    out.redacted = true;
    written = redacted_text(sealed);
  } else {
    return opaque(block);
  }
  if (!written.empty()) {
    auto seal = read_seal(written, Dialect::converse);
    out.origin = seal.origin;
    out.signature = std::move(seal.signature);
  }
  return {std::move(out)};
}

Part cited_text(const Json& block, const Json& from) {
  Text out;
  const auto* content = member(from, "content");
  const auto* citations = member(from, "citations");
  if (!content || !content->is_array() || !citations || !citations->is_array()) return opaque(block);
  for (const auto& one : *content) out.text += text(one, "text");
  for (const auto& one : *citations) {
    if (one.is_object()) out.citations.push_back(decode_citation(one));
  }
  return {std::move(out)};
}

Json* cache_of(Part& part) {
  if (auto* said = std::get_if<Text>(&part.is)) return &said->cache;
  if (auto* shown = std::get_if<Media>(&part.is)) return &shown->cache;
  if (auto* call = std::get_if<ToolCall>(&part.is)) return &call->cache;
  if (auto* result = std::get_if<ToolResult>(&part.is)) return &result->cache;
  return nullptr;
}

}  // namespace

Citation decode_citation(Json raw) {
  Citation out;
  out.origin = Dialect::converse;
  out.title = text(raw, "title");
  if (const auto* quotes = member(raw, "sourceContent"); quotes && quotes->is_array()) {
    for (const auto& one : *quotes) out.quote += text(one, "text");
  }
  if (const auto* location = member(raw, "location")) {
    if (const auto* web = member(*location, "web")) out.url = text(*web, "url");
  }
  if (auto source = text(raw, "source"); out.url.empty() && source.starts_with("http"))
    out.url = std::move(source);
  out.raw = std::move(raw);
  return out;
}

Json read_cache_point(const Json& block) {
  const auto* point = member(block, "cachePoint");
  if (!point || block.size() != 1 || text(*point, "type") != "default") return nullptr;
  Json out = {{"type", "ephemeral"}};
  if (const auto* ttl = member(*point, "ttl")) out["ttl"] = *ttl;
  return out;
}

Result<Part> decode_block(const Json& block, const std::string& where) {
  if (!block.is_object()) return invalid(where, "expected an object");
  if (const auto* said = member(block, "text"); said && said->is_string()) {
    Text out;
    out.text = said->get<std::string>();
    return Part{std::move(out)};
  }
  if (const auto* from = member(block, "image")) return media(block, *from, Media::Kind::image);
  if (const auto* from = member(block, "document")) return media(block, *from, Media::Kind::document);
  if (const auto* from = member(block, "video")) return media(block, *from, Media::Kind::video);
  if (const auto* from = member(block, "toolUse")) return tool_use(block, *from, where);
  if (const auto* from = member(block, "toolResult")) return tool_result(*from, where);
  if (const auto* from = member(block, "reasoningContent")) return thought(block, *from);
  if (const auto* from = member(block, "citationsContent")) return cited_text(block, *from);
  return opaque(block);
}

Result<std::vector<Part>> decode_content(const Json& content, const std::string& where) {
  std::vector<Part> out;
  if (!content.is_array()) return invalid(where, "expected an array of blocks");
  for (std::size_t i = 0; i < content.size(); ++i) {
    if (auto point = read_cache_point(content[i]); !point.is_null() && !out.empty()) {
      auto* cache = cache_of(out.back());
      if (cache && cache->is_null()) {
        *cache = std::move(point);
        continue;
      }
    }
    auto part = decode_block(content[i], fmt::format("{}.{}", where, i));
    if (!part) return tl::unexpected<Error>(part.error());
    out.push_back(std::move(*part));
  }
  return out;
}

Result<void> decode_message(const Json& from, const std::string& where, std::vector<Message>& into) {
  const auto role = text(from, "role");
  const auto* content = member(from, "content");
  if (!content) return invalid(where + ".content", "an array of blocks is required");
  if (role != "user" && role != "assistant")
    return invalid(where + ".role", "expected 'user' or 'assistant'");
  auto parts = decode_content(*content, where + ".content");
  if (!parts) return tl::unexpected<Error>(parts.error());
  Message rest{role == "user" ? Role::user : Role::assistant, {}, ""};
  for (auto& part : *parts) {
    if (rest.role == Role::user && std::holds_alternative<ToolResult>(part.is)) {
      into.push_back({Role::tool, {std::move(part)}, ""});
    } else {
      rest.parts.push_back(std::move(part));
    }
  }
  place_citations(rest.parts);
  if (!rest.parts.empty()) into.push_back(std::move(rest));
  return {};
}

}  // namespace troupe::dialects::converse
