#include "gateway/http/dial.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "gateway/http/head.hpp"
#include "gateway/http/race.hpp"

namespace troupe::http {
namespace {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
using asio::awaitable;
using asio::ip::tcp;
using boost::system::error_code;

/// What the deadline can stop, whichever step runs.
struct Progress {
  explicit Progress(asio::io_context& io) : deadline(io), resolver(io), socket(io) {}
  asio::steady_timer deadline;
  tcp::resolver resolver;
  std::shared_ptr<Race> race;
  tcp::socket socket;
  std::unique_ptr<Connection::Tls> tls;
  bool late = false;

  void stop() {
    late = true;
    resolver.cancel();
    if (race) race->cancel();
    error_code ignored;
    socket.close(ignored);
    if (tls) tls->next_layer().close(ignored);
  }
};

Result<std::shared_ptr<Connection>> failure(const Progress& p, const std::string& what,
                                            const error_code& error, Fault fault) {
  if (p.late) return fail(Fault::provider_timeout_connect, "no connection to " + what + " in time");
  return fail(fault, "cannot connect to " + what + ": " + error.message());
}

struct RaceResult {
  error_code error;
  tcp::socket socket;
};

struct InitiateRace {
  std::shared_ptr<Race> race;
  template <class Handler>
  void operator()(Handler&& handler) const {
    auto shared = std::make_shared<std::decay_t<Handler>>(std::forward<Handler>(handler));
    race->start([shared](error_code error, tcp::socket socket) {
      auto taken = std::move(*shared);
      std::move(taken)(RaceResult{error, std::move(socket)});
    });
  }
};

awaitable<RaceResult> run_race(std::shared_ptr<Race> race) {
  InitiateRace initiate{std::move(race)};
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(RaceResult)>(
      initiate, asio::use_awaitable);
}

awaitable<error_code> connect_tcp(std::shared_ptr<Progress> p, asio::io_context& io, const std::string& host,
                                  const std::string& port) {
  error_code error;
  const auto found =
      co_await p->resolver.async_resolve(host, port, asio::redirect_error(asio::use_awaitable, error));
  if (error) co_return error;
  std::vector<tcp::endpoint> endpoints;
  for (const auto& entry : found) endpoints.push_back(entry.endpoint());
  p->race = std::make_shared<Race>(io, interleave(endpoints));
  auto result = co_await run_race(p->race);
  error = result.error;
  p->socket = std::move(result.socket);
  if (!error && p->late) error = asio::error::timed_out;
  if (!error) p->socket.set_option(tcp::no_delay(true), error);
  co_return error;
}

/// RFC 9110 section 9.3.6. True when the proxy answered 2xx.
awaitable<bool> tunnel(std::shared_ptr<Progress> p, const Origin& origin) {
  const std::string authority = origin.host + ":" + origin.port;
  std::string request = "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n";
  if (!origin.proxy_login.empty()) request += "Proxy-Authorization: " + origin.proxy_login + "\r\n";
  request += "\r\n";
  error_code error;
  co_await asio::async_write(p->socket, asio::buffer(request),
                             asio::redirect_error(asio::use_awaitable, error));
  ResponseParser parser;
  parser.skip(true);
  std::string bytes;
  while (!error && bytes.size() < (16 << 10)) {
    char byte = 0;  // one at a time: what follows the head belongs to the tunnel
    co_await asio::async_read(p->socket, asio::buffer(&byte, 1),
                              asio::redirect_error(asio::use_awaitable, error));
    bytes.push_back(byte);
    if (!bytes.ends_with("\r\n\r\n")) continue;
    std::size_t used = 0;
    parser.feed(bytes, used);
    co_return parser.head().status / 100 == 2;
  }
  co_return false;
}

awaitable<error_code> handshake(std::shared_ptr<Progress> p, const Origin& origin,
                                const DialOptions& options) {
  p->tls = std::make_unique<Connection::Tls>(std::move(p->socket), *options.tls);
  SSL* native = p->tls->native_handle();
  error_code error;
  SSL_set_tlsext_host_name(native, origin.host.c_str());
  p->tls->set_verify_callback(ssl::host_name_verification(origin.host), error);
  if (options.session) options.session->attach(native);
  co_await p->tls->async_handshake(ssl::stream_base::client,
                                   asio::redirect_error(asio::use_awaitable, error));
  co_return error;
}

awaitable<Result<std::shared_ptr<Connection>>> steps(std::shared_ptr<Progress> p, Origin origin,
                                                     DialOptions options) {
  const bool proxied = !origin.proxy_host.empty();
  const std::string what =
      origin.host + ":" + origin.port + (proxied ? " through the proxy " + origin.proxy_host : std::string());
  // Named first: g++ 12 destroys temporaries of a co_await expression twice.
  const std::string host = proxied ? origin.proxy_host : origin.host;
  const std::string port = proxied ? origin.proxy_port : origin.port;
  auto error = co_await connect_tcp(p, *options.io, host, port);
  if (error) co_return failure(*p, what, error, Fault::provider_connect);
  if (proxied) {
    const bool open = co_await tunnel(p, origin);
    if (!open) co_return failure(*p, what, asio::error::connection_refused, Fault::provider_connect);
  }
  if (!origin.tls) co_return std::make_shared<Connection>(std::move(p->socket));
  error = co_await handshake(p, origin, options);
  if (error) co_return failure(*p, what, error, Fault::provider_tls);
  co_return std::make_shared<Connection>(std::move(p->tls));
}

}  // namespace

awaitable<Result<std::shared_ptr<Connection>>> dial(Origin origin, DialOptions options) {
  auto progress = std::make_shared<Progress>(*options.io);
  progress->deadline.expires_after(options.timeout);
  progress->deadline.async_wait([progress](error_code error) {
    if (!error) progress->stop();
  });
  auto result = co_await steps(progress, std::move(origin), std::move(options));
  progress->deadline.cancel();
  progress->race.reset();
  co_return result;
}

}  // namespace troupe::http
