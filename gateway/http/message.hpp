#pragma once
// A whole request and answer for the endpoints that are not the relay (admin, health, models, mock's small
// ones).
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace troupe::http {

struct Request {
  std::string method;
  std::string target;  ///< as sent
  std::string path;    ///< without the query
  std::string query;
  std::vector<std::pair<std::string, std::string>> headers;  ///< lower-case names
  std::string body;
  std::string peer;                                            ///< "127.0.0.1:54321"
  std::string_view header(std::string_view lower_name) const;  ///< "" when absent
  std::string_view parameter(std::string_view name) const;     ///< of the query, undecoded; "" when absent
};

struct Response {
  int status = 200;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

/// Sends pieces of a body of unknown length (server-sent events, mock streams). False when the client is
/// gone.
class BodyWriter {
 public:
  virtual ~BodyWriter() = default;
  virtual boost::asio::awaitable<bool> write(std::string_view piece) = 0;
  /// Closes the connection at once, as a broken peer would; nothing more is written.
  virtual void abort() = 0;
};

/// What a simple server does with a request. Either returns a Response, or calls `start` and writes the body
/// itself.
class Exchange {
 public:
  virtual ~Exchange() = default;
  virtual const Request& request() const = 0;
  /// Sends status line and headers with chunked encoding; afterwards write() sends the body.
  virtual boost::asio::awaitable<BodyWriter*> start(Response head) = 0;
  /// Closes the connection at once; nothing (more) is sent.
  virtual void abort() {}
};

/// Handles one request; after start() the returned Response is ignored.
using Handler = std::function<boost::asio::awaitable<Response>(Exchange&)>;

}  // namespace troupe::http
