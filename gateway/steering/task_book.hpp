#pragma once
// What somebody else said of texts, and whether to ask him again.
#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <unordered_map>

#include "core/time.hpp"

namespace troupe::steering {

/// Answers of a classifier elsewhere, by hash of model and text: the kMost latest, for kKept each. After
/// kFailures in a row it is not asked for a second, then two, up to a minute, so that a dead service costs
/// its timeout a few times and not every request. Keeps no text. A value; not thread-safe.
class TaskBook {
 public:
  static constexpr std::size_t kMost = 4096;
  static constexpr Duration kKept = std::chrono::minutes(10);
  static constexpr int kFailures = 3;
  static constexpr Duration kPause = std::chrono::seconds(1), kLongestPause = std::chrono::minutes(1);

  static std::uint64_t number(const std::string& model, const std::string& text);

  /// nullopt: not known.
  std::optional<std::string> known(std::uint64_t number, Time now) const;
  bool may_ask(Time now) const { return now >= paused_until_; }
  void answered(std::uint64_t number, std::string task, Time now);
  /// No answer in time, or none that can be used.
  void failed(Time now);
  /// Another service, or other tasks.
  void forget();
  std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    std::uint64_t number = 0;
    std::string task;
    Time until{};
  };
  std::list<Entry> entries_;  ///< newest first
  std::unordered_map<std::uint64_t, std::list<Entry>::iterator> index_;
  int failures_ = 0;
  Duration pause_{0};
  Time paused_until_ = Time::min();
};

}  // namespace troupe::steering
