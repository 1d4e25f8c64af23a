#include <algorithm>

#include "gateway/dialects/base64.hpp"
#include "gateway/dialects/converse/stream_decode.hpp"
#include "gateway/dialects/converse/words.hpp"
#include "gateway/dialects/seal.hpp"

namespace troupe::dialects::converse {

Decoder::Block& Decoder::block_at(std::int64_t index) {
  const auto same = [&](const Block& block) { return block.index == index; };
  const auto found = std::find_if(open_.rbegin(), open_.rend(), same);
  if (found != open_.rend()) return *found;
  auto& block = open_.emplace_back();
  block.index = index;
  block.text_from = text_bytes_;
  return block;
}

void Decoder::close_block(std::int64_t index, EventSink& out) {
  const auto same = [&](const Block& block) { return block.index == index; };
  const auto found = std::find_if(open_.begin(), open_.end(), same);
  if (found == open_.end()) return;
  auto block = std::move(*found);
  open_.erase(found);
  tell_rest(block, out);
}

/// Pieces of redacted bytes are each in base64 of their own.
void Decoder::take_reasoning(Block& block, const doc::object& delta, EventSink& out) {
  block.redacted.append(from_base64(doc::text_of(delta, "redactedContent")));
  block.seal.append(doc::text_of(delta, "signature"));
  if (const auto said = doc::text_of(delta, "text"); !said.empty()) out.reasoning(said);
}

void Decoder::tell_rest(Block& block, EventSink& out) {
  if (!block.seal.empty()) {
    const auto seal = read_seal(block.seal, Dialect::converse);
    out.seal(seal.origin, seal.signature, false);
  }
  if (!block.redacted.empty()) {
    const auto seal = read_seal(redacted_text(to_base64(block.redacted)), Dialect::converse);
    out.seal(seal.origin, seal.signature, true);
  }
  for (auto& citation : block.citations) {
    citation.start = static_cast<std::int64_t>(block.text_from);
    citation.end = static_cast<std::int64_t>(text_bytes_);
    out.citation(citation);
  }
  if (block.call) {
    if (!block.told) out.tool_arguments(block.ordinal, "{}");
    out.tool_end(block.ordinal);
  }
  if (block.own.empty()) return;
  auto json = read(block.own);
  if (!json.is_object()) return;  // nested too deeply
  if (block.results.is_array()) {
    json["toolResult"]["content"] = std::move(block.results);
  } else {
    json["toolUse"]["input"] = arguments_object(block.input);
  }
  out.opaque(Dialect::converse, dump(json));
}

}  // namespace troupe::dialects::converse
