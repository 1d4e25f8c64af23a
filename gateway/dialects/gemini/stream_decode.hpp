#pragma once
// Reads the stream of streamGenerateContent. For the .cpp files of this room.
#include <string>
#include <string_view>

#include "gateway/dialects/events.hpp"
#include "gateway/dialects/gemini/chunk.hpp"
#include "gateway/dialects/sse.hpp"

namespace troupe::dialects::gemini {

/// Server-sent events without names, each a chunk. There is no terminal event: an answer whose finish was
/// told ends with the connection. Errors may come as bare JSON between the events, in an array or not.
class Decoder final : public StreamDecoder {
 public:
  void feed(std::string_view bytes, EventSink& out) override;
  void close(EventSink& out) override;

 private:
  std::string_view events_in(std::string_view bytes);
  void take(std::string_view data, EventSink& out);
  void take_lines(std::string_view data, EventSink& out);
  void take_object(const doc::object& object, EventSink& out);
  void give_up(StreamFailure::Kind kind, std::string_view body = {});
  bool over() const { return ended || failure.has_value(); }

  SseSplitter splitter_;
  ChunkReader chunks_;
  std::string bare_;  ///< JSON that stands outside of events, to the end of the body
  bool line_start_ = true;
};

}  // namespace troupe::dialects::gemini
