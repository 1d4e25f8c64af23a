#include <fmt/format.h>

#include "gateway/dialects/converse/encode.hpp"
#include "gateway/dialects/converse/words.hpp"
#include "gateway/dialects/seal.hpp"

namespace troupe::dialects::converse {
namespace {

using Blocks = Result<std::vector<Ordered>>;

bool blank(const std::string& text) {
  return text.find_first_not_of(" \t\r\n") == text.npos;
}

struct Encoder {
  const std::string& where;
  Writing& writing;

  /// A cache is asked for by Anthropic's clients alone; models that keep none would refuse the block.
  std::vector<Ordered> with_cache(Ordered block, const Json& cache) const {
    std::vector<Ordered> out;
    out.push_back(std::move(block));
    const bool kept = writing.native || writing.model.claude() || writing.model.nova();
    auto point = cache_point(cache, writing.native || writing.model.claude());
    if (kept && !point.is_null()) out.push_back(std::move(point));
    return out;
  }

  Blocks operator()(const Text& part) const {
    if (!writing.native && blank(part.text)) return {};
    if (writing.native || (writing.model.claude() && writing.talk.origin == Dialect::converse))
      return with_cache(text_json(part), part.cache);
    return with_cache({{"text", part.text}}, part.cache);
  }
  Blocks operator()(const Media& part) const {
    auto block = encode_media(part, where, writing);
    if (!block) return tl::unexpected<Error>(block.error());
    return with_cache(std::move(*block), part.cache);
  }
  Blocks operator()(const ToolCall& part) const {
    return with_cache({{"toolUse",
                        {{"toolUseId", safe_call_id(part.id)},
                         {"name", part.name},
                         {"input", Ordered(arguments_object(part.arguments))}}}},
                      part.cache);
  }
  /// No cache point may stand inside: one of a part becomes that of the result.
  Blocks operator()(const ToolResult& part) const {
    auto content = Ordered::array();
    auto cache = part.cache;
    for (const auto& one : part.content) {
      auto blocks = encode_part(one, where, writing);
      if (!blocks) return blocks;
      for (auto& block : *blocks) {
        if (writing.native || !block.contains("cachePoint")) {
          content.push_back(std::move(block));
        } else if (cache.is_null()) {
          cache = {{"type", "ephemeral"}};
        }
      }
    }
    if (content.empty() && !writing.native) content.push_back({{"text", "(no output)"}});
    Ordered body = {{"toolUseId", safe_call_id(part.id)}, {"content", std::move(content)}};
    const bool told = writing.native || writing.model.claude() || writing.model.nova();
    if (part.error && told) body["status"] = "error";
    return with_cache({{"toolResult", std::move(body)}}, cache);
  }
  Blocks operator()(const Reasoning& part) const {
    if (!writing.native && !goes_back(part, writing.model)) return {};
    const bool ours = part.signature.empty() || part.origin == Dialect::anthropic;
    const auto seal = ours ? part.signature : write_seal(part.origin, part.signature, Dialect::converse);
    return std::vector<Ordered>{thought_json(part, seal)};
  }
  Blocks operator()(const Refusal& part) const {
    if (blank(part.text)) return {};
    return std::vector<Ordered>{{{"text", part.text}}};
  }
  Blocks operator()(const Opaque& part) const {
    if (part.origin == Dialect::converse) return std::vector<Ordered>{Ordered(part.json)};
    return unsupported(
        where, fmt::format("Bedrock Converse has no counterpart of a '{}' part", text(part.json, "type")));
  }
};

}  // namespace

bool goes_back(const Reasoning& thought, const Model& model) {
  const bool ours = thought.origin == Dialect::anthropic || thought.origin == Dialect::converse;
  return model.claude() && ours && !thought.signature.empty();
}

Ordered cache_point(const Json& cache, bool with_ttl) {
  if (cache.is_null()) return nullptr;
  Ordered out = {{"type", "default"}};
  const auto* ttl = member(cache, "ttl");
  if (ttl && with_ttl) out["ttl"] = Ordered(*ttl);
  return {{"cachePoint", std::move(out)}};
}

Ordered thought_json(const Reasoning& thought, const std::string& seal) {
  if (thought.redacted) return {{"reasoningContent", {{"redactedContent", redacted_base64(seal)}}}};
  Ordered body = {{"text", thought.text}};
  if (!seal.empty()) body["signature"] = seal;
  return {{"reasoningContent", {{"reasoningText", std::move(body)}}}};
}

Ordered citation_json(const Citation& citation) {
  if (citation.origin == Dialect::converse && citation.raw.is_object()) return Ordered(citation.raw);
  Ordered out = Ordered::object();
  if (!citation.title.empty()) out["title"] = citation.title;
  if (!citation.quote.empty()) out["sourceContent"].push_back({{"text", citation.quote}});
  if (!citation.url.empty()) out["location"]["web"]["url"] = citation.url;
  return out;
}

Ordered text_json(const Text& text) {
  if (text.citations.empty()) return {{"text", text.text}};
  auto citations = Ordered::array();
  for (const auto& citation : text.citations) citations.push_back(citation_json(citation));
  auto content = Ordered::array();
  content.push_back({{"text", text.text}});
  return {{"citationsContent", {{"content", std::move(content)}, {"citations", std::move(citations)}}}};
}

Result<std::vector<Ordered>> encode_part(const Part& part, const std::string& where, Writing& writing) {
  return std::visit(Encoder{where, writing}, part.is);
}

}  // namespace troupe::dialects::converse
