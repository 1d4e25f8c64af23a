#pragma once
// Reads the stream of /v2/chat.
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/dialects/cohere/citations.hpp"
#include "gateway/dialects/document.hpp"
#include "gateway/dialects/events.hpp"
#include "gateway/dialects/sse.hpp"

namespace troupe::dialects::cohere {

/// Events tell their type in their data; `message-end` is the terminal one.
class Decoder final : public StreamDecoder {
 public:
  void feed(std::string_view bytes, EventSink& out) override;
  void close(EventSink& out) override;
  /// What is paid for, once the end has told it.
  const std::optional<Usage>& billed() const { return billed_; }

 private:
  void take(std::string_view data, EventSink& out);
  void take_event(std::string_view type, const doc::object& event, EventSink& out);
  void take_content(bool starts, const doc::object& event, const doc::object& message, EventSink& out);
  void take_call(bool starts, const doc::object& event, const doc::object& message, EventSink& out);
  void take_citation(const doc::object& message, EventSink& out);
  void take_end(const doc::object& delta, EventSink& out);
  void end_call(std::int64_t index, EventSink& out);
  void begin(std::string_view id, EventSink& out);
  void give_up(StreamFailure::Kind kind, std::string_view body = {});
  bool over() const { return ended || failure.has_value(); }

  SseSplitter splitter_;
  std::map<std::int64_t, std::size_t> open_;  ///< the calls being told: their index -> ordinal
  std::size_t calls_ = 0;
  Said said_;
  std::optional<Usage> billed_;
  bool begun_ = false;
};

}  // namespace troupe::dialects::cohere
