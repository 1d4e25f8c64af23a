#include "gateway/dialects/cohere/stream_decode.hpp"

#include "gateway/dialects/cohere/usage.hpp"
#include "gateway/dialects/cohere/words.hpp"

namespace troupe::dialects::cohere {

void Decoder::feed(std::string_view bytes, EventSink& out) {
  if (over()) return;
  splitter_.push(bytes);
  while (const auto frame = splitter_.next()) {
    take(frame->data, out);
    if (over()) return;
  }
  if (splitter_.overflowed()) give_up(StreamFailure::Kind::malformed);
}

void Decoder::close(EventSink& out) {
  if (over()) return;
  if (const auto frame = splitter_.finish()) take(frame->data, out);
  if (!over()) give_up(StreamFailure::Kind::cut);
}

void Decoder::give_up(StreamFailure::Kind kind, std::string_view body) {
  failure = StreamFailure{kind, std::string(body), 0};
}

void Decoder::begin(std::string_view id, EventSink& out) {
  if (begun_) return;
  begun_ = true;
  out.begin(id, {}, 0);
}

void Decoder::take(std::string_view data, EventSink& out) {
  if (data.empty() || data == "[DONE]") return;
  doc::object event;
  if (doc::parse(data).get(event) != simdjson::SUCCESS) return give_up(StreamFailure::Kind::malformed, data);
  const auto type = doc::text_of(event, "type");
  if (!type.empty()) return take_event(type, event, out);
  // An error is told as in a body of its own: {"message":"..."}.
  if (!doc::text_of(event, "message").empty()) give_up(StreamFailure::Kind::error, data);
}

void Decoder::take_event(std::string_view type, const doc::object& event, EventSink& out) {
  doc::object delta, message;
  const bool told = doc::object_of(event, "delta").get(delta) == simdjson::SUCCESS;
  begin(doc::text_of(event, "id"), out);
  if (type == "tool-call-end") return end_call(doc::count_of(event, "index"), out);
  if (!told) return;
  if (type == "message-end") return take_end(delta, out);
  if (doc::object_of(delta, "message").get(message) != simdjson::SUCCESS) return;
  if (type == "content-start" || type == "content-delta") {
    take_content(type == "content-start", event, message, out);
  } else if (type == "tool-plan-delta") {
    if (const auto plan = doc::text_of(message, "tool_plan"); !plan.empty()) out.text(plan);
  } else if (type == "tool-call-start" || type == "tool-call-delta") {
    take_call(type == "tool-call-start", event, message, out);
  } else if (type == "citation-start") {
    take_citation(message, out);
  }
}

void Decoder::take_content(bool starts, const doc::object& event, const doc::object& message,
                           EventSink& out) {
  doc::object content;
  if (doc::object_of(message, "content").get(content) != simdjson::SUCCESS) return;
  if (const auto thought = doc::text_of(content, "thinking"); !thought.empty()) out.reasoning(thought);
  if (starts && doc::text_of(content, "type") == "text") said_.begin_block(doc::count_of(event, "index"));
  const auto words = doc::text_of(content, "text");
  if (words.empty()) return;
  said_.add(words);
  out.text(words);
}

void Decoder::take_call(bool starts, const doc::object& event, const doc::object& message, EventSink& out) {
  doc::object call, function;
  if (doc::object_of(message, "tool_calls").get(call) != simdjson::SUCCESS) return;
  const bool named = doc::object_of(call, "function").get(function) == simdjson::SUCCESS;
  const auto index = doc::count_of(event, "index");
  if (starts) {
    end_call(index, out);
    open_[index] = calls_;
    out.tool_begin(calls_++, doc::text_of(call, "id"), named ? doc::text_of(function, "name") : "", {});
  }
  const auto found = open_.find(index);
  if (found == open_.end() || !named) return;
  if (const auto piece = doc::text_of(function, "arguments"); !piece.empty())
    out.tool_arguments(found->second, piece);
}

void Decoder::end_call(std::int64_t index, EventSink& out) {
  const auto found = open_.find(index);
  if (found == open_.end()) return;
  out.tool_end(found->second);
  open_.erase(found);
}

/// One citation, or a list of them.
void Decoder::take_citation(const doc::object& message, EventSink& out) {
  doc::element told;
  if (message["citations"].get(told) != simdjson::SUCCESS) return;
  const auto raw = dialects::read(simdjson::minify(told));
  if (raw.is_object()) out.citation(said_.read(raw));
  if (!raw.is_array()) return;
  for (const auto& one : raw) {
    if (one.is_object()) out.citation(said_.read(one));
  }
}

void Decoder::take_end(const doc::object& delta, EventSink& out) {
  if (!doc::text_of(delta, "error").empty())
    return give_up(StreamFailure::Kind::error, simdjson::minify(delta));
  while (!open_.empty()) end_call(open_.begin()->first, out);
  if (const auto used = find_usage(delta)) out.usage(*used);
  billed_ = find_billed(delta);
  const auto word = doc::text_of(delta, "finish_reason");
  const auto finish = read_finish(word);
  const bool detailed = finish == Finish::failed || finish == Finish::unknown;
  out.finish(finish, {}, detailed ? word : std::string_view());
  ended = true;
  out.end();
}

}  // namespace troupe::dialects::cohere
