#pragma once
// A request that this process makes of itself, in the name of a tenant: a line of a batch.
#include <boost/asio/awaitable.hpp>
#include <string>

#include "gateway/api/worker.hpp"
#include "gateway/batch/job.hpp"

namespace troupe::api {

/// Calls the line over a socket pair whose other end a session serves: what holds for any request of the
/// tenant holds for it, and no credential exists that somebody else could present. Class `batch`. Status 0:
/// the session ended without an answer.
boost::asio::awaitable<batch::LineAnswer> call_inside(Worker& worker, batch::Work work);

}  // namespace troupe::api
