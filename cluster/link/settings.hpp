#pragma once
// What the link must be told.
#include <cstddef>
#include <cstdint>
#include <string>

#include "cluster/link/outbox.hpp"
#include "cluster/link/pulse.hpp"
#include "cluster/link/tls.hpp"
#include "core/time.hpp"

namespace troupe::link {

struct Limits {
  Duration connect = std::chrono::seconds(3);    ///< name and TCP together
  Duration handshake = std::chrono::seconds(3);  ///< TLS
  Duration hello = std::chrono::seconds(3);      ///< until the peer has said who it is
  Duration farewell = std::chrono::seconds(1);   ///< for a goodbye to reach the peer
  Rhythm rhythm;
  Duration backoff = std::chrono::milliseconds(100);
  /// Between two dials of a peer. Longer: a healed partition finds itself, and a revoked key is refused
  /// everywhere, later; shorter: more dials for nodes that are gone.
  Duration backoff_max = std::chrono::seconds(1);
  OutboxLimits outbox;          ///< of each peer
  std::size_t strangers = 128;  ///< inbound connections that have not said hello; one more ends the oldest
  Duration tick =
      std::chrono::milliseconds(50);  ///< how late a deadline may be noticed; zero: the owner ticks
};

struct Settings {
  std::string cluster;            ///< nodes of another cluster are refused
  std::string node;               ///< this node's name; the certificate must have it
  std::uint64_t incarnation = 0;  ///< higher after each restart of this node
  std::string listen;             ///< "host:port"; port 0 takes a free one
  std::string advertise;          ///< what others shall dial; empty: the address that is listened on
  TlsFiles tls;
  Limits limits;
};

}  // namespace troupe::link
