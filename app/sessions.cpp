#include "app/sessions.hpp"

#include <boost/asio/post.hpp>
#include <utility>

#include "gateway/api/background.hpp"
#include "gateway/api/session.hpp"

namespace troupe::app {

void serve_client(api::Worker& worker, std::shared_ptr<http::Connection> client) {
  api::serve(worker, std::make_shared<api::Session>(worker, std::move(client)));
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
