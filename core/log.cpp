#include "core/log.hpp"

#include <fmt/format.h>
#include <spdlog/async.h>
#include <spdlog/async_logger.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <atomic>
#include <cmath>
#include <memory>

#include "core/time.hpp"
#include "core/utf8.hpp"

namespace troupe::log {
namespace {

constexpr std::size_t kQueue = 8192;

struct Writer {
  std::shared_ptr<spdlog::details::thread_pool> pool;
  std::shared_ptr<spdlog::async_logger> logger;
};

Writer& writer() {
  static Writer instance;
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

void append_time(std::string& out) {
  const auto since = real_clock().wall().time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since);
  const auto millis = std::chrono::floor<std::chrono::milliseconds>(since - seconds).count();
  // The calendar part changes once a second: keep it.
  thread_local std::int64_t kept = -1;
  thread_local std::string text;
  if (kept != seconds.count()) {
    const auto at = static_cast<std::time_t>(seconds.count());
    std::tm parts{};
    gmtime_r(&at, &parts);
    text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", parts.tm_year + 1900, parts.tm_mon + 1,
                       parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
    kept = seconds.count();
  }
  fmt::format_to(std::back_inserter(out), "{}.{:03}Z", text, millis);
}

}  // namespace

void start(Level level, Format format, const std::string& path) {
  auto& w = writer();
  spdlog::sink_ptr sink;
  if (path.empty()) {
    sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  } else {
    sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(path);
  }
  w.pool = std::make_shared<spdlog::details::thread_pool>(kQueue, 1);
  w.logger = std::make_shared<spdlog::async_logger>("troupe", sink, w.pool,
                                                    spdlog::async_overflow_policy::overrun_oldest);
  w.logger->set_pattern("%v");
  w.logger->set_level(spdlog::level::trace);
  w.logger->flush_on(spdlog::level::err);
  shape = format;
  threshold = level;
}

void stop() {
  threshold = Level::off;
  auto& w = writer();
  if (w.logger) w.logger->flush();
  w.logger.reset();
  w.pool.reset();
}

std::uint64_t dropped() {
  auto& w = writer();
  return w.pool ? w.pool->overrun_counter() : 0;
}

bool enabled(Level level) {
  return level >= threshold.load(std::memory_order_relaxed);
}

void append_json_string(std::string& out, std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  out.push_back('"');
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
  line_.reserve(512);
  if (shape.load(std::memory_order_relaxed) == Format::json) {
    line_ += R"({"time":")";
    append_time(line_);
    fmt::format_to(std::back_inserter(line_), R"(","level":"{}","event":)", level_name(level));
    append_json_string(line_, name);
  } else {
    append_time(line_);
    fmt::format_to(std::back_inserter(line_), " {:5} {}", level_name(level), name);
  }
}

Event::~Event() {
  if (!on_) return;
  if (shape.load(std::memory_order_relaxed) == Format::json) line_.push_back('}');
  static constexpr spdlog::level::level_enum kMap[] = {
      spdlog::level::debug, spdlog::level::info, spdlog::level::warn, spdlog::level::err, spdlog::level::off};
  if (auto& logger = writer().logger)
    logger->log(kMap[static_cast<int>(level_)], spdlog::string_view_t(line_.data(), line_.size()));
}

namespace {

void append_key(std::string& line, std::string_view key) {
  if (shape.load(std::memory_order_relaxed) == Format::json) {
    line.push_back(',');
    append_json_string(line, key);
    line.push_back(':');
  } else {
    fmt::format_to(std::back_inserter(line), " {}=", key);
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
  fmt::format_to(std::back_inserter(line_), "{}", value);
  return *this;
}

Event& Event::real(std::string_view key, double value) {
  if (!on_) return *this;
  append_key(line_, key);
  if (std::isfinite(value)) {
    fmt::format_to(std::back_inserter(line_), "{:.6g}", value);
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
