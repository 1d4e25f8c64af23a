#include "gateway/dialects/responses/stream_decode.hpp"

#include <utility>

#include "gateway/dialects/responses/usage.hpp"
#include "gateway/dialects/responses/words.hpp"

namespace troupe::dialects::responses {
namespace {

/// Half a frame at the end of a stream is a cut, not a malformed frame.
bool whole_json(std::string_view data) {
  doc::object event;
  return doc::parse(data).get(event) == simdjson::SUCCESS;
}

std::string wrap_error(const std::string& json) {
  return R"({"error":)" + json + "}";
}

}  // namespace

void Decoder::give_up(StreamFailure::Kind kind, std::string body) {
  failure = StreamFailure{kind, std::move(body), 0};
}

void Decoder::feed(std::string_view bytes, EventSink& out) {
  if (ended || failure) return;
  splitter_.push(bytes);
  while (const auto frame = splitter_.next()) {
    take(*frame, out);
    if (ended || failure) return;
  }
  if (splitter_.overflowed()) give_up(StreamFailure::Kind::malformed);
}

void Decoder::close(EventSink& out) {
  if (ended || failure) return;
  if (const auto frame = splitter_.finish(); frame && whole_json(frame->data)) take(*frame, out);
  if (!ended && !failure) give_up(StreamFailure::Kind::cut);
}

void Decoder::take(const SseFrame& frame, EventSink& out) {
  if (frame.data == "[DONE]") return;  // OpenRouter's; what counts is response.completed
  doc::object event;
  if (doc::parse(frame.data).get(event) != simdjson::SUCCESS) return give_up(StreamFailure::Kind::malformed);
  auto type = doc::text_of(event, "type");
  if (type.empty()) type = frame.event;
  take_event(type, event, out);
}

void Decoder::take_event(std::string_view type, const doc::object& event, EventSink& out) {
  doc::element error;
  if (take_delta(type, event, out)) return;
  if (type == "response.output_item.added") {
    on_added(event, out);
  } else if (type == "response.output_item.done") {
    on_done(event, out);
  } else if (type == "response.output_text.annotation.added") {
    on_annotation(event, out);
  } else if (type == "response.created" || type == "response.in_progress" || type == "response.queued") {
    on_start(event, out);
  } else if (type == "response.completed" || type == "response.incomplete") {
    on_end(type.substr(type.find('.') + 1), event, out);
  } else if (type == "response.failed" || type == "response.cancelled") {
    on_failed(event, out);
  } else if (event["error"].get(error) == simdjson::SUCCESS && !error.is_null()) {
    give_up(StreamFailure::Kind::error, wrap_error(simdjson::minify(error)));
  } else if (type == "error") {
    give_up(StreamFailure::Kind::error, wrap_error(simdjson::minify(event)));
  }
}

bool Decoder::take_delta(std::string_view type, const doc::object& event, EventSink& out) {
  if (!type.ends_with(".delta")) return false;
  if (type == "response.output_text.delta") {
    on_text(event, out);
  } else if (type == "response.function_call_arguments.delta" ||
             type == "response.custom_tool_call_input.delta") {
    on_arguments(event, out);
  } else if (type == "response.reasoning_summary_text.delta") {
    on_thought(event, Thoughts::summary, out);
  } else if (type == "response.reasoning_text.delta") {
    on_thought(event, Thoughts::plain, out);
  } else if (type == "response.refusal.delta") {
    begin(out);
    item(event).told = true;
    out.refusal(doc::text_of(event, "delta"));
  }
  return true;
}

Decoder::Item& Decoder::item(const doc::object& event) {
  return items_[doc::count_of(event, "output_index")];
}

void Decoder::begin(EventSink& out) {
  if (!std::exchange(begun_, true)) out.begin({}, {}, 0);
}

void Decoder::on_start(const doc::object& event, EventSink& out) {
  doc::object response;
  if (begun_ || doc::object_of(event, "response").get(response) != simdjson::SUCCESS) return;
  begun_ = true;
  out.begin(doc::text_of(response, "id"), doc::text_of(response, "model"),
            doc::count_of(response, "created_at"));
}

void Decoder::place(std::int64_t output, std::int64_t content) {
  if (output == output_ && content == content_) return;
  output_ = output;
  content_ = content;
  before_ += static_cast<std::int64_t>(text_.size());
  text_.clear();
  ruler_ = {};
}

void Decoder::tell_text(std::string_view piece, EventSink& out) {
  if (piece.empty()) return;
  text_ += piece;
  out.text(piece);
}

void Decoder::on_text(const doc::object& event, EventSink& out) {
  begin(out);
  item(event).told = true;
  place(doc::count_of(event, "output_index"), doc::count_of(event, "content_index"));
  tell_text(doc::text_of(event, "delta"), out);
}

void Decoder::note(const doc::object& annotation, const Place& where, Ruler& ruler, EventSink& out) {
  const auto json = Json::parse(std::string(simdjson::minify(annotation)), nullptr, false);
  if (json.is_object()) out.citation(read_annotation(json, where, ruler));
}

void Decoder::on_annotation(const doc::object& event, EventSink& out) {
  doc::object annotation;
  if (doc::object_of(event, "annotation").get(annotation) != simdjson::SUCCESS) return;
  begin(out);
  item(event).noted = true;
  place(doc::count_of(event, "output_index"), doc::count_of(event, "content_index"));
  note(annotation, {text_, before_}, ruler_, out);
}

void Decoder::on_thought(const doc::object& event, Thoughts spelling, EventSink& out) {
  begin(out);
  auto& thought = item(event);
  if (thought.thoughts == Thoughts::none) thought.thoughts = spelling;
  if (thought.thoughts != spelling) return;
  const auto piece = doc::text_of(event, "delta");
  const auto paragraph =
      doc::count_of(event, spelling == Thoughts::summary ? "summary_index" : "content_index");
  if (piece.empty()) return;
  if (thought.told && paragraph != thought.paragraph) out.reasoning("\n\n");
  thought.paragraph = paragraph;
  thought.told = true;
  out.reasoning(piece);
}

void Decoder::on_arguments(const doc::object& event, EventSink& out) {
  auto& call = item(event);
  const auto piece = doc::text_of(event, "delta");
  if (!call.open || piece.empty()) return;
  call.told = true;
  out.tool_arguments(call.ordinal, piece);
}

void Decoder::on_end(std::string_view status, const doc::object& event, EventSink& out) {
  doc::object response, part;
  doc::array output;
  if (doc::object_of(event, "response").get(response) != simdjson::SUCCESS)
    return give_up(StreamFailure::Kind::malformed);
  on_start(event, out);
  if (items_.empty() && response["output"].get(output) == simdjson::SUCCESS) {
    std::int64_t index = 0;
    for (const auto one : output) {
      if (one.get(part) == simdjson::SUCCESS) finish_item(items_[index++], part, out);
    }
  }
  for (auto& [index, item] : items_) {
    if (std::exchange(item.open, false)) out.tool_end(item.ordinal);
  }
  std::string_view reason;
  if (doc::object_of(response, "incomplete_details").get(part) == simdjson::SUCCESS)
    reason = doc::text_of(part, "reason");
  if (doc::object_of(response, "usage").get(part) == simdjson::SUCCESS) out.usage(read_usage(part));
  const auto finish = read_finish(status, reason, calls_ > 0);
  out.finish(finish, {}, finish == Finish::unknown ? reason : std::string_view());
  out.end();
  ended = true;
}

void Decoder::on_failed(const doc::object& event, EventSink& out) {
  doc::object response, part;
  std::string error = R"({"code":"server_error","message":"The response failed."})";
  if (doc::object_of(event, "response").get(response) == simdjson::SUCCESS) {
    if (doc::object_of(response, "usage").get(part) == simdjson::SUCCESS) out.usage(read_usage(part));
    if (doc::object_of(response, "error").get(part) == simdjson::SUCCESS) error = simdjson::minify(part);
  }
  give_up(StreamFailure::Kind::error, wrap_error(error));
}

}  // namespace troupe::dialects::responses
