#pragma once
// A plain HTTP/1.1 server for endpoints where speed does not matter: admin port and mock. The API port has
// its own session.
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "core/result.hpp"
#include "gateway/http/message.hpp"

namespace troupe::http {

struct ServerOptions {
  std::string listen = "127.0.0.1:0";   ///< host:port; port 0 picks a free one
  std::size_t body_limit = 20 << 20;    ///< more is 413
  std::size_t header_limit = 64 << 10;  ///< more is 431
  std::chrono::seconds idle{75};        ///< no progress for so long closes the connection
  std::size_t connections = 20000;      ///< more are closed at accept
};

/// Keep-alive, chunked requests and answers, limits (413, 431, 400). Runs on `io`, which one thread runs;
/// stop() or destruction closes everything and may be called from any thread. A handler whose client leaves
/// is cancelled; one that throws is answered with 500.
class Server {
 public:
  static Result<std::unique_ptr<Server>> start(boost::asio::io_context& io, ServerOptions options,
                                               Handler handler);
  virtual ~Server() = default;
  /// The port that it listens on; the free one that was picked for port 0.
  virtual std::uint16_t port() const = 0;
  virtual void stop() = 0;
};

}  // namespace troupe::http
