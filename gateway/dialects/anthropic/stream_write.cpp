#include <fmt/format.h>
#include <charconv>

#include "core/log.hpp"
#include "gateway/dialects/anthropic/encode.hpp"
#include "gateway/dialects/anthropic/stream_encode.hpp"
#include "gateway/dialects/anthropic/usage.hpp"
#include "gateway/dialects/anthropic/words.hpp"

namespace troupe::dialects::anthropic {
namespace {

std::string json_text(std::string_view text) {
  std::string out;
  log::append_json_string(out, text);
  return out;
}

constexpr std::string_view kText = R"({"type":"text","text":""})";
constexpr std::string_view kThinking = R"({"type":"thinking","thinking":"","signature":""})";

}  // namespace

void Encoder::number(std::size_t value) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out.append(digits, end);
}

void Encoder::delta(std::string_view type, std::string_view member, std::string_view text) {
  out.append("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":");
  number(index_);
  out.append(R"(,"delta":{"type":")").append(type).append(R"(",")").append(member).append(R"(":)");
  log::append_json_string(out, text);
  out.append("}}\n\n");
}

void Encoder::start() {
  if (started_) return;
  started_ = true;
  auto first = usage_;
  if (first.input.count == 0) first.input = expected_;
  out.append("event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":");
  log::append_json_string(out, id_);
  out.append(R"(,"type":"message","role":"assistant","model":)");
  log::append_json_string(out, model_);
  out.append(R"(,"content":[],"stop_reason":null,"stop_sequence":null,"usage":)");
  out.append(usage_json(first).dump()).append("}}\n\n");
}

void Encoder::open_block(Open kind, std::string_view block) {
  close_block();
  start();
  open_ = kind;
  cited_ = sealed_ = false;
  out.append("event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":");
  number(index_);
  out.append(R"(,"content_block":)").append(block).append("}\n\n");
  if (!pinged_) out.append("event: ping\ndata: {\"type\":\"ping\"}\n\n");
  pinged_ = true;
}

void Encoder::close_block() {
  if (open_ == Open::nothing) return;
  open_ = Open::nothing;
  out.append("event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":");
  number(index_++);
  out.append("}\n\n");
}

/// A block that is told in one piece.
void Encoder::whole_block(std::string_view block) {
  open_block(Open::text, block);
  close_block();
}

/// A citation rests on all of its block: what is said after it is another one.
void Encoder::write_text(std::string_view piece) {
  if (open_ != Open::text || cited_) open_block(Open::text, kText);
  delta("text_delta", "text", piece);
}

void Encoder::write_thought(std::string_view piece) {
  if (open_ != Open::thinking || sealed_) open_block(Open::thinking, kThinking);
  delta("thinking_delta", "thinking", piece);
}

void Encoder::write_arguments(std::string_view piece) {
  if (!piece.empty()) delta("input_json_delta", "partial_json", piece);
}

void Encoder::write(const Words& words) {
  write_text(words.text);
}

void Encoder::write(const Thought& thought) {
  write_thought(thought.text);
}

void Encoder::write(const Sealed& seal) {
  if (seal.redacted) {
    return whole_block(fmt::format(R"({{"type":"redacted_thinking","data":{}}})", json_text(seal.written)));
  }
  if (open_ != Open::thinking || sealed_) open_block(Open::thinking, kThinking);
  delta("signature_delta", "signature", seal.written);
  sealed_ = true;
}

void Encoder::write(const Call& call) {
  if (!call.signature.empty()) write(Sealed{std::string(kCallSeal) + call.signature, true});
  open_block(Open::tool, fmt::format(R"({{"type":"tool_use","id":{},"name":{},"input":{{}}}})",
                                     json_text(call.id), json_text(call.name)));
  ordinal_ = call.ordinal;
  write_arguments(call.arguments);
  if (call.ended) close_block();
}

void Encoder::write(const Citation& citation) {
  if (open_ != Open::text) open_block(Open::text, kText);
  out.append("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":");
  number(index_);
  out.append(R"(,"delta":{"type":"citations_delta","citation":)").append(dump(citation_json(citation)));
  out.append("}}\n\n");
  cited_ = true;
}

/// The input of a server tool is told as the API does: in a delta.
void Encoder::write(const Own& own) {
  auto block = read(own.json);
  if (!block.is_object()) return;
  const auto* input = member(block, "input");
  if (!input || !input->is_object() || input->empty()) return whole_block(dump(block));
  const auto told = dump(*input);
  block["input"] = Json::object();
  open_block(Open::text, dump(block));
  delta("input_json_delta", "partial_json", told);
  close_block();
}

void Encoder::end() {
  if (ended_) return;
  ended_ = true;
  do {  // calls that nobody ended end here
    close_block();
    write_waiting();
  } while (open_ != Open::nothing || !later_.empty());
  start();
  const auto stop = stop_word(finish_, calls_ > 0, refused_);
  out.append("event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"");
  out.append(stop).append(R"(","stop_sequence":)");
  sequence_.empty() ? void(out.append("null")) : log::append_json_string(out, sequence_);
  if (stop == "refusal" && !detail_.empty()) {
    out.append(R"(,"stop_details":{"type":"refusal","category":null,"explanation":)");
    log::append_json_string(out, detail_);
    out.append("}");
  }
  out.append(R"(},"usage":)").append(usage_json(usage_).dump()).append("}\n\n");
  out.append("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
}

}  // namespace troupe::dialects::anthropic
