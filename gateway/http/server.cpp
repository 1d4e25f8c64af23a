#include "gateway/http/server.hpp"

#include <fmt/format.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <set>

#include "core/log.hpp"
#include "gateway/http/origin.hpp"
#include "gateway/http/plain_connection.hpp"

namespace troupe::http {
namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr auto kQuietly = asio::as_tuple(asio::use_awaitable);

/// What the coroutines share; lives until the last of them has ended. Only the thread of `io` touches it.
struct House {
  House(asio::io_context& context, ServerOptions given, Handler handle)
      : io(context), options(std::move(given)), handler(std::move(handle)), acceptor(context) {}

  asio::io_context& io;
  ServerOptions options;
  Handler handler;
  tcp::acceptor acceptor;
  std::set<PlainConnection*> connections;
  bool stopped = false;

  void close_all() {
    stopped = true;
    error_code ignored;
    acceptor.close(ignored);
    for (auto* connection : connections) connection->close();
  }
};

asio::awaitable<void> serve(std::shared_ptr<House> house, tcp::socket socket) {
  PlainConnection connection(std::move(socket), house->options, house->handler);
  house->connections.insert(&connection);
  co_await connection.run();
  house->connections.erase(&connection);
}

asio::awaitable<void> breathe(asio::io_context& io) {
  asio::steady_timer pause(io, std::chrono::milliseconds(100));
  co_await pause.async_wait(kQuietly);
}

asio::awaitable<void> accept(std::shared_ptr<House> house) {
  while (!house->stopped) {
    auto [error, socket] = co_await house->acceptor.async_accept(kQuietly);
    if (house->stopped) break;
    if (error) {
      // Out of descriptors, most likely: others may close theirs.
      log::warn("http_accept_failed").text("why", error.message());
      co_await breathe(house->io);
    } else if (house->connections.size() < house->options.connections) {
      asio::co_spawn(house->io, serve(house, std::move(socket)), asio::detached);
    }
  }
}

class PlainServer final : public Server {
 public:
  PlainServer(std::shared_ptr<House> house, std::uint16_t port) : house_(std::move(house)), port_(port) {}
  ~PlainServer() override { PlainServer::stop(); }
  std::uint16_t port() const override { return port_; }
  void stop() override {
    asio::dispatch(house_->io, [house = house_] { house->close_all(); });
  }

 private:
  std::shared_ptr<House> house_;
  std::uint16_t port_;
};

error_code listen(tcp::acceptor& acceptor, const HostPort& where) {
  error_code error;
  const auto address = asio::ip::make_address(where.host == "localhost" ? "127.0.0.1" : where.host, error);
  const tcp::endpoint endpoint(address, static_cast<std::uint16_t>(std::stoi(where.port)));
  if (!error) acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  return error;
}

}  // namespace

Result<std::unique_ptr<Server>> Server::start(asio::io_context& io, ServerOptions options, Handler handler) {
  const auto where = split_host_port(options.listen);
  if (!where) return tl::unexpected(where.error());
  auto house = std::make_shared<House>(io, std::move(options), std::move(handler));
  if (const auto error = listen(house->acceptor, *where))
    return fail(Fault::troupe_internal,
                fmt::format("cannot listen on {}: {}", house->options.listen, error.message()));
  const auto port = house->acceptor.local_endpoint().port();
  asio::co_spawn(io, accept(house), asio::detached);
  return std::make_unique<PlainServer>(std::move(house), port);
}

}  // namespace troupe::http
