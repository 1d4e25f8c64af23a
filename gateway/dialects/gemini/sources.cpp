// What an answer rests on: groundingMetadata (searches) and citationMetadata (recitations).
#include <vector>

#include "gateway/dialects/gemini/chunk.hpp"

namespace troupe::dialects::gemini {
namespace {

Citation source_of(const doc::element& chunk) {
  Citation out;
  out.origin = Dialect::gemini;
  doc::object entry, where;
  if (chunk.get(entry) != simdjson::SUCCESS) return out;
  for (const auto* kind : {"web", "retrievedContext", "maps"}) {
    if (doc::object_of(entry, kind).get(where) != simdjson::SUCCESS) continue;
    out.url = doc::text_of(where, "uri");
    out.title = doc::text_of(where, "title");
    break;
  }
  return out;
}

bool empty(const Citation& citation) {
  return citation.url.empty() && citation.title.empty();
}

}  // namespace

void ChunkReader::cite(const Citation& citation, EventSink& out) {
  if (!empty(citation) && cited_.emplace(citation.url, citation.start, citation.end).second)
    out.citation(citation);
}

/// Each source beside each segment that rests on it, and the sources that no segment names.
void ChunkReader::take_grounding(const doc::object& metadata, EventSink& out) {
  doc::object entry, segment;
  doc::array list, indices;
  std::vector<Citation> sources;
  if (metadata["groundingChunks"].get(list) == simdjson::SUCCESS) {
    for (const auto item : list) sources.push_back(source_of(item));
  }
  std::vector<bool> used(sources.size());
  if (metadata["groundingSupports"].get(list) == simdjson::SUCCESS) {
    for (const auto item : list) {
      if (item.get(entry) != simdjson::SUCCESS ||
          entry["groundingChunkIndices"].get(indices) != simdjson::SUCCESS)
        continue;
      const bool placed = doc::object_of(entry, "segment").get(segment) == simdjson::SUCCESS;
      for (const auto index : indices) {
        const auto at = static_cast<std::size_t>(doc::count_of(index));
        if (at >= sources.size()) continue;
        auto citation = sources[at];
        used[at] = true;
        if (placed) {
          citation.quote = doc::text_of(segment, "text");
          citation.start = doc::count_of(segment, "startIndex");
          citation.end = doc::count_of(segment, "endIndex");
        }
        cite(citation, out);
      }
    }
  }
  for (std::size_t i = 0; i < sources.size(); ++i) {
    if (!used[i]) cite(sources[i], out);
  }
}

void ChunkReader::take_sources(const doc::object& candidate, EventSink& out) {
  doc::object metadata, entry;
  doc::array list;
  if (doc::object_of(candidate, "groundingMetadata").get(metadata) == simdjson::SUCCESS)
    take_grounding(metadata, out);
  if (doc::object_of(candidate, "citationMetadata").get(metadata) != simdjson::SUCCESS) return;
  if (metadata["citationSources"].get(list) != simdjson::SUCCESS &&
      metadata["citations"].get(list) != simdjson::SUCCESS)
    return;
  for (const auto item : list) {
    if (item.get(entry) != simdjson::SUCCESS) continue;
    Citation citation;
    citation.origin = Dialect::gemini;
    citation.url = doc::text_of(entry, "uri");
    citation.title = doc::text_of(entry, "title");
    citation.start = doc::count_of(entry, "startIndex");
    citation.end = doc::count_of(entry, "endIndex");
    cite(citation, out);
  }
}

}  // namespace troupe::dialects::gemini
