#pragma once
// What other threads touch: the outboxes, and a copy of the figures.
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "cluster/link/outbox.hpp"
#include "cluster/link/stats.hpp"

namespace troupe::link {

/// Thread-safe; one lock, held for a move of a string.
class Board {
 public:
  explicit Board(OutboxLimits limits) : limits_(limits) {}

  void enlist(const std::string& peer);
  /// What waits is gone with the peer.
  void strike(const std::string& peer);
  /// Drops what waits, counted.
  void clear(const std::string& peer);

  enum class Posted : std::uint8_t {
    refused,  ///< no such peer, or larger than a frame or an outbox
    kept,
    wake,  ///< kept, and the link must be told: nobody has asked for a flush yet
  };
  Posted post(std::string_view peer, Slot slot, std::string payload);
  /// The same for a message of the line that others come before: refused where the outbox is half full.
  Posted offer(std::string_view peer, std::string payload);
  /// Peers that got messages since the last call.
  std::vector<std::string> fresh();
  /// Appends data frames to `batch` until it has `enough` bytes. Returns how many.
  std::size_t take(const std::string& peer, std::string& batch, std::size_t enough);

  /// The figures of all peers, without those of the outboxes.
  void publish(std::vector<PeerStats> peers, RefusedStats refused);
  std::vector<PeerStats> peers() const;
  RefusedStats refused() const;

 private:
  struct Box {
    Outbox outbox;
    bool fresh = false;
  };
  Posted put(Box& box, Slot slot, std::string payload);

  OutboxLimits limits_;
  mutable std::mutex lock_;
  std::map<std::string, Box, std::less<>> boxes_;
  bool woken_ = false;
  std::vector<PeerStats> published_;
  RefusedStats refused_;
};

}  // namespace troupe::link
