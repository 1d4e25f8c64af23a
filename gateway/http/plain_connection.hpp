#pragma once
// One connection of the plain server: reads requests, runs the handler, writes answers.
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <memory>
#include <string>

#include "gateway/http/message.hpp"
#include "gateway/http/server.hpp"

namespace troupe::http {

class PlainExchange;

/// Owned by its own coroutine; the server keeps a weak reference for closing.
class PlainConnection {
 public:
  PlainConnection(boost::asio::ip::tcp::socket socket, const ServerOptions& options, const Handler& handler);

  /// Serves until the client leaves, breaks a limit or the idle time passes. Never throws.
  boost::asio::awaitable<void> run();
  /// Ends the connection now; a handler in progress is cancelled.
  void close();

 private:
  boost::asio::awaitable<bool> serve_one();
  boost::asio::awaitable<bool> refuse(boost::system::error_code why);
  boost::asio::awaitable<void> say_continue();
  boost::asio::awaitable<Response> answer(PlainExchange& exchange);
  boost::asio::awaitable<void> watch_client();
  boost::asio::awaitable<void> linger();

  boost::beast::tcp_stream stream_;
  boost::beast::flat_buffer buffer_;
  const ServerOptions& options_;
  const Handler& handler_;
  std::string peer_;
};

}  // namespace troupe::http
