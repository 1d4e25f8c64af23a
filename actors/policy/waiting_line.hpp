#pragma once
// Requests that wait for one model's capacity: first come, first served, bounded.
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

namespace troupe::policy {

/// Ids in order of arrival; the head alone may ask the router. Not thread-safe.
class WaitingLine {
 public:
  explicit WaitingLine(std::size_t max_length) : max_length_(max_length) {}

  /// False when the line is full or `id` is in it already.
  bool join(std::uint64_t id);
  /// Takes `id` out, wherever it stands. True when that made another one the head: tell it.
  bool leave(std::uint64_t id);

  std::optional<std::uint64_t> head() const;
  /// 0 = head.
  std::optional<std::size_t> position(std::uint64_t id) const;
  std::size_t size() const { return ids_.size(); }
  bool empty() const { return ids_.empty(); }
  std::size_t max_length() const { return max_length_; }
  /// Those who are in stay in, also when it shrinks.
  void set_max_length(std::size_t max_length) { max_length_ = max_length; }

 private:
  std::size_t max_length_;
  std::deque<std::uint64_t> ids_;
};

}  // namespace troupe::policy
