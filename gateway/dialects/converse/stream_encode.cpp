#include "gateway/dialects/converse/stream_encode.hpp"
#include "gateway/dialects/seal.hpp"

#include <fmt/format.h>
#include <algorithm>

#include "core/log.hpp"
#include "gateway/cloud/event_stream.hpp"
#include "gateway/dialects/converse/encode.hpp"
#include "gateway/dialects/converse/usage.hpp"
#include "gateway/dialects/converse/words.hpp"

namespace troupe::dialects::converse {
namespace {

std::string json_text(std::string_view text) {
  std::string out;
  log::append_json_string(out, text);
  return out;
}

}  // namespace

void Encoder::send(std::string_view type, std::string_view payload) {
  out.append(cloud::encode_event(type, payload));
}

void Encoder::begin(std::string_view, std::string_view, std::int64_t) {
  send("messageStart", R"({"role":"assistant"})");
}

void Encoder::delta(std::size_t index, std::string_view before, std::string_view text,
                    std::string_view after) {
  payload_.assign(R"({"contentBlockIndex":)");
  fmt::format_to(std::back_inserter(payload_), "{}", index);
  payload_.append(R"(,"delta":)").append(before);
  log::append_json_string(payload_, text);
  payload_.append(after).append("}");
  send("contentBlockDelta", payload_);
}

void Encoder::stop_block(std::size_t index) {
  send("contentBlockStop", fmt::format(R"({{"contentBlockIndex":{}}})", index));
}

void Encoder::open(Open kind) {
  close();
  open_ = kind;
  index_ = next_++;
}

void Encoder::close() {
  if (open_ != Open::nothing) stop_block(index_);
  open_ = Open::nothing;
  cited_ = sealed_ = false;
}

/// A citation rests on all of its block: what is said after it is another one.
void Encoder::text(std::string_view piece) {
  if (open_ != Open::text || cited_) open(Open::text);
  delta(index_, R"({"text":)", piece, "}");
}

void Encoder::reasoning(std::string_view piece) {
  if (open_ != Open::thought || sealed_) open(Open::thought);
  delta(index_, R"({"reasoningContent":{"text":)", piece, "}}");
}

void Encoder::seal(Dialect origin, std::string_view signature, bool redacted) {
  if (redacted || open_ != Open::thought || sealed_) open(Open::thought);
  const auto written = write_seal(origin, signature, Dialect::converse);
  if (redacted) {
    delta(index_, R"({"reasoningContent":{"redactedContent":)", redacted_base64(written), "}}");
    return close();
  }
  delta(index_, R"({"reasoningContent":{"signature":)", written, "}}");
  sealed_ = true;
}

void Encoder::refusal(std::string_view piece) {
  text(piece);
}

void Encoder::tool_begin(std::size_t ordinal, std::string_view id, std::string_view name, std::string_view) {
  close();
  called_ = true;
  calls_.emplace_back(ordinal, next_);
  send("contentBlockStart",
       fmt::format(R"({{"contentBlockIndex":{},"start":{{"toolUse":{{"toolUseId":{},"name":{}}}}}}})",
                   next_++, json_text(safe_call_id(id)), json_text(name)));
}

void Encoder::tool_arguments(std::size_t ordinal, std::string_view piece) {
  for (const auto& [call, index] : calls_) {
    if (call == ordinal) delta(index, R"({"toolUse":{"input":)", piece, "}}");
  }
}

void Encoder::tool_end(std::size_t ordinal) {
  const auto same = [&](const auto& call) { return call.first == ordinal; };
  const auto found = std::find_if(calls_.begin(), calls_.end(), same);
  if (found == calls_.end()) return;
  stop_block(found->second);
  calls_.erase(found);
}

void Encoder::citation(const Citation& citation) {
  if (open_ != Open::text) open(Open::text);
  send("contentBlockDelta",
       fmt::format(R"({{"contentBlockIndex":{},"delta":{{"citation":{}}}}})", index_,
                   citation_json(citation).dump(-1, ' ', false, Ordered::error_handler_t::replace)));
  cited_ = true;
}

/// Calls of Bedrock's own tools and what those gave; other blocks do not come in streams.
void Encoder::opaque(Dialect origin, std::string_view json) {
  auto block = read(json);
  const bool call = member(block, "toolUse") != nullptr;
  const auto* body = member(block, call ? "toolUse" : "toolResult");
  if (origin != Dialect::converse || !body || !body->is_object()) return;
  const auto* within = member(*body, call ? "input" : "content");
  const auto told = within ? dump(*within) : std::string();
  block[call ? "toolUse" : "toolResult"].erase(call ? "input" : "content");
  close();
  const auto index = next_++;
  send("contentBlockStart", fmt::format(R"({{"contentBlockIndex":{},"start":{}}})", index, dump(block)));
  if (call) {
    delta(index, R"({"toolUse":{"input":)", told, "}}");
  } else if (!told.empty()) {
    send("contentBlockDelta",
         fmt::format(R"({{"contentBlockIndex":{},"delta":{{"toolResult":{}}}}})", index, told));
  }
  stop_block(index);
}

void Encoder::usage(const Usage& usage) {
  figures_ = usage_json(usage).dump();
}

void Encoder::finish(Finish finish, std::string_view stop_sequence, std::string_view detail) {
  finish_ = finish;
  sequence_ = stop_sequence;
  detail_ = detail;
}

void Encoder::end() {
  if (ended_) return;
  ended_ = true;
  close();
  while (!calls_.empty()) tool_end(calls_.front().first);
  payload_.assign(R"({"stopReason":")").append(stop_word(finish_, detail_, called_)).append("\"");
  if (!sequence_.empty())
    payload_.append(R"(,"additionalModelResponseFields":{"stop_sequence":)")
        .append(json_text(sequence_))
        .append("}");
  send("messageStop", payload_.append("}"));
  payload_.assign("{");
  if (!figures_.empty()) payload_.append(R"("usage":)").append(figures_).append(",");
  send("metadata", payload_.append(R"("metrics":{"latencyMs":0}})"));
}

}  // namespace troupe::dialects::converse
