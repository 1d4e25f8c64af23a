#pragma once
// From an address as people write it to a connected socket.
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "cluster/link/lookup.hpp"

namespace troupe::link {

struct HostPort {
  std::string host;  ///< without brackets
  std::string port;
};

/// "10.0.0.1:7946", "[::1]:7946", "node-1.internal:7946"; nullopt without a host or a port number.
std::optional<HostPort> split_address(std::string_view address);

/// Dials one peer, one attempt at a time. The name is looked up anew for each attempt, and each begins with
/// the next of its addresses: one that does not answer uses up its own attempt only. One thread; no deadline
/// of its own, the owner cancels.
class Dial : public std::enable_shared_from_this<Dial> {
 public:
  /// `why` is empty when the socket is connected.
  using Done = std::function<void(std::string why, boost::asio::ip::tcp::socket socket)>;

  explicit Dial(boost::asio::io_context& io) : io_(io) {}
  /// Calls `done` once, later, unless cancelled.
  void start(const std::string& address, Done done);
  void cancel();
  bool running() const { return done_ != nullptr; }

 private:
  void found(std::string why, Addresses addresses);
  void finish(std::string why);

  boost::asio::io_context& io_;
  std::shared_ptr<boost::asio::ip::tcp::socket> socket_;  // of the running attempt
  std::shared_ptr<Lookup> lookup_;
  std::string looked_up_;
  std::size_t attempts_ = 0;
  std::uint64_t round_ = 0;  // tells late handlers of a cancelled attempt apart
  Done done_;
};

}  // namespace troupe::link
