#pragma once
// The typed headers of an AWS event stream frame.
// Source: docs.aws.amazon.com/transcribe/latest/dg/event-stream.html and smithy.io's event stream
// specification.
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace troupe::cloud {

struct Blob {
  std::string bytes;
  friend bool operator==(const Blob&, const Blob&) = default;
};
/// Milliseconds since 1970, UTC.
struct EventTime {
  std::int64_t millis = 0;
  friend bool operator==(const EventTime&, const EventTime&) = default;
};
struct Uuid {
  std::array<char, 16> bytes{};
  friend bool operator==(const Uuid&, const Uuid&) = default;
};

using EventValue = std::variant<bool, std::int8_t, std::int16_t, std::int32_t, std::int64_t, Blob,
                                std::string, EventTime, Uuid>;

struct EventHeader {
  std::string name;  ///< 1 to 255 bytes
  EventValue value;
  friend bool operator==(const EventHeader&, const EventHeader&) = default;
};

/// The numbers of the types on the wire.
enum class EventValueType : std::uint8_t {
  yes,
  no,
  byte,
  int16,
  int32,
  int64,
  blob,
  text,
  time,
  uuid,
};

/// Walks over a header block without copying. next() answers nullopt at its end or where it is malformed.
class EventHeaderWalk {
 public:
  explicit EventHeaderWalk(std::string_view block) : left_(block) {}

  struct Item {
    std::string_view name;
    EventValueType type;
    std::string_view value;  ///< its bytes, without a length
  };
  std::optional<Item> next();
  bool malformed() const { return malformed_; }

 private:
  std::optional<std::size_t> value_size(EventValueType type);
  std::string_view take(std::size_t size);

  std::string_view left_;
  bool malformed_ = false;
};

/// All headers of a block, typed; nullopt when it is malformed.
std::optional<std::vector<EventHeader>> read_event_headers(std::string_view block);

/// Appends one header in wire form. A name over 255 bytes or a value over 65535 is cut there.
void append_event_header(std::string& block, const EventHeader& header);

}  // namespace troupe::cloud
