#pragma once
// `?node=`: the same question to other nodes of the cluster. They answer each other what operators may see,
// and nothing that changes anything; the caller was let in by the node that was asked, and its token stays
// there.
#include <string>

#include "gateway/admin/endpoints.hpp"

namespace troupe::admin {

/// Whether it may be asked of other nodes: a view that has a `node` parameter.
bool spreads(const Endpoint& endpoint);

/// Answers for `node`: "all", or the name of one. 404 for a name that is no member.
boost::asio::awaitable<http::Response> spread(Visit visit, const Endpoint& endpoint, std::string node);

/// Answers another node: `target` is the path of an endpoint that spreads, with its query. 404 for all else.
boost::asio::awaitable<http::Response> view_for_peer(std::shared_ptr<State> state, std::string target);

}  // namespace troupe::admin
