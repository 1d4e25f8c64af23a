#pragma once
// Accepts connections of the API port on one I/O thread.
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <functional>
#include <memory>

#include "core/result.hpp"
#include "gateway/http/connection.hpp"

namespace troupe::http {

/// One per I/O thread, all on the same port by SO_REUSEPORT: the kernel spreads the connections.
class Acceptor : public std::enable_shared_from_this<Acceptor> {
 public:
  using Accepted = std::function<void(std::shared_ptr<Connection>)>;

  /// Binds and listens; `listen` is host:port, port 0 picks a free one (see port()). Fails with what to do
  /// about it.
  static Result<std::shared_ptr<Acceptor>> bind(boost::asio::io_context& io, const std::string& listen,
                                                std::shared_ptr<boost::asio::ssl::context> tls);
  Acceptor(boost::asio::io_context& io, std::shared_ptr<boost::asio::ssl::context> tls);

  std::uint16_t port() const;
  std::string address() const;
  /// Starts accepting; TLS handshakes get 10 s.
  void start(Accepted accepted);
  /// Stops accepting; connections that exist live on.
  void stop();

 private:
  void accept();
  void handshake(boost::asio::ip::tcp::socket socket);
  void rest();

  boost::asio::io_context& io_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer pause_;
  std::shared_ptr<boost::asio::ssl::context> tls_;
  Accepted accepted_;
};

}  // namespace troupe::http
