#pragma once
// One request and its answer on a plain connection.
#include <boost/beast/core/tcp_stream.hpp>
#include <chrono>

#include "gateway/http/message.hpp"
#include "gateway/http/plain_wire.hpp"

namespace troupe::http {

/// Lives in the connection's coroutine; borrows its stream.
class PlainExchange final : public Exchange, public BodyWriter {
 public:
  struct Terms {
    bool keep_alive = true;             ///< what the client asked for
    bool http10 = false;                ///< no chunks: a streamed body ends with the connection
    std::chrono::seconds patience{75};  ///< a client that takes no byte for so long is gone
  };

  PlainExchange(boost::beast::tcp_stream& stream, Request request, Terms terms)
      : stream_(stream), request_(std::move(request)), terms_(terms) {}

  const Request& request() const override { return request_; }
  boost::asio::awaitable<BodyWriter*> start(Response head) override;
  boost::asio::awaitable<bool> write(std::string_view piece) override;
  void abort() override;

  /// Ends the exchange: the last chunk of a started body, or `whole` as the answer. False when the connection
  /// cannot be used for another request.
  boost::asio::awaitable<bool> finish(Response whole);

  bool started() const { return started_; }

 private:
  boost::asio::awaitable<bool> send(std::string bytes);
  bool head_only() const { return request_.method == "HEAD"; }

  boost::beast::tcp_stream& stream_;
  Request request_;
  Terms terms_;
  bool started_ = false, broken_ = false;
};

}  // namespace troupe::http
