#pragma once
// What is on its way to the disk, and what waits for it there.
#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

#include "cluster/money/messages.hpp"

namespace troupe::money {

/// Numbers writes from 1 on; the disk answers up to which number everything is safe. A value.
class Journal {
 public:
  std::uint64_t write(Write what) {
    fresh_.push_back(std::move(what));
    return ++last_;
  }
  std::uint64_t last() const { return last_; }
  std::uint64_t safe() const { return safe_; }
  /// Sent when everything written until now is safe.
  void send_when_safe(Outgoing message) { waiting_.emplace_back(last_, std::move(message)); }

  /// The disk has everything up to `number`.
  void synced(std::uint64_t number) { safe_ = std::max(safe_, number); }
  /// Messages whose time has come.
  void release(Outbox& out) {
    for (; !waiting_.empty() && waiting_.front().first <= safe_; waiting_.pop_front())
      out.push_back(std::move(waiting_.front().second));
  }
  /// What is to be written now; the newest has the number last().
  std::vector<Write> take() { return std::exchange(fresh_, {}); }

 private:
  std::vector<Write> fresh_;
  std::uint64_t last_ = 0, safe_ = 0;
  std::deque<std::pair<std::uint64_t, Outgoing>> waiting_;
};

}  // namespace troupe::money
