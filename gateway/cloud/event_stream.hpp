#pragma once
// AWS event stream framing (application/vnd.amazon.eventstream): lengths, CRC, typed headers, payload, CRC.
// Source: smithy.io/2.0/aws/amazon-eventstream.html.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/cloud/event_headers.hpp"

namespace troupe::cloud {

/// A frame; views stay valid until the decoder's next push() or next().
struct EventFrame {
  std::string_view message_type;  ///< :message-type: "event", "exception" or "error"
  std::string_view type;          ///< :event-type, :exception-type or :error-code
  std::string_view message;       ///< :error-message, of an "error"
  std::string_view content_type;
  std::string_view payload;
  std::string_view headers;  ///< the whole block; read_event_headers() takes it apart
};

/// Why a stream cannot be read on. Nothing after it can be trusted: frames have no other mark of their begin.
enum class EventStreamProblem : std::uint8_t {
  too_short,          ///< a length smaller than what every frame has
  too_long,           ///< over kLargestEventFrame
  headers_too_long,   ///< over kLargestEventHeaders, or longer than the frame
  prelude_corrupt,    ///< the first CRC
  frame_corrupt,      ///< the second CRC
  headers_malformed,  ///< an unknown type, or a value over the end
};
std::string_view name(EventStreamProblem problem);

inline constexpr std::size_t kLargestEventFrame = 16 << 20;
inline constexpr std::size_t kLargestEventHeaders = 128 << 10;

/// Fed with bytes in any pieces. Holds at most one unfinished frame and the piece that was pushed last.
class EventStreamDecoder {
 public:
  void push(std::string_view bytes);
  /// The next whole frame; nullopt when more bytes are needed or after a problem.
  std::optional<EventFrame> next();
  const std::optional<EventStreamProblem>& problem() const { return problem_; }
  /// No frame has begun: the stream may end here.
  bool at_boundary() const { return !problem_ && begin_ == buffer_.size(); }

 private:
  bool prelude_good(std::string_view bytes);
  std::optional<EventFrame> fail(EventStreamProblem problem);

  std::string buffer_;
  std::size_t begin_ = 0;
  std::size_t frame_ = 0;  ///< length of the frame at begin_ once its prelude was checked
  std::optional<EventStreamProblem> problem_;
};

/// A frame with these headers; for mocks and tests.
std::string encode_event_frame(const std::vector<EventHeader>& headers, std::string_view payload);
/// An event as AWS' services write it: :event-type, :content-type, :message-type.
std::string encode_event(std::string_view type, std::string_view payload,
                         std::string_view content_type = "application/json");
/// An exception: :exception-type, :content-type, :message-type.
std::string encode_event_exception(std::string_view type, std::string_view payload);

}  // namespace troupe::cloud
