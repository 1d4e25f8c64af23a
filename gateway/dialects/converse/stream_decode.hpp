#pragma once
// A ConverseStream, told as events. For the .cpp files of this room, and for tests.
#include <string>
#include <string_view>
#include <vector>

#include "gateway/cloud/event_stream.hpp"
#include "gateway/dialects/document.hpp"
#include "gateway/dialects/events.hpp"
#include "gateway/dialects/json.hpp"

namespace troupe::dialects::converse {

/// Text, thoughts and arguments are told as they come; citations, seals, and blocks of Bedrock's own tools
/// when their block is whole. The answer is whole with `messageStop` and `metadata`, in any order; a
/// connection that closes after `messageStop` alone only lacks the usage.
class Decoder final : public StreamDecoder {
 public:
  void feed(std::string_view bytes, EventSink& out) override;
  void close(EventSink& out) override;

  /// One event without its frame: `message_type` is "event", "exception" or "error", `event_type` what kind.
  void take(std::string_view message_type, std::string_view event_type, std::string_view payload,
            EventSink& out);

 private:
  struct Block {
    std::int64_t index = 0;
    bool call = false, told = false;  ///< a tool call; its arguments were told
    std::size_t ordinal = 0;          ///< among the tool calls
    std::size_t text_from = 0;        ///< bytes of text before it
    std::string seal, redacted;       ///< `redacted`: the bytes themselves
    std::vector<Citation> citations;
    std::string own, input;  ///< start of a block of Bedrock's own tools, and its input
    Json results;            ///< or what such a tool gave
  };

  void take_event(std::string_view type, const doc::object& event, EventSink& out);
  void on_start(const doc::object& event, EventSink& out);
  void on_delta(const doc::object& event, EventSink& out);
  void on_stop(const doc::object& event, EventSink& out);
  void on_metadata(const doc::object& event, EventSink& out);
  void fail(std::string_view type, std::string_view payload);

  void take_reasoning(Block& block, const doc::object& delta, EventSink& out);
  void take_input(Block& block, std::string_view piece, EventSink& out);
  Block& block_at(std::int64_t index);
  void close_block(std::int64_t index, EventSink& out);
  void tell_rest(Block& block, EventSink& out);
  void begin(EventSink& out);
  void end(EventSink& out);
  bool over() const { return ended || failure.has_value(); }

  cloud::EventStreamDecoder frames_;
  std::vector<Block> open_;
  std::size_t calls_ = 0, text_bytes_ = 0;
  bool begun_ = false, finished_ = false, metadata_ = false;
};

}  // namespace troupe::dialects::converse
