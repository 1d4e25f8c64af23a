#include "core/log.hpp"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <atomic>
#include <charconv>
#include <cmath>
#include <cstring>
#include <memory>

#include "core/log_writer.hpp"
#include "core/time.hpp"
#include "core/utf8.hpp"

namespace troupe::log {
namespace {

std::unique_ptr<Writer>& writer() {
  static std::unique_ptr<Writer> instance;
  return instance;
}

std::atomic<Level> threshold{Level::off};
std::atomic<Format> shape{Format::json};

std::string_view level_name(Level level) {
  switch (level) {
    case Level::debug:
      return "debug";
    case Level::info:
      return "info";
    case Level::warn:
      return "warn";
    case Level::error:
      return "error";
    case Level::off:
      break;
  }
  return "off";
}

template <class... Format>
void append_number(std::string& out, auto value, Format... format) {
  char text[32];
  out.append(text, std::to_chars(text, text + sizeof text, value, format...).ptr);
}

void append_time(std::string& out) {
  const auto since = real_clock().wall().time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since);
  const auto millis = std::chrono::floor<std::chrono::milliseconds>(since - seconds).count();
  // The calendar part changes once a second: keep it.
  thread_local std::int64_t kept = -1;
  thread_local char text[32];
  thread_local std::size_t length = 0;
  if (kept != seconds.count()) {
    const auto at = static_cast<std::time_t>(seconds.count());
    std::tm parts{};
    gmtime_r(&at, &parts);
    length = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
    kept = seconds.count();
  }
  out.append(text, length).push_back('.');
  out.push_back(static_cast<char>('0' + millis / 100));
  out.push_back(static_cast<char>('0' + millis / 10 % 10));
  out.push_back(static_cast<char>('0' + millis % 10));
  out.push_back('Z');
}

/// ASCII that needs no escape: nearly every field of nearly every line. Eight bytes at a time; the sums carry
/// into a byte's top bit exactly when it is a control character, a quote or a backslash, or above ASCII.
bool plain(std::string_view text) {
  constexpr std::uint64_t kOnes = 0x0101010101010101ULL, kTops = 0x8080808080808080ULL;
  const auto zero = [](std::uint64_t x) { return (x - kOnes) & ~x & kTops; };
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, 8);
    const auto control = (word - kOnes * 0x20) & ~word & kTops;
    if (((word & kTops) | control | zero(word ^ kOnes * '"') | zero(word ^ kOnes * '\\')) != 0) return false;
  }
  for (; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x20 || byte >= 0x80 || byte == '"' || byte == '\\') return false;
  }
  return true;
}

/// Buffers of lines that were written: a line costs no allocation once its thread has written one.
thread_local std::string spare;

}  // namespace

void start(Level level, Format format, const std::string& path) {
  spdlog::sink_ptr sink;
  if (path.empty()) {
    sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  } else {
    sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(path);
  }
  writer() = std::make_unique<Writer>(std::move(sink));
  shape = format;
  threshold = level;
}

void stop() {
  threshold = Level::off;
  writer().reset();
}

std::uint64_t dropped() {
  return writer() ? writer()->dropped() : 0;
}

bool enabled(Level level) {
  return level >= threshold.load(std::memory_order_relaxed);
}

void append_json_string(std::string& out, std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  out.push_back('"');
  if (plain(text)) {
    out.append(text).push_back('"');
    return;
  }
  std::string repaired;
  if (!valid_utf8(text)) {
    repaired = repair_utf8(text);
    text = repaired;
  }
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (byte < 0x20) {
      out += "\\u00";
      out.push_back(kHex[byte >> 4]);
      out.push_back(kHex[byte & 15]);
    } else {
      out.push_back(c);
    }
  }
  out.push_back('"');
}

Event::Event(Level level, std::string_view name) : on_(enabled(level)), level_(level) {
  if (!on_) return;
  line_.swap(spare);
  line_.clear();
  line_.reserve(1024);
  if (shape.load(std::memory_order_relaxed) == Format::json) {
    line_ += R"({"time":")";
    append_time(line_);
    line_.append(R"(","level":")").append(level_name(level)).append(R"(","event":)");
    append_json_string(line_, name);
  } else {
    append_time(line_);
    line_.append(" ").append(level_name(level)).append(5 - level_name(level).size(), ' ');
    line_.append(" ").append(name);
  }
}

Event::~Event() {
  if (!on_) return;
  if (shape.load(std::memory_order_relaxed) == Format::json) line_.push_back('}');
  if (auto& all = writer()) all->put(line_, level_ >= Level::warn);
  line_.swap(spare);
}

namespace {

/// Keys are words of ours: nothing in them needs an escape.
void append_key(std::string& line, std::string_view key) {
  if (shape.load(std::memory_order_relaxed) == Format::json) {
    line.append(",\"").append(key).append("\":");
  } else {
    line.append(" ").append(key).append("=");
  }
}

}  // namespace

Event& Event::text(std::string_view key, std::string_view value) {
  if (!on_) return *this;
  append_key(line_, key);
  append_json_string(line_, value);
  return *this;
}

Event& Event::number(std::string_view key, std::int64_t value) {
  if (!on_) return *this;
  append_key(line_, key);
  append_number(line_, value);
  return *this;
}

Event& Event::real(std::string_view key, double value) {
  if (!on_) return *this;
  append_key(line_, key);
  if (std::isfinite(value)) {
    append_number(line_, value, std::chars_format::general, 6);
  } else {
    line_ += "null";
  }
  return *this;
}

Event& Event::flag(std::string_view key, bool value) {
  if (!on_) return *this;
  append_key(line_, key);
  line_ += value ? "true" : "false";
  return *this;
}

}  // namespace troupe::log
