#pragma once
// What is seen of the link: for metrics, the admin port and tests.
#include <cstdint>
#include <optional>
#include <string>

#include "cluster/link/clock_rate.hpp"
#include "core/time.hpp"

namespace troupe::link {

enum class State : std::uint8_t {
  waiting,     ///< for the next dial, or for the peer to dial
  connecting,  ///< name, TCP, TLS and hello
  up,
};

/// Of one peer. Counters run since the peer is known to this process.
struct PeerStats {
  std::string name;
  std::string address;  ///< that is dialled, or that an unlisted peer advertises
  State state = State::waiting;
  bool dialled = false;             ///< up, and by us
  std::uint64_t incarnation = 0;    ///< last seen; 0 before the first hello
  Duration round_trip{};            ///< smoothed; zero while not known
  Duration round_trip_max{};        ///< of the last one to two minutes of this connection
  std::optional<RateBounds> clock;  ///< of its clock's rate beside ours; nullopt while not known
  double clock_error = 0;           ///< ratio: the largest that is proven of the last three minutes
  std::uint64_t bytes_in = 0, bytes_out = 0, frames_in = 0, frames_out = 0;  ///< heartbeats included
  std::uint64_t times_up = 0;
  std::size_t queued = 0, queued_bytes = 0;  ///< in the outbox now
  std::uint64_t dropped = 0;                 ///< messages that the outbox gave up
  std::string last_error;                    ///< why the last dial or connection ended
};

/// Of inbound connections that never became a peer's.
struct RefusedStats {
  std::uint64_t count = 0;
  std::string last;  ///< why
};

}  // namespace troupe::link
