#pragma once
// Is the peer still there, and how far away is it?
#include <cstdint>
#include <optional>

#include "core/time.hpp"

namespace troupe::link {

struct Rhythm {
  Duration heartbeat =
      std::chrono::milliseconds(500);          ///< a ping each; more often costs 60 bytes and a wake-up
  Duration silence = std::chrono::seconds(3);  ///< nothing heard for that long: the connection is given up
};

/// Liveness of one connection. A value: time comes in.
class Pulse {
 public:
  Pulse(Rhythm rhythm, Time now) : rhythm_(rhythm), heard_(now), turned_(now) {}

  /// Any byte came.
  void heard(Time now) { heard_ = now; }
  /// True once per heartbeat; the caller sends a ping that carries `now`.
  bool ping_due(Time now);
  /// The answer to the ping of `sent`. Answers to pings that were never sent are ignored: false.
  bool pong(Time sent, Time now);
  bool silent(Time now) const { return now - heard_ >= rhythm_.silence; }
  /// Two heartbeats long nothing was heard: in doubt, a new connection is the better one.
  bool quiet(Time now) const { return now - heard_ >= 2 * rhythm_.heartbeat; }
  /// Smoothed as RFC 6298 has it (an eighth of each new sample); nullopt before the first answer.
  std::optional<Duration> round_trip() const { return smooth_; }
  /// The longest of the last one to two minutes; zero before the first answer.
  Duration round_trip_max(Time now) const;

 private:
  void turn(Time now);

  Rhythm rhythm_;
  Time heard_, turned_;
  std::optional<Time> first_ping_, last_ping_;
  std::optional<Duration> smooth_;
  Duration max_now_{}, max_before_{};
};

}  // namespace troupe::link
