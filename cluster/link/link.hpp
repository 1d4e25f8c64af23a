#pragma once
// The link between nodes: named peers, messages to them, and who is there. No protocol knowledge.
//
// What it promises: a message arrives at most once, whole, and from the node whose name it carries. Messages
// of one connection arrive in order, but for states that a newer one replaced. It does not promise that a
// message arrives: a connection that breaks takes with it what was on the way. Every memory that a peer can
// fill is bounded, and no peer delays another.
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cluster/link/frame.hpp"
#include "cluster/link/settings.hpp"
#include "cluster/link/stats.hpp"
#include "core/random.hpp"
#include "core/result.hpp"

namespace troupe::link {

/// A node to stay connected with.
struct Endpoint {
  std::string name;     ///< as its certificate has it
  std::string address;  ///< "host:port"; a host name is looked up at each dial. Empty: only the peer dials
};

/// Called on the I/O thread; may call any function of the link. Any may be empty.
struct Callbacks {
  /// The view is valid during the call. `incarnation` is the sender's.
  std::function<void(const std::string& peer, std::uint64_t incarnation, std::string_view payload)> on_frame;
  std::function<void(const std::string& peer, const Hello& hello)> on_up;
  /// Once after each on_up, but not after stop().
  std::function<void(const std::string& peer, const std::string& reason)> on_down;
  /// A good certificate with a name that is not among the peers: may it stay? Empty: no. It leaves the
  /// figures and loses its outbox when its connection ends.
  std::function<bool(const std::string& name)> may_join;
};

class Hub;

/// Lives on one io_context that one thread runs; the functions may be called from any thread. Destroy it on
/// that thread, or after the thread has ended.
class Link {
 public:
  /// Reads the TLS files, listens and begins to serve. `clock` outlives the link; `random` gives the nonce
  /// and the jitter.
  static Result<std::unique_ptr<Link>> start(boost::asio::io_context& io, const Settings& settings,
                                             Callbacks callbacks, const Clock& clock, Random random);
  ~Link();
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  /// Who shall be connected from now on; this node's own name is left out. Peers that are no longer listed
  /// are told goodbye, unless may_join wants them.
  void set_peers(std::vector<Endpoint> peers);
  /// Addresses where any node may answer, whatever its name: dialled while no peer is connected. Once.
  void set_seeds(std::vector<std::string> addresses);
  /// Puts a message into the peer's outbox: kQueue is a bounded line, any other slot keeps the latest only.
  /// False when there is no such peer or the message is larger than kPayloadMax. What waits for a peer that
  /// is away stays, within the limits, until another process with that name comes up.
  bool send(std::string_view peer, Slot slot, std::string payload);
  /// The same for a message that can be done without: false where the peer's outbox is half full.
  bool offer(std::string_view peer, std::string payload);
  /// Reads the TLS files again, in the calling thread; connections to come use them. On failure nothing
  /// changes.
  Result<void> reload(const TlsFiles& files);
  /// Says goodbye to everyone, dials and accepts no more, calls back no more. The last connection ends within
  /// Limits::farewell, where the io_context still runs.
  void stop();

  /// The address that is listened on, with the real port.
  const std::string& address() const;
  /// As of the last tick, by name; the outbox' figures are of now.
  std::vector<PeerStats> peers() const;
  RefusedStats refused() const;

  /// Looks at every deadline; on the I/O thread, for owners that set Limits::tick to zero.
  void tick();

 private:
  explicit Link(std::shared_ptr<Hub> hub);
  std::shared_ptr<Hub> hub_;
};

}  // namespace troupe::link
