#include "app/sessions.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <exception>
#include <utility>

#include "core/log.hpp"
#include "gateway/api/session.hpp"

namespace troupe::app {
namespace {

boost::asio::awaitable<void> serve(std::shared_ptr<api::Session> session) {
  co_await session->run();
}

void log_end(std::exception_ptr error) {
  if (!error) return;
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& e) {
    log::error("session_exception").text("what", e.what());
  }
}

}  // namespace

void serve_client(api::Worker& worker, std::shared_ptr<http::Connection> client) {
  auto session = std::make_shared<api::Session>(worker, std::move(client));
  boost::asio::co_spawn(worker.io, serve(std::move(session)), log_end);
}

void accept_clients(boost::asio::io_context& io, const std::shared_ptr<http::Acceptor>& acceptor,
                    api::Worker& worker, std::size_t threads) {
  auto accepted = [&worker, threads](std::shared_ptr<http::Connection> client) {
    const auto limit = static_cast<std::size_t>(worker.setup->config->server.limits.connections);
    if (worker.connections * threads >= limit) return client->reset();
    serve_client(worker, std::move(client));
  };
  boost::asio::post(io, [acceptor, accepted] { acceptor->start(accepted); });
}

}  // namespace troupe::app
