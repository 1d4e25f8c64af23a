#pragma once
// Playing an answer in time, with its accident where one is planned.
#include <boost/asio/awaitable.hpp>

#include "gateway/http/message.hpp"
#include "gateway/mock/behaviour.hpp"
#include "gateway/mock/shape.hpp"

namespace troupe::mock {

/// Nothing for a zero span; throws operation_aborted when the client leaves.
boost::asio::awaitable<void> pause(Duration span);

/// Waits for the first token, starts the answer, writes the frames in the plan's rhythm (all at once without
/// one) and ends as the plan says.
boost::asio::awaitable<void> play(http::Exchange& exchange, http::Response head, Frames frames, Plan plan);

}  // namespace troupe::mock
