#pragma once
// Reads the stream of /api/chat, and its whole answers. For the .cpp files of this room.
#include <cstddef>
#include <string>
#include <string_view>

#include "gateway/dialects/document.hpp"
#include "gateway/dialects/events.hpp"
#include "gateway/dialects/lines.hpp"

namespace troupe::dialects::ollama {

/// One JSON object a line; calls come whole. The one that is `done` is the last.
class Decoder final : public StreamDecoder {
 public:
  void feed(std::string_view bytes, EventSink& out) override;
  void close(EventSink& out) override;

 private:
  void take(std::string_view line, EventSink& out);
  void take_message(const doc::object& message, EventSink& out);
  void take_call(const doc::object& call, EventSink& out);
  void take_end(const doc::object& object, EventSink& out);
  void give_up(StreamFailure::Kind kind, std::string_view body = {});
  bool over() const { return ended || failure.has_value(); }

  LineSplitter splitter_;
  std::string moment_;  ///< `created_at` of the first object
  std::size_t calls_ = 0;
  bool begun_ = false;
};

}  // namespace troupe::dialects::ollama
