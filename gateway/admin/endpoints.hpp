#pragma once
// The admin port's endpoints, as one table: the router, 405's `allow` and /openapi.json are made from it.
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <span>
#include <string_view>

#include "gateway/admin/state.hpp"
#include "gateway/http/message.hpp"

namespace troupe::admin {

/// One call of an endpoint. `tail` is what stands for {id} in the path.
struct Visit {
  std::shared_ptr<State> state;
  http::Exchange& exchange;
  std::string_view tail;
  const http::Request& request() const { return exchange.request(); }
  const AdminContext& context() const { return state->context(); }
};

using Act = boost::asio::awaitable<http::Response> (*)(Visit);

struct Endpoint {
  std::string_view method, path;  ///< {id} may stand for one part of a path
  std::string_view summary;
  std::string_view query;  ///< names of query parameters, separated by spaces
  bool open = false;       ///< without a token, from anywhere: says nothing but "ok" then
  Act act;
};

std::span<const Endpoint> endpoints();

/// The OpenAPI 3.1 document of the table.
Json openapi(std::string_view version);

}  // namespace troupe::admin
