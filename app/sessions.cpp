#include "app/sessions.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
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

}  // namespace troupe::app
