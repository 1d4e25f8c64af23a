#pragma once
// Nodes, certificates and strangers on one io_context, with a clock that stands still.
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "cluster/link/certs.hpp"
#include "cluster/link/link.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/manual_clock.hpp"

namespace troupe::link::testing {

using troupe::testing::Folder;

/// One authority with as many nodes as one asks for.
class Authority {
 public:
  Authority();
  /// The files of a node, made on the first call. `life` is counted from now; negative: expired long ago.
  TlsFiles files(const std::string& name, Duration life = std::chrono::hours(1));

 private:
  Folder folder_;
};

struct Node {
  std::unique_ptr<Link> link;
  std::vector<std::string> ups, downs;  ///< "name" and "name: reason"
  std::vector<std::string> got;         ///< "name: payload"
  std::vector<std::string> may_join;
  Hello last_hello;
  bool holds(const std::string& peer) const;  ///< up and not down since
  PeerStats stats(const std::string& peer) const;
};

/// A client that is no node: speaks whatever it is told to.
struct Stranger : std::enable_shared_from_this<Stranger> {
  Stranger(boost::asio::io_context& io, std::shared_ptr<boost::asio::ssl::context> tls);
  /// Without `tls` it is a plain TCP client.
  /// Connects, shakes hands when it has TLS, sends `bytes`, then reads until the end.
  void start(const std::string& address, std::string bytes);
  void send(std::string bytes);
  void close();
  /// The frames that came.
  std::vector<Frame> frames() const;
  bool got_goodbye(Parting why) const;

  const bool plain;
  std::shared_ptr<boost::asio::ssl::context> tls;
  boost::asio::ssl::stream<boost::asio::ip::tcp::socket> stream;
  std::string got;
  bool open = false, ended = false, reads = true;

 private:
  void begin();
  void read();
  template <class Stream>
  void read_from(Stream& from);
  char piece_[16384];
  std::string sending_;
};

class Town {
 public:
  Town();
  ~Town();

  /// Starts a node that the test ticks. `tweak` may change its settings first.
  Node& add(const std::string& name, const std::function<void(Settings&)>& tweak = {});
  /// Stops it without a goodbye to anyone: its link goes.
  void kill(const std::string& name);
  Settings settings(const std::string& name);
  Endpoint at(const std::string& name) { return {name, nodes.at(name)->link->address()}; }
  /// Every node lists every other one.
  void introduce();

  /// Runs until `done`; time stands still. Fails the test when nothing happens any more.
  void until(const std::function<bool()>& done);
  /// Moves the clock in steps of a tick, and lets everything happen that follows.
  void pass(Duration span);
  /// Moves the clock until `done`; fails the test after `most`.
  void pass_until(const std::function<bool()>& done, Duration most = std::chrono::seconds(60));
  /// What is ready now.
  void settle();

  std::shared_ptr<Stranger> stranger(const std::string& node, std::string bytes,
                                     std::shared_ptr<boost::asio::ssl::context> tls);
  /// A client's TLS with a good certificate of that name.
  std::shared_ptr<boost::asio::ssl::context> tls(const std::string& name);
  std::string hello(const std::string& name, const std::function<void(Hello&)>& tweak = {}) const;

  boost::asio::io_context io;
  troupe::testing::ManualClock clock;
  Authority authority;
  std::map<std::string, std::unique_ptr<Node>> nodes;

 private:
  void tick();
  std::uint64_t seed_ = 1;
};

}  // namespace troupe::link::testing
