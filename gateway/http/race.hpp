#pragma once
// Happy eyeballs: the first address to accept wins.
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <vector>

namespace troupe::http {

/// IPv6 and IPv4 in turn, starting with the family that the resolver put first (RFC 8305 section 4).
std::vector<boost::asio::ip::tcp::endpoint> interleave(
    const std::vector<boost::asio::ip::tcp::endpoint>& endpoints);

/// Connects to the first of `endpoints` that answers: a new attempt each 250 ms, or at once when the last one
/// failed. The error is the last attempt's. Owned by shared_ptr; one I/O thread.
class Race : public std::enable_shared_from_this<Race> {
 public:
  Race(boost::asio::io_context& io, std::vector<boost::asio::ip::tcp::endpoint> endpoints);
  using Done = std::function<void(boost::system::error_code, boost::asio::ip::tcp::socket)>;
  /// Starts; `done` is called exactly once.
  void start(Done done);
  /// Ends the race with operation_aborted.
  void cancel();

 private:
  void next();
  void finish(boost::system::error_code error, boost::asio::ip::tcp::socket socket);

  boost::asio::io_context& io_;
  std::vector<boost::asio::ip::tcp::endpoint> endpoints_;
  std::vector<std::shared_ptr<boost::asio::ip::tcp::socket>> running_;
  boost::asio::steady_timer stagger_;
  boost::system::error_code last_error_;
  std::size_t started_ = 0, failed_ = 0;
  Done done_;
};

}  // namespace troupe::http
