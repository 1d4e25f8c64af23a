#pragma once
// A stream of the Messages API, told as events. For the .cpp files of this room.
#include <string>
#include <string_view>
#include <vector>

#include "gateway/dialects/anthropic/usage.hpp"
#include "gateway/dialects/document.hpp"
#include "gateway/dialects/events.hpp"
#include "gateway/dialects/json.hpp"
#include "gateway/dialects/sse.hpp"

namespace troupe::dialects::anthropic {

/// Text, thoughts and arguments are told as they come; citations, seals, and blocks that only Anthropic knows
/// when their block is whole.
class Decoder final : public StreamDecoder {
 public:
  void feed(std::string_view bytes, EventSink& out) override;
  void close(EventSink& out) override;

 private:
  enum class Kind : std::uint8_t { text, tool, thinking, redacted, opaque };
  struct Block {
    std::int64_t index = 0;
    Kind kind = Kind::opaque;
    bool told = false;          ///< arguments of the call were told
    std::size_t ordinal = 0;    ///< among the tool calls
    std::size_t text_from = 0;  ///< bytes of text before it
    std::string held;           ///< a seal, or the input of a server tool
    std::vector<Citation> citations;
    Json json;  ///< of an opaque block
  };

  void take(const SseFrame& frame, EventSink& out);
  void take_event(std::string_view type, const doc::object& event, EventSink& out);
  void on_message_start(const doc::object& event, EventSink& out);
  void on_block_delta(const doc::object& event, EventSink& out);
  void on_message_delta(const doc::object& event, EventSink& out);
  void on_message_stop(EventSink& out);

  void open_block(std::int64_t index, const doc::object& content, EventSink& out);
  void open_tool(Block& block, const doc::object& content, EventSink& out);
  void take_delta(Block& block, std::string_view type, const doc::object& delta);
  void close_block(std::int64_t index, EventSink& out);
  void close_all(EventSink& out);
  void tell_rest(Block& block, EventSink& out);
  void tell_seal(std::string_view written, bool redacted, EventSink& out);
  void say(std::string_view text, EventSink& out);
  void begin(std::string_view id, std::string_view model, EventSink& out);
  void finish(Finish why, std::string_view sequence, std::string_view detail, EventSink& out);
  void give_up(StreamFailure::Kind kind, std::string_view body = {});
  Block* find(std::int64_t index);
  bool over() const { return ended || failure.has_value(); }

  SseSplitter splitter_;
  Tally tally_;
  std::vector<Block> open_;
  std::string call_seal_;
  std::size_t calls_ = 0, text_bytes_ = 0;
  bool begun_ = false, finished_ = false;
};

}  // namespace troupe::dialects::anthropic
