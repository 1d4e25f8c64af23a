#include "gateway/dialects/anthropic/stream_decode.hpp"

#include "gateway/dialects/anthropic/words.hpp"

namespace troupe::dialects::anthropic {

void Decoder::feed(std::string_view bytes, EventSink& out) {
  if (over()) return;
  splitter_.push(bytes);
  while (const auto frame = splitter_.next()) {
    take(*frame, out);
    if (over()) return;
  }
  if (splitter_.overflowed()) give_up(StreamFailure::Kind::malformed);
}

/// A last frame without its blank line counts when it is whole.
void Decoder::close(EventSink& out) {
  if (over()) return;
  doc::object event;
  if (const auto frame = splitter_.finish(); frame && doc::parse(frame->data).get(event) == simdjson::SUCCESS)
    take(*frame, out);
  if (!over()) give_up(StreamFailure::Kind::cut);
}

void Decoder::give_up(StreamFailure::Kind kind, std::string_view body) {
  failure = StreamFailure{kind, std::string(body), 0};
}

void Decoder::take(const SseFrame& frame, EventSink& out) {
  doc::object event, error;
  if (doc::parse(frame.data).get(event) != simdjson::SUCCESS) return give_up(StreamFailure::Kind::malformed);
  auto type = doc::text_of(event, "type");
  if (type.empty()) type = frame.event;
  const bool nameless = type.empty() && doc::object_of(event, "error").get(error) == simdjson::SUCCESS;
  if (type == "error" || nameless) return give_up(StreamFailure::Kind::error, frame.data);
  take_event(type, event, out);
}

/// Pings, and kinds that are yet to come, say nothing.
void Decoder::take_event(std::string_view type, const doc::object& event, EventSink& out) {
  doc::object content;
  if (type == "message_start") {
    on_message_start(event, out);
  } else if (type == "message_delta") {
    on_message_delta(event, out);
  } else if (type == "message_stop") {
    on_message_stop(out);
  } else if (finished_) {
    return;  // no content after the stop reason
  } else if (type == "content_block_delta") {
    on_block_delta(event, out);
  } else if (type == "content_block_stop") {
    close_block(doc::count_of(event, "index"), out);
  } else if (type == "content_block_start" &&
             doc::object_of(event, "content_block").get(content) == simdjson::SUCCESS) {
    open_block(doc::count_of(event, "index"), content, out);
  }
}

void Decoder::begin(std::string_view id, std::string_view model, EventSink& out) {
  if (begun_) return;
  begun_ = true;
  out.begin(id, model, 0);
}

/// Code execution that goes on begins with the blocks that are there already.
void Decoder::on_message_start(const doc::object& event, EventSink& out) {
  doc::object message, figures, block;
  doc::array content;
  if (doc::object_of(event, "message").get(message) != simdjson::SUCCESS) return;
  begin(doc::text_of(message, "id"), doc::text_of(message, "model"), out);
  if (doc::object_of(message, "usage").get(figures) == simdjson::SUCCESS) {
    tally_.take(figures);
    out.usage(tally_.usage());
  }
  if (message["content"].get(content) != simdjson::SUCCESS || content.size() == 0) return;
  const auto copy = simdjson::minify(content);  // the sink may parse a document of its own
  for (const auto& one : read(copy)) {
    const auto text = dump(one);
    if (doc::parse(text).get(block) == simdjson::SUCCESS) open_block(-1, block, out);
    close_block(-1, out);
  }
}

void Decoder::on_message_delta(const doc::object& event, EventSink& out) {
  doc::object figures, delta, details;
  begin("", "", out);
  std::string reason, sequence, detail;  // the sink may parse a document of its own
  if (doc::object_of(event, "delta").get(delta) == simdjson::SUCCESS) {
    reason = doc::text_of(delta, "stop_reason");
    sequence = doc::text_of(delta, "stop_sequence");
    if (doc::object_of(delta, "stop_details").get(details) == simdjson::SUCCESS) {
      detail = doc::text_of(details, "explanation");
      if (detail.empty()) detail = doc::text_of(details, "category");
    }
  }
  if (doc::object_of(event, "usage").get(figures) == simdjson::SUCCESS) {
    tally_.take(figures);
    out.usage(tally_.usage());
  }
  if (reason.empty()) return;
  const auto why = read_stop(reason);
  finish(why, sequence, why == Finish::filtered ? std::string_view(detail) : std::string_view(), out);
}

void Decoder::finish(Finish why, std::string_view sequence, std::string_view detail, EventSink& out) {
  if (finished_) return;
  finished_ = true;
  begin("", "", out);
  close_all(out);
  out.finish(why, sequence, detail);
}

void Decoder::on_message_stop(EventSink& out) {
  finish(Finish::unknown, {}, {}, out);
  ended = true;
  out.end();
}

}  // namespace troupe::dialects::anthropic
