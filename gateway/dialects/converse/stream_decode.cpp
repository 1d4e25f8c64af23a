#include "gateway/dialects/converse/stream_decode.hpp"

#include "gateway/dialects/converse/decode.hpp"
#include "gateway/dialects/converse/errors.hpp"
#include "gateway/dialects/converse/usage.hpp"
#include "gateway/dialects/converse/words.hpp"

namespace troupe::dialects::converse {
namespace {

/// Blocks come one after the other; a stream that never ends them shall not make us keep them all.
constexpr std::size_t kMostOpen = 64;

}  // namespace

void Decoder::feed(std::string_view bytes, EventSink& out) {
  if (over()) return;
  frames_.push(bytes);
  while (const auto frame = frames_.next()) {
    if (frame->message_type == "error" && frame->payload.empty()) {
      fail(frame->type, dump(Json{{"message", frame->message}}));
    } else {
      take(frame->message_type, frame->type, frame->payload, out);
    }
    if (over()) return;
  }
  if (frames_.problem()) failure = StreamFailure{StreamFailure::Kind::malformed, {}, 0};
}

void Decoder::close(EventSink& out) {
  if (over()) return;
  if (finished_) return end(out);
  failure = StreamFailure{StreamFailure::Kind::cut, {}, 0};
}

void Decoder::fail(std::string_view type, std::string_view payload) {
  failure = StreamFailure{StreamFailure::Kind::error, exception_body(type, payload),
                          exception_status(type, payload)};
}

void Decoder::take(std::string_view message_type, std::string_view event_type, std::string_view payload,
                   EventSink& out) {
  if (over()) return;
  if (message_type == "exception" || message_type == "error") return fail(event_type, payload);
  // Before the event is read: what is told here may parse another document.
  if (open_.size() >= kMostOpen) close_block(open_.front().index, out);
  doc::object event;
  if (doc::parse(payload).get(event) != simdjson::SUCCESS) {
    failure = StreamFailure{StreamFailure::Kind::malformed, {}, 0};
    return;
  }
  take_event(event_type, event, out);
  if (finished_ && metadata_) end(out);
}

/// Kinds that are yet to come say nothing.
void Decoder::take_event(std::string_view type, const doc::object& event, EventSink& out) {
  if (type == "metadata") {
    on_metadata(event, out);
  } else if (finished_) {
    return;  // no content after the stop reason
  } else if (type == "contentBlockDelta") {
    on_delta(event, out);
  } else if (type == "contentBlockStart") {
    on_start(event, out);
  } else if (type == "contentBlockStop") {
    close_block(doc::count_of(event, "contentBlockIndex"), out);
  } else if (type == "messageStart") {
    begin(out);
  } else if (type == "messageStop") {
    on_stop(event, out);
  }
}

void Decoder::begin(EventSink& out) {
  if (begun_) return;
  begun_ = true;
  out.begin("", "", 0);
}

void Decoder::end(EventSink& out) {
  ended = true;
  out.end();
}

void Decoder::on_stop(const doc::object& event, EventSink& out) {
  finished_ = true;
  begin(out);
  doc::object more;
  std::string sequence;  // the sink may parse a document of its own
  const std::string word(doc::text_of(event, "stopReason"));
  if (doc::object_of(event, "additionalModelResponseFields").get(more) == simdjson::SUCCESS)
    sequence = doc::text_of(more, "stop_sequence");
  while (!open_.empty()) close_block(open_.front().index, out);
  out.finish(read_stop(word), sequence, stop_detail(word));
}

void Decoder::on_metadata(const doc::object& event, EventSink& out) {
  metadata_ = true;
  begin(out);
  doc::object figures;
  if (doc::object_of(event, "usage").get(figures) == simdjson::SUCCESS) out.usage(read_usage(figures));
}

/// Text and thoughts begin without a start.
void Decoder::on_start(const doc::object& event, EventSink& out) {
  doc::object start, tool;
  const auto index = doc::count_of(event, "contentBlockIndex");
  if (doc::object_of(event, "start").get(start) != simdjson::SUCCESS) return;
  const bool call = doc::object_of(start, "toolUse").get(tool) == simdjson::SUCCESS;
  if (!call && doc::object_of(start, "toolResult").get(tool) != simdjson::SUCCESS) return;
  const bool own = !call || doc::text_of(tool, "type") == "server_tool_use";
  // Sinks may parse documents of their own: what is told below is copied first.
  const std::string id(doc::text_of(tool, "toolUseId")), name(doc::text_of(tool, "name"));
  std::string told = own ? simdjson::minify(start) : std::string();
  begin(out);
  close_block(index, out);
  auto& block = block_at(index);
  if (own) {
    block.own = std::move(told);
    if (!call) block.results = Json::array();
    return;
  }
  block.call = true;
  block.ordinal = calls_++;
  out.tool_begin(block.ordinal, id, name, {});
}

void Decoder::on_delta(const doc::object& event, EventSink& out) {
  doc::object delta, within;
  doc::array results;
  if (doc::object_of(event, "delta").get(delta) != simdjson::SUCCESS) return;
  const auto said = doc::text_of(delta, "text");
  begin(out);
  auto& block = block_at(doc::count_of(event, "contentBlockIndex"));
  if (!said.empty()) {
    text_bytes_ += said.size();
    out.text(said);
  } else if (doc::object_of(delta, "toolUse").get(within) == simdjson::SUCCESS) {
    take_input(block, doc::text_of(within, "input"), out);
  } else if (doc::object_of(delta, "reasoningContent").get(within) == simdjson::SUCCESS) {
    take_reasoning(block, within, out);
  } else if (doc::object_of(delta, "citation").get(within) == simdjson::SUCCESS) {
    auto raw = read(std::string(simdjson::minify(within)));
    if (raw.is_object()) block.citations.push_back(decode_citation(std::move(raw)));
  } else if (delta["toolResult"].get(results) == simdjson::SUCCESS && block.results.is_array()) {
    auto told = read(std::string(simdjson::minify(results)));
    for (std::size_t i = 0; told.is_array() && i < told.size(); ++i)
      block.results.push_back(std::move(told[i]));
  }
}

void Decoder::take_input(Block& block, std::string_view piece, EventSink& out) {
  if (piece.empty()) return;
  if (!block.call) {
    block.input.append(piece);
    return;
  }
  block.told = true;
  out.tool_arguments(block.ordinal, piece);
}

}  // namespace troupe::dialects::converse
