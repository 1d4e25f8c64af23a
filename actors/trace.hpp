#pragma once
// What an actor remembers about its own work. A value: time is an argument.
#include <cstdint>
#include <string>
#include <typeinfo>

#include "core/time.hpp"

namespace troupe::actors {

/// Counts every message and times one in sixteen, so that tracing costs a few nanoseconds per message. Rates
/// fade with a time constant of one minute.
class Trace {
 public:
  static constexpr std::uint64_t kSampleEvery = 16;

  explicit Trace(Time born) : born_(born), faded_(born) {}

  /// One more message of `type` (nullptr: a built-in one). True when this one should be timed.
  bool count(const std::type_info* type) {
    last_ = type;
    return messages_++ % kSampleEvery == 0;
  }
  /// A timed message took `busy` and ended `now`, while `mailbox` others waited.
  void sample(Duration busy, std::uint64_t mailbox, Time now);

  std::uint64_t messages() const { return messages_; }
  std::uint64_t mailbox_max() const { return mailbox_max_; }
  /// Messages per second, over about a minute.
  double rate(Time now);
  /// Share of a thread in percent, over about a minute.
  double busy_percent(Time now);
  double age_seconds(Time now) const { return std::chrono::duration<double>(now - born_).count(); }
  /// "Acquire"; empty before the first message.
  std::string last_message() const;

 private:
  void fade(Time now);
  double span(Time now) const;

  Time born_, faded_;
  std::uint64_t messages_ = 0, counted_ = 0, mailbox_max_ = 0;
  double recent_messages_ = 0, recent_busy_s_ = 0;
  const std::type_info* last_ = nullptr;
};

}  // namespace troupe::actors
