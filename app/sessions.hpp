#pragma once
// Takes clients, and serves each connection until it ends.
#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <memory>

#include "gateway/api/worker.hpp"
#include "gateway/http/connection.hpp"
#include "gateway/http/listener.hpp"

namespace troupe::app {

/// On the worker's thread. The session holds itself for as long as it serves; one that throws is closed by
/// its destructor, and said in the log.
void serve_client(api::Worker& worker, std::shared_ptr<http::Connection> client);

/// Takes clients on the worker's thread `io`, each of `threads` its part of the connections that are allowed.
void accept_clients(boost::asio::io_context& io, const std::shared_ptr<http::Acceptor>& acceptor,
                    api::Worker& worker, std::size_t threads);

}  // namespace troupe::app
