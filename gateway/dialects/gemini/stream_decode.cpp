#include "gateway/dialects/gemini/stream_decode.hpp"

#include <algorithm>

namespace troupe::dialects::gemini {
namespace {

std::string_view trim(std::string_view text) {
  const auto from = text.find_first_not_of(" \t\r\n");
  if (from == text.npos) return {};
  return text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1);
}

bool is_whole(std::string_view text) {
  return doc::parse(text).error() == simdjson::SUCCESS;
}

/// What came before the connection broke in the middle of a line.
std::string_view without_torn_end(std::string_view data) {
  data = trim(data);
  const auto line = data.rfind('\n') + 1;
  return is_whole(data) || is_whole(data.substr(line)) ? data : data.substr(0, line);
}

}  // namespace

/// The bytes before a line that begins like JSON; that line and what follows is kept.
std::string_view Decoder::events_in(std::string_view bytes) {
  std::size_t at = 0;
  while (bare_.empty() && at < bytes.size()) {
    if (line_start_ && (bytes[at] == '{' || bytes[at] == '[')) {
      bare_ = bytes.substr(at);
      return bytes.substr(0, at);
    }
    const auto end = bytes.find('\n', at);
    line_start_ = end != bytes.npos;
    at = line_start_ ? end + 1 : bytes.size();
  }
  return bytes;
}

void Decoder::feed(std::string_view bytes, EventSink& out) {
  if (over()) return;
  if (bare_.empty()) {
    splitter_.push(events_in(bytes));
    while (const auto frame = splitter_.next()) {
      take(frame->data, out);
      if (over()) return;
    }
    if (splitter_.overflowed()) give_up(StreamFailure::Kind::malformed);
  } else {
    bare_.append(bytes);
  }
  if (bare_.size() > SseSplitter::kMaxFrame) give_up(StreamFailure::Kind::malformed);
}

void Decoder::close(EventSink& out) {
  if (over()) return;
  if (const auto frame = splitter_.finish()) take(without_torn_end(frame->data), out);
  if (!over()) take(bare_, out);
  if (over()) return;
  if (!chunks_.finished()) return give_up(StreamFailure::Kind::cut);
  ended = true;
  chunks_.complete(out);
}

void Decoder::give_up(StreamFailure::Kind kind, std::string_view body) {
  failure = StreamFailure{kind, std::string(body), 0};
}

void Decoder::take(std::string_view data, EventSink& out) {
  data = trim(data);
  doc::element value;
  doc::object object;
  doc::array list;
  if (data.empty() || data == "[DONE]") return;  // some proxies add it
  if (doc::parse(data).get(value) != simdjson::SUCCESS) {
    // Some proxies lose the blank lines between events; a chunk is one line.
    if (data.find('\n') == data.npos) return give_up(StreamFailure::Kind::malformed, data);
    return take_lines(data, out);
  }
  if (value.get(object) == simdjson::SUCCESS) return take_object(object, out);
  if (value.get(list) != simdjson::SUCCESS) return give_up(StreamFailure::Kind::malformed, data);
  for (const auto item : list) {
    if (item.get(object) == simdjson::SUCCESS && !over()) take_object(object, out);
  }
}

void Decoder::take_lines(std::string_view data, EventSink& out) {
  while (!data.empty() && !over()) {
    const auto end = std::min(data.find('\n'), data.size());
    take(data.substr(0, end), out);
    data.remove_prefix(std::min(end + 1, data.size()));
  }
}

void Decoder::take_object(const doc::object& object, EventSink& out) {
  doc::element error;
  if (object["error"].get(error) == simdjson::SUCCESS && !error.is_null())
    return give_up(StreamFailure::Kind::error, simdjson::minify(object));
  chunks_.take(object, out);
}

}  // namespace troupe::dialects::gemini
