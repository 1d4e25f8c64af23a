#include "gateway/dialects/cohere/citations.hpp"

#include "gateway/dialects/data_uri.hpp"

namespace troupe::dialects::cohere {
namespace {

/// The first source that tells an address or a title: a document, or what a tool gave.
void take_source(const Json& source, Citation& out) {
  for (const auto* place : {"document", "tool_output"}) {
    const auto* told = member(source, place);
    if (!told) continue;
    if (out.url.empty()) out.url = text(*told, "url");
    if (out.title.empty()) out.title = text(*told, "title");
  }
  const auto id = text(source, "id");
  if (out.url.empty() && is_web_url(id)) out.url = id;
}

}  // namespace

Citation Said::read(const Json& raw) {
  Citation out;
  out.origin = Dialect::cohere;
  out.raw = raw;
  out.quote = text(raw, "text");
  if (const auto* sources = member(raw, "sources"); sources && sources->is_array()) {
    for (const auto& source : *sources) take_source(source, out);
  }
  std::int64_t before = blocks_.empty() ? 0 : blocks_.begin()->second;
  if (const auto index = whole(raw, "content_index")) {
    if (const auto found = blocks_.find(*index); found != blocks_.end()) before = found->second;
  }
  const auto chars = ruler_.chars(text_, before);
  const auto start = whole(raw, "start").value_or(0), end = whole(raw, "end").value_or(0);
  constexpr std::int64_t kFarthest = 1 << 30;
  if (start < 0 || end <= start || end > kFarthest) return out;
  out.start = ruler_.bytes(text_, chars + start);
  out.end = ruler_.bytes(text_, chars + end);
  return out;
}

Json write_citation(const Citation& citation, std::string_view text) {
  if (citation.origin == Dialect::cohere && citation.raw.is_object()) return citation.raw;
  Ruler ruler;
  Json document = {{"title", citation.title}};
  if (!citation.url.empty()) document["url"] = citation.url;
  return {{"start", ruler.chars(text, citation.start)},
          {"end", ruler.chars(text, citation.end)},
          {"text", citation.quote},
          {"sources", Json::array({{{"type", "document"}, {"document", std::move(document)}}})},
          {"type", "TEXT_CONTENT"}};
}

}  // namespace troupe::dialects::cohere
