#pragma once
// One call on the mock: what it is allowed, what it wished for, and playing it.
#include <boost/asio/awaitable.hpp>

#include "core/random.hpp"
#include "core/time.hpp"
#include "gateway/http/message.hpp"
#include "gateway/mock/book.hpp"
#include "gateway/mock/route.hpp"
#include "gateway/mock/shape.hpp"

namespace troupe::mock {

/// What all calls share.
struct Stage {
  Book book;
  Random random;
  const Clock& clock;
};

/// The bearer token, x-api-key, api-key, x-goog-api-key, or AWS' access key id; "(none)" without one.
std::string key_of(const http::Request& request);

/// The plan by dice, then by the request's headers, then by the model's name.
Plan plan_call(const http::Request& request, const std::string& model, const Rules& rules, Random& random);

/// A conversation in any shape, whole or streamed.
boost::asio::awaitable<http::Response> serve_chat(Stage& stage, http::Exchange& exchange, Route to);

/// What is wrong with the key before the body is read: 401, or 429 by its limits. Counts the call.
std::optional<Trouble> gate(Page& page, const std::string& key, Time now, std::int64_t tokens);

}  // namespace troupe::mock
