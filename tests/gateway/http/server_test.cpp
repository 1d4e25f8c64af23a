#include "gateway/http/server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <memory>

#include "tests/support/catch.hpp"

namespace asio = boost::asio;
using namespace troupe;

namespace {

const std::string kNothing = std::string("\0", 1) + "never";

/// A client and a server on one io_context; the test drives it until the client is done.
struct Loop {
  asio::io_context io;
  std::unique_ptr<http::Server> server;

  explicit Loop(http::Handler handler, http::ServerOptions options = {}) {
    auto started = http::Server::start(io, options, std::move(handler));
    REQUIRE(started);
    server = std::move(*started);
  }

  asio::awaitable<void> converse(std::string bytes, std::string enough, std::string& got) {
    asio::ip::tcp::socket socket(io);
    const asio::ip::tcp::endpoint where(asio::ip::address_v4::loopback(), server->port());
    co_await socket.async_connect(where, asio::use_awaitable);
    boost::system::error_code error;
    auto quietly = asio::redirect_error(asio::use_awaitable, error);
    co_await asio::async_write(socket, asio::buffer(bytes), quietly);
    char piece[4096];
    while (!error && got.find(enough) == std::string::npos) {
      const auto n = co_await socket.async_read_some(asio::buffer(piece), quietly);
      got.append(piece, n);
    }
  }

  /// Sends `bytes` and returns what came until the server closed, or until `enough` has come.
  std::string talk(std::string bytes, std::string enough = kNothing) {
    std::string got;
    bool done = false;
    asio::co_spawn(io, converse(std::move(bytes), std::move(enough), got), [&](std::exception_ptr problem) {
      done = true;
      if (problem) std::rethrow_exception(problem);
    });
    while (!done) io.run_one();
    return got;
  }
};

int count(std::string_view text, std::string_view what) {
  int n = 0;
  for (auto at = text.find(what); at != text.npos; at = text.find(what, at + 1)) ++n;
  return n;
}

bool has(std::string_view text, std::string_view what) {
  return text.find(what) != text.npos;
}

asio::awaitable<http::Response> echo(http::Exchange& exchange) {
  http::Response response;
  response.content_type = "text/plain";
  const auto& request = exchange.request();
  response.body = request.method + " " + request.path + " [" + std::string(request.parameter("q")) + "] " +
                  std::string(request.header("x-name")) + " " + request.body;
  co_return response;
}

asio::awaitable<http::Response> stream(http::Exchange& exchange) {
  http::Response head;
  head.content_type = "text/event-stream";
  auto* body = co_await exchange.start(std::move(head));
  co_await body->write("data: one\n\n");
  co_await body->write("data: two\n\n");
  co_return http::Response{};
}

asio::awaitable<http::Response> throwing(http::Exchange&) {
  throw std::runtime_error("the secret detail");
  co_return http::Response{};
}

asio::awaitable<http::Response> cut(http::Exchange& exchange) {
  http::Response head;
  auto* body = co_await exchange.start(std::move(head));
  co_await body->write("half");
  body->abort();
  const bool more = co_await body->write("more");
  CHECK_FALSE(more);
  co_return http::Response{};
}

const std::string kGet = "GET /1 HTTP/1.1\r\nHost: x\r\n\r\n";
const std::string kLastGet = "GET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

}  // namespace

