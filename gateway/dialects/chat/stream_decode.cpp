#include "gateway/dialects/chat/stream_decode.hpp"

#include <array>

#include "gateway/dialects/chat/usage.hpp"
#include "gateway/dialects/chat/words.hpp"

namespace troupe::dialects::chat {
namespace {

constexpr std::size_t kMaxCalls = 1024;  // more than any answer has; indices come from the provider
constexpr std::array kGuests{Dialect::anthropic, Dialect::gemini, Dialect::converse, Dialect::cohere,
                             Dialect::responses};

std::string_view trim(std::string_view text) {
  const auto from = text.find_first_not_of(" \t");
  if (from == text.npos) return {};
  return text.substr(from, text.find_last_not_of(" \t") - from + 1);
}

bool truthy(const doc::element& value) {
  bool flag = false;
  if (value.get(flag) == simdjson::SUCCESS) return flag;
  return value.is_string() ? !doc::text_of(value).empty() : !value.is_null();
}

}  // namespace

void Decoder::feed(std::string_view bytes, EventSink& out) {
  if (over()) return;
  splitter_.push(bytes);
  while (const auto frame = splitter_.next()) {
    take(*frame, out);
    if (over()) return;
  }
  if (splitter_.overflowed()) give_up(StreamFailure::Kind::malformed);
}

void Decoder::close(EventSink& out) {
  if (over()) return;
  if (const auto frame = splitter_.finish()) {
    doc::object chunk;
    const auto data = trim(frame->data);
    const bool is_whole = data == "[DONE]" || doc::parse(data).get(chunk) == simdjson::SUCCESS;
    if (is_whole) take(*frame, out);
  }
  if (over()) return;
  if (finished_) return complete(out);
  give_up(StreamFailure::Kind::cut);
}

void Decoder::give_up(StreamFailure::Kind kind, std::string_view body) {
  failure = StreamFailure{kind, std::string(body), 0};
}

void Decoder::complete(EventSink& out) {
  ended = true;
  out.end();
}

void Decoder::take(const SseFrame& frame, EventSink& out) {
  const auto data = trim(frame.data);
  doc::object chunk;
  doc::element error;
  if (data.empty()) return;
  if (data == "[DONE]") {
    if (!begun_) return give_up(StreamFailure::Kind::cut);
    finish("", out);  // some never say why they end
    return complete(out);
  }
  if (doc::parse(data).get(chunk) != simdjson::SUCCESS) {
    return give_up(frame.event == "error" ? StreamFailure::Kind::error : StreamFailure::Kind::malformed,
                   data);
  }
  const bool wrong = chunk["error"].get(error) == simdjson::SUCCESS && truthy(error);
  if (wrong || frame.event == "error") return give_up(StreamFailure::Kind::error, data);
  take_chunk(chunk, out);
}

void Decoder::take_chunk(const doc::object& chunk, EventSink& out) {
  doc::array choices;
  const bool any = chunk["choices"].get(choices) == simdjson::SUCCESS && choices.size() > 0;
  // Azure's first chunk has neither id nor choices.
  if (!begun_ && any) {
    begun_ = true;
    id_ = doc::text_of(chunk, "id");
    out.begin(id_, doc::text_of(chunk, "model"), doc::count_of(chunk, "created"));
  }
  if (any) {
    for (const auto item : choices) {
      doc::object choice;
      if (item.get(choice) == simdjson::SUCCESS && doc::count_of(choice, "index") == 0)
        take_choice(choice, out);
    }
  }
  if (const auto usage = find_usage(chunk)) out.usage(*usage);
}

void Decoder::take_choice(const doc::object& choice, EventSink& out) {
  doc::object delta;
  doc::element reason;
  if (doc::object_of(choice, "delta").get(delta) == simdjson::SUCCESS ||
      doc::object_of(choice, "message").get(delta) == simdjson::SUCCESS) {
    take_delta(delta, out);
  }
  if (choice["finish_reason"].get(reason) == simdjson::SUCCESS && truthy(reason))
    finish(reason.is_string() ? doc::text_of(reason) : "unknown", out);
}

void Decoder::take_delta(const doc::object& delta, EventSink& out) {
  bool thought = false;
  for (const auto& [key, value] : delta) {
    if (key == "content") {
      take_content(value, out);
    } else if ((key == "reasoning_content" || key == "reasoning") && !thought) {
      thought = !doc::text_of(value).empty();
      take_thought(doc::text_of(value), out);
    } else if (key == "refusal") {
      if (const auto words = doc::text_of(value); !words.empty()) out.refusal(words);
    } else if (key == "tool_calls") {
      take_calls(value, out);
    } else if (key == "annotations") {
      take_annotations(value, out);
    } else {
      doc::object left;
      for (const auto guest : kGuests) {
        if (key == name(guest) && value.get(left) == simdjson::SUCCESS) take_guest(guest, left, out);
      }
    }
  }
  doc::element details;
  if (delta["reasoning_details"].get(details) == simdjson::SUCCESS) take_details(details, out);
}

/// A text, or Mistral's list of parts.
void Decoder::take_content(const doc::element& value, EventSink& out) {
  doc::array list;
  if (value.get(list) != simdjson::SUCCESS) {
    if (const auto words = doc::text_of(value); !words.empty()) out.text(words);
    return;
  }
  for (const auto item : list) {
    doc::object part;
    doc::array pieces;
    if (item.get(part) != simdjson::SUCCESS) continue;
    if (doc::text_of(part, "type") == "thinking" && part["thinking"].get(pieces) == simdjson::SUCCESS) {
      for (const auto piece : pieces) {
        doc::object inner;
        if (piece.get(inner) == simdjson::SUCCESS) take_thought(doc::text_of(inner, "text"), out);
      }
    } else if (const auto words = doc::text_of(part, "text"); !words.empty()) {
      out.text(words);
    }
  }
}

void Decoder::take_thought(std::string_view text, EventSink& out) {
  if (text.empty()) return;
  thought_ = true;
  out.reasoning(text);
}

/// Seals. The text beside them was told already, unless nothing was.
void Decoder::take_details(const doc::element& value, EventSink& out) {
  doc::array list;
  if (value.get(list) != simdjson::SUCCESS) return;
  for (const auto item : list) {
    doc::object entry;
    if (item.get(entry) != simdjson::SUCCESS) continue;
    const auto origin = seal_origin(doc::text_of(entry, "format"));
    if (!origin) continue;
    const bool blind = doc::text_of(entry, "type") == "reasoning.encrypted";
    const auto seal = doc::text_of(entry, blind ? "data" : "signature");
    if (!blind && !thought_) take_thought(doc::text_of(entry, "text"), out);
    if (seal.empty()) continue;
    out.seal(*origin, seal, blind);
    thought_ = false;
  }
}

std::size_t Decoder::call_at(const doc::object& call, std::string_view id) {
  doc::element index;
  const bool told = call["index"].get(index) == simdjson::SUCCESS && index.is_number();
  const auto number = told ? doc::count_of(index) : -1;
  for (std::size_t i = calls_.size(); i-- > 0;) {
    if (told ? calls_[i].index == number && (id.empty() || calls_[i].id == id)
             : id.empty() || calls_[i].id == id)
      return i;
  }
  if (calls_.size() < kMaxCalls) calls_.push_back({number, std::string(id)});
  return calls_.size() - 1;
}

void Decoder::take_call(const doc::object& call, EventSink& out) {
  doc::object function, extra, google;
  const auto at = call_at(call, doc::text_of(call, "id"));
  if (doc::object_of(call, "function").get(function) != simdjson::SUCCESS &&
      doc::object_of(call, "custom").get(function) != simdjson::SUCCESS)
    return;
  if (!calls_[at].open) {
    calls_[at].open = true;
    std::string_view seal;
    if (doc::object_of(call, "extra_content").get(extra) == simdjson::SUCCESS &&
        doc::object_of(extra, "google").get(google) == simdjson::SUCCESS)
      seal = doc::text_of(google, "thought_signature");
    if (calls_[at].id.empty()) calls_[at].id = made_call_id(id_, at);
    out.tool_begin(at, calls_[at].id, doc::text_of(function, "name"), seal);
  }
  doc::element arguments;
  if (function["arguments"].get(arguments) != simdjson::SUCCESS &&
      function["input"].get(arguments) != simdjson::SUCCESS)
    return;
  if (arguments.is_object()) {
    out.tool_arguments(at, simdjson::minify(arguments));
  } else if (const auto piece = doc::text_of(arguments); !piece.empty()) {
    out.tool_arguments(at, piece);
  }
}

void Decoder::take_calls(const doc::element& value, EventSink& out) {
  doc::array list;
  if (value.get(list) != simdjson::SUCCESS) return;
  for (const auto item : list) {
    doc::object call;
    if (item.get(call) == simdjson::SUCCESS) take_call(call, out);
  }
}

void Decoder::take_annotations(const doc::element& value, EventSink& out) {
  doc::array list;
  if (value.get(list) != simdjson::SUCCESS) return;
  for (const auto item : list) {
    doc::object entry, link;
    if (item.get(entry) != simdjson::SUCCESS) continue;
    if (doc::object_of(entry, "url_citation").get(link) != simdjson::SUCCESS) continue;
    Citation citation;
    citation.url = doc::text_of(link, "url");
    citation.title = doc::text_of(link, "title");
    citation.start = doc::count_of(link, "start_index");
    citation.end = doc::count_of(link, "end_index");
    out.citation(citation);
  }
}

void Decoder::take_guest(Dialect guest, const doc::object& left, EventSink& out) {
  doc::array list;
  if (left["citations"].get(list) == simdjson::SUCCESS) {
    for (const auto item : list) {
      Citation citation;
      citation.origin = guest;
      citation.raw = Json::parse(simdjson::minify(item), nullptr, false);
      out.citation(citation);
    }
  }
  if (left["blocks"].get(list) == simdjson::SUCCESS) {
    for (const auto item : list) out.opaque(guest, simdjson::minify(item));
  }
}

void Decoder::finish(std::string_view word, EventSink& out) {
  if (finished_) return;
  finished_ = true;
  for (std::size_t i = 0; i < calls_.size(); ++i) {
    if (calls_[i].open) out.tool_end(i);
  }
  out.finish(read_finish(word, !calls_.empty()), {}, {});
}

}  // namespace troupe::dialects::chat
