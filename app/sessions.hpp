#pragma once
// Serves a client's connection until it ends.
#include <memory>

#include "gateway/api/worker.hpp"
#include "gateway/http/connection.hpp"

namespace troupe::app {

/// On the worker's thread. The session holds itself for as long as it serves; one that throws is closed by
/// its destructor, and said in the log.
void serve_client(api::Worker& worker, std::shared_ptr<http::Connection> client);

}  // namespace troupe::app
