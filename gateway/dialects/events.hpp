#pragma once
// A streamed answer as events, and the two halves of a translation: a decoder tells a sink what a provider's
// bytes mean, an encoder is a sink that writes a client's dialect.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/units.hpp"
#include "gateway/dialects/reply.hpp"

namespace troupe::dialects {

/// Hears one answer. Views hold only during the call. The order is: begin once; pieces of any kind; finish
/// once; end once. Usage may come at any time before end, and is cumulative.
class EventSink {
 public:
  virtual ~EventSink() = default;
  virtual void begin(std::string_view id, std::string_view model, std::int64_t created) = 0;
  virtual void text(std::string_view piece) = 0;
  virtual void reasoning(std::string_view piece) = 0;
  /// The seal of the reasoning before it, whole; `redacted`: of a block that has no text.
  virtual void seal(Dialect origin, std::string_view signature, bool redacted) = 0;
  virtual void refusal(std::string_view piece) = 0;
  /// `ordinal` counts the tool calls of the answer from 0. Arguments come in pieces of JSON text.
  virtual void tool_begin(std::size_t ordinal, std::string_view id, std::string_view name,
                          std::string_view signature) = 0;
  virtual void tool_arguments(std::size_t ordinal, std::string_view piece) = 0;
  virtual void tool_end(std::size_t ordinal) = 0;
  /// Rests on the text so far.
  virtual void citation(const Citation& citation) = 0;
  /// A piece that only `origin` knows, as a JSON object.
  virtual void opaque(Dialect origin, std::string_view json) = 0;
  virtual void usage(const Usage& usage) = 0;
  virtual void finish(Finish finish, std::string_view stop_sequence, std::string_view detail) = 0;
  /// The provider's terminal event: nothing follows, and the answer is whole.
  virtual void end() = 0;
};

/// Why a stream can not be read any further.
struct StreamFailure {
  enum class Kind : std::uint8_t {
    error,      ///< the provider sent an error event: `body` is its JSON
    malformed,  ///< a frame that is none
    cut,        ///< closed before its terminal event
  };
  Kind kind = Kind::cut;
  std::string body;
  int status = 0;  ///< where the framing names one (AWS exceptions); 0 = none
};

/// Fed with a provider's bytes in any pieces. After `ended` or a failure it ignores the rest.
class StreamDecoder {
 public:
  virtual ~StreamDecoder() = default;
  virtual void feed(std::string_view bytes, EventSink& out) = 0;
  /// The provider closed cleanly. Where its dialect has no terminal event, this is the end of a finished
  /// answer; else a failure `cut`.
  virtual void close(EventSink& out) = 0;

  bool ended = false;
  std::optional<StreamFailure> failure;
};

/// What an encoder says of the answer beside what the provider said.
struct Framing {
  std::string id;            ///< used where the provider gives none, or none that fits
  std::string model;         ///< likewise
  std::int64_t created = 0;  ///< seconds since 1970
  bool include_usage = false;
  const Conversation* asked = nullptr;  ///< for dialects that repeat the question (Responses); may be null
  Tokens input_estimate{0};  ///< of the question, told by dialects that begin with it; 0 = not known
};

/// Writes a client's dialect: appends whole frames to `out`. Owns nothing of what it hears.
class StreamEncoder : public EventSink {
 public:
  std::string out;
};

}  // namespace troupe::dialects
