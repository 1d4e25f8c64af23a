#include "gateway/dialects/ollama/stream_decode.hpp"

#include "gateway/dialects/ollama/words.hpp"
#include "gateway/dialects/time_text.hpp"

namespace troupe::dialects::ollama {
namespace {

std::optional<Usage> usage_of(const doc::object& from) {
  doc::element told;
  if (from["prompt_eval_count"].get(told) != simdjson::SUCCESS &&
      from["eval_count"].get(told) != simdjson::SUCCESS)
    return std::nullopt;
  Usage usage;
  usage.input = {doc::count_of(from, "prompt_eval_count")};
  usage.output = {doc::count_of(from, "eval_count")};
  return usage;
}

}  // namespace

void Decoder::feed(std::string_view bytes, EventSink& out) {
  if (over()) return;
  splitter_.push(bytes);
  while (const auto line = splitter_.next()) {
    take(*line, out);
    if (over()) return;
  }
  if (splitter_.overflowed()) give_up(StreamFailure::Kind::malformed);
}

void Decoder::close(EventSink& out) {
  if (over()) return;
  if (const auto line = splitter_.rest(); doc::parse(line).error() == simdjson::SUCCESS)
    take(std::string(line), out);
  if (!over()) give_up(StreamFailure::Kind::cut);
}

void Decoder::give_up(StreamFailure::Kind kind, std::string_view body) {
  failure = StreamFailure{kind, std::string(body), 0};
}

void Decoder::take(std::string_view line, EventSink& out) {
  doc::object object, message;
  doc::element error;
  if (doc::parse(line).get(object) != simdjson::SUCCESS) return give_up(StreamFailure::Kind::malformed, line);
  if (object["error"].get(error) == simdjson::SUCCESS && !error.is_null())
    return give_up(StreamFailure::Kind::error, line);
  if (!begun_) {
    begun_ = true;
    moment_ = doc::text_of(object, "created_at");
    out.begin({}, doc::text_of(object, "model"), read_time(moment_));
  }
  if (doc::object_of(object, "message").get(message) == simdjson::SUCCESS) take_message(message, out);
  bool done = false;
  if (object["done"].get(done) == simdjson::SUCCESS && done) take_end(object, out);
}

void Decoder::take_message(const doc::object& message, EventSink& out) {
  doc::array calls;
  if (const auto thought = doc::text_of(message, "thinking"); !thought.empty()) out.reasoning(thought);
  if (const auto words = doc::text_of(message, "content"); !words.empty()) out.text(words);
  if (message["tool_calls"].get(calls) != simdjson::SUCCESS) return;
  for (const auto item : calls) {
    doc::object call;
    if (item.get(call) == simdjson::SUCCESS) take_call(call, out);
  }
}

void Decoder::take_call(const doc::object& call, EventSink& out) {
  doc::object function, arguments;
  if (doc::object_of(call, "function").get(function) != simdjson::SUCCESS) return;
  const auto ordinal = calls_++;
  const auto given = doc::text_of(call, "id");
  const auto id = given.empty() ? make_call_id(moment_, ordinal) : std::string(given);
  out.tool_begin(ordinal, id, doc::text_of(function, "name"), {});
  const bool any = doc::object_of(function, "arguments").get(arguments) == simdjson::SUCCESS;
  out.tool_arguments(ordinal, any ? simdjson::minify(arguments) : std::string("{}"));
  out.tool_end(ordinal);
}

void Decoder::take_end(const doc::object& object, EventSink& out) {
  if (const auto used = usage_of(object)) out.usage(*used);
  const auto word = doc::text_of(object, "done_reason");
  const auto finish = read_finish(word, calls_ > 0);
  out.finish(finish, {}, finish == Finish::unknown ? word : std::string_view());
  ended = true;
  out.end();
}

}  // namespace troupe::dialects::ollama
