#pragma once
// Reads a streamed answer of the Responses dialect. For the .cpp files of this room and its tests.
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "gateway/dialects/document.hpp"
#include "gateway/dialects/events.hpp"
#include "gateway/dialects/responses/citations.hpp"
#include "gateway/dialects/sse.hpp"

namespace troupe::dialects::responses {

/// Takes pieces as they come; what a provider tells only whole (an item without deltas, or only the last
/// response object) is told from there. Items are known by their output_index, as some providers change ids
/// from event to event.
class Decoder final : public StreamDecoder {
 public:
  void feed(std::string_view bytes, EventSink& out) override;
  void close(EventSink& out) override;

 private:
  enum class Kind : std::uint8_t { other, call };
  enum class Thoughts : std::uint8_t { none, summary, plain };
  struct Item {
    Kind kind = Kind::other;
    bool open = false;                   ///< a call that has begun and not ended
    bool told = false;                   ///< its text or arguments came in pieces
    bool noted = false;                  ///< its annotations came by themselves
    Thoughts thoughts = Thoughts::none;  ///< which of the two spellings of a thought is taken
    std::int64_t paragraph = 0;
    std::size_t ordinal = 0;
  };

  void take(const SseFrame& frame, EventSink& out);
  void take_event(std::string_view type, const doc::object& event, EventSink& out);
  bool take_delta(std::string_view type, const doc::object& event, EventSink& out);
  void on_start(const doc::object& event, EventSink& out);
  void on_text(const doc::object& event, EventSink& out);
  void on_thought(const doc::object& event, Thoughts spelling, EventSink& out);
  void on_arguments(const doc::object& event, EventSink& out);
  void on_annotation(const doc::object& event, EventSink& out);
  void on_added(const doc::object& event, EventSink& out);
  void on_done(const doc::object& event, EventSink& out);
  void on_end(std::string_view status, const doc::object& event, EventSink& out);
  void on_failed(const doc::object& event, EventSink& out);

  void finish_item(Item& item, const doc::object& from, EventSink& out);
  void finish_message(Item& item, const doc::object& from, EventSink& out);
  std::int64_t finish_text(const Item& item, const doc::object& part, std::int64_t at, EventSink& out);
  void finish_thought(const Item& item, const doc::object& from, EventSink& out);
  void finish_call(Item& item, const doc::object& from, EventSink& out);

  Item& item(const doc::object& event);
  void begin(EventSink& out);
  void begin_call(Item& item, const doc::object& from, EventSink& out);
  void place(std::int64_t output, std::int64_t content);
  void tell_text(std::string_view piece, EventSink& out);
  void note(const doc::object& annotation, const Place& where, Ruler& ruler, EventSink& out);
  void give_up(StreamFailure::Kind kind, std::string body = {});

  SseSplitter splitter_;
  std::map<std::int64_t, Item> items_;  ///< by output_index
  std::size_t calls_ = 0;
  bool begun_ = false;
  std::int64_t output_ = -1, content_ = -1;  ///< the text that is being told
  std::string text_;
  std::int64_t before_ = 0;  ///< bytes of the texts before it
  Ruler ruler_;
};

}  // namespace troupe::dialects::responses
