#pragma once
// A stream of chat chunks, of any provider of this shape, as events.
#include <string>
#include <vector>

#include "gateway/dialects/document.hpp"
#include "gateway/dialects/events.hpp"
#include "gateway/dialects/sse.hpp"

namespace troupe::dialects::chat {

/// Only the first choice is told. Tool calls without an index are told apart by their ids.
class Decoder final : public StreamDecoder {
 public:
  void feed(std::string_view bytes, EventSink& out) override;
  void close(EventSink& out) override;

 private:
  void take(const SseFrame& frame, EventSink& out);
  void take_chunk(const doc::object& chunk, EventSink& out);
  void take_choice(const doc::object& choice, EventSink& out);
  void take_delta(const doc::object& delta, EventSink& out);
  void take_content(const doc::element& value, EventSink& out);
  void take_thought(std::string_view text, EventSink& out);
  void take_details(const doc::element& value, EventSink& out);
  void take_calls(const doc::element& value, EventSink& out);
  void take_call(const doc::object& call, EventSink& out);
  void take_annotations(const doc::element& value, EventSink& out);
  void take_guest(Dialect guest, const doc::object& left, EventSink& out);
  std::size_t call_at(const doc::object& call, std::string_view id);
  void finish(std::string_view word, EventSink& out);
  void complete(EventSink& out);
  void give_up(StreamFailure::Kind kind, std::string_view body = {});
  bool over() const { return ended || failure.has_value(); }

  struct Call {
    std::int64_t index;
    std::string id;
    bool open = false;
  };
  SseSplitter splitter_;
  std::vector<Call> calls_;
  std::string id_;  ///< of the answer
  bool begun_ = false, finished_ = false, thought_ = false;
};

}  // namespace troupe::dialects::chat