TEST_CASE("a request is handed over with path, parameters, lower-case headers and body") {
  Loop loop(echo);
  const auto got = loop.talk(
      "POST /a/b?p=1&q=yes HTTP/1.1\r\nHost: x\r\nX-Name: Ann\r\nContent-Length: 2\r\nConnection: "
      "close\r\n\r\nhi");
  CHECK(got.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(has(got, "POST /a/b [yes] Ann hi"));
}

TEST_CASE("pipelined requests are answered in order on one connection") {
  Loop loop(echo);
  const auto got = loop.talk(kGet + kGet + kLastGet);
  CHECK(count(got, "HTTP/1.1 200 OK") == 3);
  CHECK(got.find("GET /1") < got.find("GET /last"));
}

TEST_CASE("a chunked request body arrives whole") {
  Loop loop(echo);
  CHECK(has(loop.talk("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                      "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"),
            "abcde"));
}

TEST_CASE("a client that asks before it sends its body is told to go on") {
  Loop loop(echo);
  const auto head =
      "POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\n";
  CHECK(loop.talk(head, "100 Continue\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
}

TEST_CASE("HEAD is answered with the length and without the body") {
  Loop loop(echo);
  const auto got = loop.talk("HEAD /x HTTP/1.1\r\nConnection: close\r\n\r\n");
  CHECK(has(got, "content-length: 12\r\n"));
  CHECK(got.ends_with("\r\n\r\n"));
}

TEST_CASE("a streamed answer is chunked, ends with the last chunk, and the connection lives on") {
  Loop loop(stream);
  const auto got = loop.talk(kGet + kLastGet);
  CHECK(has(got, "transfer-encoding: chunked\r\n"));
  CHECK(count(got, "b\r\ndata: two\n\n\r\n0\r\n\r\n") == 2);
}

TEST_CASE("an HTTP/1.0 client gets a stream without chunks, ended by the close") {
  Loop loop(stream);
  const auto got = loop.talk("GET / HTTP/1.0\r\n\r\n");
  CHECK_FALSE(has(got, "chunked"));
  CHECK(has(got, "\r\n\r\ndata: one\n\ndata: two\n\n"));
}

TEST_CASE("a body over the limit is 413, announced or chunked") {
  http::ServerOptions small;
  small.body_limit = 8;
  Loop loop(echo, small);
  CHECK(loop.talk("POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n123456789").starts_with("HTTP/1.1 413 "));
  CHECK(loop.talk("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n123456789\r\n0\r\n\r\n")
            .starts_with("HTTP/1.1 413 "));
}

TEST_CASE("headers over the limit are 431") {
  http::ServerOptions small;
  small.header_limit = 256;
  Loop loop(echo, small);
  const auto got = loop.talk("GET / HTTP/1.1\r\nX: " + std::string(1000, 'a') + "\r\n\r\n");
  CHECK(got.starts_with("HTTP/1.1 431 "));
  CHECK(has(got, "headers_too_large"));
}

TEST_CASE("what is no HTTP is 400 and the connection is closed") {
  Loop loop(echo);
  CHECK(loop.talk("\x16\x03\x01 hello\r\n\r\n").starts_with("HTTP/1.1 400 Bad Request\r\n"));
  CHECK(loop.talk("POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n").starts_with("HTTP/1.1 400 "));
}

TEST_CASE("a handler that throws is answered with 500 without its detail, and the connection lives on") {
  Loop loop(throwing);
  const auto got = loop.talk(kGet + kLastGet);
  CHECK(count(got, "HTTP/1.1 500 Internal Server Error") == 2);
  CHECK_FALSE(has(got, "secret detail"));
}

TEST_CASE("an aborted stream ends without its last chunk") {
  Loop loop(cut);
  const auto got = loop.talk(kGet);
  CHECK(has(got, "half"));
  CHECK_FALSE(has(got, "0\r\n\r\n"));
}

TEST_CASE("a handler that waits is cancelled when its client leaves") {
  bool cancelled = false;
  http::Handler waiting = [&cancelled](http::Exchange& exchange) -> asio::awaitable<http::Response> {
    http::Response head;
    auto* body = co_await exchange.start(std::move(head));
    co_await body->write("waiting");
    asio::steady_timer never(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
    boost::system::error_code error;
    co_await never.async_wait(asio::redirect_error(asio::use_awaitable, error));
    cancelled = error == asio::error::operation_aborted;
    co_return http::Response{};
  };
  Loop loop(waiting);
  loop.talk(kGet, "waiting");
  while (!cancelled) loop.io.run_one();
  CHECK(cancelled);
}

TEST_CASE("stop closes the listener and every connection") {
  Loop loop(echo);
  loop.talk(kGet, "GET /1");
  loop.server->stop();
  loop.io.run();
  CHECK(loop.io.stopped());
}

TEST_CASE("a connection that says nothing is closed after the idle time") {
  http::ServerOptions options;
  options.idle = std::chrono::seconds(0);
  Loop loop(echo, options);
  CHECK(loop.talk("").empty());
}

TEST_CASE("connections over the limit are closed at accept") {
  http::ServerOptions options;
  options.connections = 0;
  Loop loop(echo, options);
  CHECK(loop.talk(kLastGet).empty());
}

TEST_CASE("an address that cannot be listened on is an error that names it") {
  asio::io_context io;
  http::ServerOptions bad;
  bad.listen = "nowhere";
  const auto started = http::Server::start(io, bad, echo);
  REQUIRE_FALSE(started);
  CHECK(has(started.error().message, "nowhere"));
}
