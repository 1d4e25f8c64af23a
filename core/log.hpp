#pragma once
// The log: one event name plus fields, one JSON object (or one text line) per event. Never prompt text, never
// a secret.
#include <cstdint>
#include <string>
#include <string_view>

namespace troupe::log {

enum class Level : std::uint8_t { debug, info, warn, error, off };
enum class Format : std::uint8_t { json, text };

/// Starts the background writer (stderr by default, or the file at `path`). Call once, before threads start.
/// Lines are written in batches, at most 20 ms late; warnings and errors at once. When 8 MiB wait to be
/// written, what comes is dropped and counted (see dropped()).
void start(Level level, Format format, const std::string& path = {});
/// Writes what waits and stops the writer; when no other thread logs any more.
void stop();
std::uint64_t dropped();
bool enabled(Level level);

/// Collects the fields of one event; written when it goes out of scope. Costs nothing when the level is off.
class Event {
 public:
  Event(Level level, std::string_view name);
  ~Event();
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;

  Event& text(std::string_view key, std::string_view value);
  Event& number(std::string_view key, std::int64_t value);
  Event& real(std::string_view key, double value);
  Event& flag(std::string_view key, bool value);

 private:
  bool on_;
  Level level_;
  std::string line_;
};

inline Event info(std::string_view name) {
  return Event(Level::info, name);
}
inline Event warn(std::string_view name) {
  return Event(Level::warn, name);
}
inline Event error(std::string_view name) {
  return Event(Level::error, name);
}

/// Appends `text` as a JSON string with quotes; invalid UTF-8 becomes U+FFFD.
void append_json_string(std::string& out, std::string_view text);

}  // namespace troupe::log
