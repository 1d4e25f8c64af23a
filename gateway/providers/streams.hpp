#pragma once
// Streams of any dialect for the attempt that relays them: spliced, or translated by way of events.
#include <memory>

#include "gateway/dialects/events.hpp"
#include "gateway/dialects/sse.hpp"
#include "gateway/providers/adapter.hpp"

namespace troupe::providers {

/// Counts what passes, and passes it on to `next` where there is one.
class Meter final : public dialects::EventSink {
 public:
  Meter(StreamReader& into, dialects::EventSink* next) : into_(into), next_(next) {}

  void begin(std::string_view id, std::string_view model, std::int64_t created) override;
  void text(std::string_view piece) override;
  void reasoning(std::string_view piece) override;
  void seal(dialects::Dialect origin, std::string_view signature, bool redacted) override;
  void refusal(std::string_view piece) override;
  void tool_begin(std::size_t ordinal, std::string_view id, std::string_view name,
                  std::string_view signature) override;
  void tool_arguments(std::size_t ordinal, std::string_view piece) override;
  void tool_end(std::size_t ordinal) override;
  void citation(const dialects::Citation& citation) override;
  void opaque(dialects::Dialect origin, std::string_view json) override;
  void usage(const Usage& usage) override;
  void finish(dialects::Finish finish, std::string_view stop_sequence, std::string_view detail) override;
  void end() override;

 private:
  void relayed(std::size_t bytes) {
    into_.output_bytes += static_cast<std::int64_t>(bytes);
    into_.content_started = true;
  }
  StreamReader& into_;
  dialects::EventSink* next_;
};

/// The provider's events, told again in the caller's dialect.
class TranslatedStream final : public StreamReader {
 public:
  /// `caller` is what `encoder` writes.
  TranslatedStream(std::unique_ptr<dialects::StreamDecoder> decoder,
                   std::unique_ptr<dialects::StreamEncoder> encoder, dialects::Dialect caller);
  void feed(std::string_view bytes, std::string& out) override;
  void close(std::string& out) override;
  void fail(const dialects::ErrorReport& report, std::string& out) override;

 private:
  void look(std::string& out);
  std::unique_ptr<dialects::StreamDecoder> decoder_;
  std::unique_ptr<dialects::StreamEncoder> encoder_;
  dialects::Dialect caller_;
  Meter meter_;
};

/// Server-sent events relayed frame by frame as they came; only their meaning is looked at.
class SplicedStream final : public StreamReader {
 public:
  SplicedStream(std::unique_ptr<dialects::StreamDecoder> decoder, dialects::Dialect both,
                dialects::Framing framing);
  void feed(std::string_view bytes, std::string& out) override;
  void close(std::string& out) override;
  void fail(const dialects::ErrorReport& report, std::string& out) override;

 private:
  void take(const dialects::SseFrame& frame, std::string& out);
  std::unique_ptr<dialects::StreamDecoder> decoder_;
  dialects::SseSplitter splitter_;
  dialects::Dialect both_;
  dialects::Framing framing_;
  std::int64_t frames_ = 0;
  Meter meter_;
};

/// A frame without comments and with LF line ends, as it should have come.
void append_frame(const dialects::SseFrame& frame, std::string& out);

}  // namespace troupe::providers
