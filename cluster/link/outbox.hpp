#pragma once
// What waits for one peer: bounded, whatever the peer does.
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>

namespace troupe::link {

/// Which place a message waits in: kQueue is a line, any other number holds the latest state only.
using Slot = std::uint64_t;
inline constexpr Slot kQueue = 0;

struct OutboxLimits {
  std::size_t messages = 4096;               ///< in the line; the oldest goes
  std::size_t bytes = std::size_t{8} << 20;  ///< line and states together, 64 bytes counted on top of each
};

/// Messages leave in the order in which they came; a state that was replaced keeps its predecessor's place,
/// so that frequent news do not put themselves off forever. Where there is no room the oldest of the line go
/// first, then the oldest states. A value: no lock, no clock.
class Outbox {
 public:
  explicit Outbox(OutboxLimits limits = {});

  /// False (and counted as dropped) when the message alone is larger than the limit.
  bool push(Slot slot, std::string bytes);
  /// Whether one more message of that size would leave half of the room to others.
  bool roomy(std::size_t size) const;
  /// The message whose turn it is; nullopt when nothing waits.
  std::optional<std::string> pop();
  /// Drops and counts everything.
  void clear();

  bool empty() const { return line_.empty() && states_.empty(); }
  std::size_t size() const { return line_.size() + states_.size(); }
  /// As the limit counts them.
  std::size_t bytes() const { return bytes_; }
  /// Messages that were given up; a state that a newer one replaced is not among them.
  std::uint64_t dropped() const { return dropped_; }

 private:
  struct Queued {
    std::uint64_t turn;
    std::string bytes;
  };
  struct State {
    Slot slot;
    std::string bytes;
  };

  void make_room(std::size_t need);
  std::string take_line();
  std::string take_state();

  OutboxLimits limits_;
  std::deque<Queued> line_;
  std::map<std::uint64_t, State> states_;            // by turn
  std::unordered_map<Slot, std::uint64_t> turn_of_;  // of each slot that waits
  std::uint64_t next_turn_ = 0, dropped_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace troupe::link
