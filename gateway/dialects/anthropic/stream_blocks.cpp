#include <algorithm>

#include "gateway/dialects/anthropic/decode.hpp"
#include "gateway/dialects/anthropic/stream_decode.hpp"
#include "gateway/dialects/anthropic/words.hpp"
#include "gateway/dialects/seal.hpp"

namespace troupe::dialects::anthropic {
namespace {

/// Blocks come one after the other; nobody has this many open at once.
constexpr std::size_t kMaxOpen = 64;

void take_citations(const doc::object& content, std::vector<Citation>& into) {
  doc::array citations;
  doc::object one;
  if (content["citations"].get(citations) != simdjson::SUCCESS) return;
  for (const auto element : citations) {
    if (element.get(one) == simdjson::SUCCESS) into.push_back(decode_citation(read(simdjson::minify(one))));
  }
}

/// A piece of a block that only Anthropic knows: its texts grow, what else it says is new.
void grow(const Json& delta, Json& block) {
  for (const auto& [name, value] : delta.items()) {
    if (name == "type") continue;
    auto& into = block[name];
    if (into.is_string() && value.is_string()) {
      into.get_ref<std::string&>() += value.get_ref<const std::string&>();
    } else {
      into = value;
    }
  }
}

}  // namespace

Decoder::Block* Decoder::find(std::int64_t index) {
  const auto found =
      std::find_if(open_.begin(), open_.end(), [&](const Block& one) { return one.index == index; });
  return found == open_.end() ? nullptr : &*found;
}

void Decoder::say(std::string_view text, EventSink& out) {
  if (text.empty()) return;
  text_bytes_ += text.size();
  out.text(text);
}

void Decoder::open_block(std::int64_t index, const doc::object& content, EventSink& out) {
  begin("", "", out);
  if (open_.size() >= kMaxOpen) return give_up(StreamFailure::Kind::malformed);
  const auto type = doc::text_of(content, "type");
  auto& block = open_.emplace_back();
  block.index = index;
  if (type == "text") {
    block.kind = Kind::text;
    block.text_from = text_bytes_;
    take_citations(content, block.citations);
    say(doc::text_of(content, "text"), out);
  } else if (type == "tool_use") {
    open_tool(block, content, out);
  } else if (type == "thinking") {
    block.kind = Kind::thinking;
    block.held = doc::text_of(content, "signature");
    const auto piece = doc::text_of(content, "thinking");
    if (!piece.empty()) out.reasoning(piece);
  } else if (type == "redacted_thinking") {
    block.kind = Kind::redacted;
    block.held = doc::text_of(content, "data");
  } else {
    block.kind = Kind::opaque;
    block.json = read(simdjson::minify(content));
  }
}

void Decoder::open_tool(Block& block, const doc::object& content, EventSink& out) {
  doc::object input;
  block.kind = Kind::tool;
  block.ordinal = calls_++;
  const bool whole = doc::object_of(content, "input").get(input) == simdjson::SUCCESS && input.size() > 0;
  const auto arguments = whole ? simdjson::minify(input) : std::string();
  out.tool_begin(block.ordinal, doc::text_of(content, "id"), doc::text_of(content, "name"), call_seal_);
  call_seal_.clear();
  if (!whole) return;
  block.told = true;
  out.tool_arguments(block.ordinal, arguments);
}

/// Text of a block that never began is told all the same.
void Decoder::on_block_delta(const doc::object& event, EventSink& out) {
  doc::object delta;
  if (doc::object_of(event, "delta").get(delta) != simdjson::SUCCESS) return;
  begin("", "", out);
  const auto type = doc::text_of(delta, "type");
  auto* block = find(doc::count_of(event, "index"));
  if (type == "text_delta") {
    say(doc::text_of(delta, "text"), out);
  } else if (type == "thinking_delta") {
    const auto piece = doc::text_of(delta, "thinking");
    if (!piece.empty()) out.reasoning(piece);
  } else if (type == "input_json_delta" && block && block->kind == Kind::tool) {
    const auto piece = doc::text_of(delta, "partial_json");
    if (piece.empty()) return;
    block->told = true;
    out.tool_arguments(block->ordinal, piece);
  } else if (block) {
    take_delta(*block, type, delta);
  }
}

/// What is told only at the block's end.
void Decoder::take_delta(Block& block, std::string_view type, const doc::object& delta) {
  doc::object citation;
  if (type == "signature_delta") {
    if (block.kind == Kind::thinking) block.held += doc::text_of(delta, "signature");
  } else if (type == "citations_delta") {
    if (doc::object_of(delta, "citation").get(citation) == simdjson::SUCCESS)
      block.citations.push_back(decode_citation(read(simdjson::minify(citation))));
  } else if (type == "input_json_delta") {
    block.held += doc::text_of(delta, "partial_json");
  } else if (block.kind == Kind::opaque) {
    grow(read(simdjson::minify(delta)), block.json);
  }
}

void Decoder::close_block(std::int64_t index, EventSink& out) {
  const auto* found = find(index);
  if (!found) return;
  const auto at = open_.begin() + (found - open_.data());
  auto block = std::move(*at);
  open_.erase(at);
  tell_rest(block, out);
}

void Decoder::close_all(EventSink& out) {
  while (!open_.empty()) close_block(open_.front().index, out);
}

void Decoder::tell_seal(std::string_view written, bool redacted, EventSink& out) {
  if (written.empty()) return;
  if (redacted && written.starts_with(kCallSeal)) {
    call_seal_ = written.substr(kCallSeal.size());
    return;
  }
  const auto seal = read_seal(written, Dialect::anthropic);
  out.seal(seal.origin, seal.signature, redacted);
}

void Decoder::tell_rest(Block& block, EventSink& out) {
  switch (block.kind) {
    case Kind::text:
      for (auto& citation : block.citations) {
        citation.start = static_cast<std::int64_t>(block.text_from);
        citation.end = static_cast<std::int64_t>(text_bytes_);
        out.citation(citation);
      }
      return;
    case Kind::tool:
      if (!block.told) out.tool_arguments(block.ordinal, "{}");
      return out.tool_end(block.ordinal);
    case Kind::thinking:
    case Kind::redacted:
      return tell_seal(block.held, block.kind == Kind::redacted, out);
    case Kind::opaque:
      if (auto input = read(block.held); input.is_object()) block.json["input"] = std::move(input);
      return out.opaque(Dialect::anthropic, dump(block.json));
  }
}

}  // namespace troupe::dialects::anthropic
