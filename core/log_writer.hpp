#pragma once
// Takes finished lines from any thread and writes them from one of its own, many at a time.
#include <spdlog/sinks/sink.h>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "core/time.hpp"

namespace troupe::log {

/// A thread that is woken for each line costs more than the line: after each batch the writer lets lines
/// gather for a moment, so that a busy node wakes it at most fifty times a second. The first line after a
/// pause, and urgent ones, are written at once.
class Writer {
 public:
  static constexpr Duration kGather = std::chrono::milliseconds(20);
  /// Bytes that may wait to be written; what comes when they are full is dropped and counted.
  static constexpr std::size_t kMost = 8 << 20;

  explicit Writer(std::shared_ptr<spdlog::sinks::sink> sink, std::size_t most = kMost);
  /// Writes what waits, then ends.
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// `line` without its end. Any thread; never waits for the disk.
  void put(std::string_view line, bool urgent);
  std::uint64_t dropped() const;

 private:
  void run();
  void write(const std::string& batch);

  const std::shared_ptr<spdlog::sinks::sink> sink_;
  const std::size_t most_;
  mutable std::mutex mutex_;
  std::condition_variable news_;
  std::string waiting_;  ///< whole lines
  std::uint64_t dropped_ = 0;
  bool listening_ = false;  ///< the thread waits for a line, and must be told of it
  bool urgent_ = false, stopping_ = false;
  std::thread thread_;
};

}  // namespace troupe::log
