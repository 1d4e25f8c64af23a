#pragma once
// A streamed answer in the Responses dialect. For the .cpp files of this room and its tests.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/dialects/responses/citations.hpp"
#include "gateway/dialects/responses/items.hpp"
#include "gateway/dialects/responses/shape.hpp"

namespace troupe::dialects::responses {

/// A message item that is being written.
struct OpenMessage {
  std::size_t index = 0;
  std::string id, parts;    ///< finished parts, joined by commas
  std::size_t content = 0;  ///< index of the open part
  bool open = false, refusal = false;
  std::string text, annotations;
  std::size_t notes = 0;
  std::int64_t before = 0;  ///< bytes of the answer's text before this part
  Ruler ruler;
  std::string place;  ///< members that say where an event belongs
};

/// A reasoning item that is being written.
struct OpenThought {
  std::size_t index = 0;
  std::string id, text, place;
};

/// A call that is being written.
struct OpenCall {
  std::size_t index = 0;
  std::string id, call_id, name, signature, arguments, place, space;
  bool custom = false;
  CallItem item(std::string_view arguments_so_far) const {
    return {id, call_id, name, arguments_so_far, signature, custom, space};
  }
};

/// Writes every event in the order that Codex, openai-node and the AI SDK take: items open and close one
/// after the other, tool calls may stay open beside each other. Keeps the finished items, as the last event
/// repeats them all.
class Encoder final : public StreamEncoder {
 public:
  explicit Encoder(const Framing& framing) : shape_(framing) {}

  void begin(std::string_view id, std::string_view model, std::int64_t created) override;
  void text(std::string_view piece) override;
  void reasoning(std::string_view piece) override;
  void seal(Dialect origin, std::string_view signature, bool redacted) override;
  void refusal(std::string_view piece) override;
  void tool_begin(std::size_t ordinal, std::string_view id, std::string_view name,
                  std::string_view signature) override;
  void tool_arguments(std::size_t ordinal, std::string_view piece) override;
  void tool_end(std::size_t ordinal) override;
  void citation(const Citation& citation) override;
  void opaque(Dialect origin, std::string_view json) override;
  void usage(const Usage& usage) override { usage_ = usage; }
  void finish(Finish finish, std::string_view stop_sequence, std::string_view detail) override;
  void end() override;

  /// Ends a started stream with an `error` event and `response.failed`. Nothing after an end.
  void fail(std::string_view type, std::string_view code, std::string_view message);

 private:
  void event(std::string_view type);
  void snapshot(std::string_view type, const Moment& moment);
  void start();
  std::size_t add_item(std::string_view prefix, std::string& id);
  void item_event(std::string_view type, std::size_t index, std::string_view item);
  void whole_item(std::size_t index, std::string item);
  void sealed_item(std::string_view packed);
  OpenMessage& open_part(bool refusal);
  void close_part();
  void close_message();
  void close_thought(std::string_view packed);
  void close_call(OpenCall& call);
  void close_all();
  std::string output() const;
  std::string_view item_status() const;

  Shape shape_;
  std::optional<OpenMessage> message_;
  std::optional<OpenThought> thought_;
  std::map<std::size_t, OpenCall> calls_;  ///< open ones, by ordinal
  std::vector<std::string> items_;         ///< by output_index; "" while open
  std::optional<Usage> usage_;
  Finish finish_ = Finish::unknown;
  std::string detail_;
  std::int64_t sequence_ = 0, text_bytes_ = 0;
  bool started_ = false, over_ = false, refused_ = false;
};

}  // namespace troupe::dialects::responses
