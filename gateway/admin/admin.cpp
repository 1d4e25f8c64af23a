#include "gateway/admin/admin.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "gateway/admin/answers.hpp"
#include "gateway/admin/assets.hpp"
#include "gateway/admin/endpoints.hpp"
#include "gateway/admin/guard.hpp"
#include "gateway/admin/spread.hpp"

namespace troupe::admin {
namespace {

constexpr std::string_view kId = "{id}";

/// What stands for {id}; "" for a path without one; nullopt when the path is another.
std::optional<std::string_view> match(std::string_view pattern, std::string_view path) {
  const auto at = pattern.find(kId);
  if (at == pattern.npos) return pattern == path ? std::optional<std::string_view>("") : std::nullopt;
  const auto stem = pattern.substr(0, at), end = pattern.substr(at + kId.size());
  if (!path.starts_with(stem) || !path.ends_with(end) || path.size() <= stem.size() + end.size()) return {};
  const auto tail = path.substr(stem.size(), path.size() - stem.size() - end.size());
  return tail.find('/') == std::string_view::npos ? std::optional(tail) : std::nullopt;
}

struct Found {
  const Endpoint* endpoint = nullptr;
  std::string_view tail;
  std::string allow;  ///< the methods that the path has
};

Found find_endpoint(const http::Request& request) {
  Found found;
  // Both sides are views: a literal beside a string would make a temporary string to look into.
  const std::string_view method = request.method == "HEAD" ? std::string_view("GET") : request.method;
  for (const auto& endpoint : endpoints()) {
    const auto tail = match(endpoint.path, request.path);
    if (!tail) continue;
    found.allow += (found.allow.empty() ? "" : ", ") + std::string(endpoint.method);
    if (endpoint.method == method) {
      found.endpoint = &endpoint;
      found.tail = *tail;
    }
  }
  return found;
}

http::Response refused(Entry entry) {
  if (entry == Entry::forbidden) return problem(403, "forbidden");
  auto out = problem(401, "unauthorised");
  out.headers.emplace_back("www-authenticate", "Bearer");
  return out;
}

http::Response not_allowed(std::string allow) {
  auto out = problem(405, "method not allowed");
  out.headers.emplace_back("allow", std::move(allow));
  return out;
}

/// The dashboard's files hold nothing about the node: they are served to ask for the token. Without a token
/// the rules about loopback hold for them as well.
bool may_see_assets(const http::Request& request, const config::Secret& token) {
  return !token.empty() || admit(request, token) == Entry::allowed;
}

boost::asio::awaitable<http::Response> handle(std::shared_ptr<State> state, http::Exchange& exchange) {
  const auto& request = exchange.request();
  const auto token = state->token();
  if (const auto* file = find_asset(request.path); file && may_see_assets(request, token))
    co_return request.method == "GET" || request.method == "HEAD" ? serve_asset(*file, request)
                                                                  : not_allowed("GET");
  auto found = find_endpoint(request);
  const bool open = found.endpoint && found.endpoint->open;
  if (!open)
    if (const auto entry = admit(request, token); entry != Entry::allowed) co_return refused(entry);
  if (found.allow.empty()) co_return problem(404, "no such endpoint; see /openapi.json");
  if (!found.endpoint) co_return not_allowed(std::move(found.allow));
  Visit visit{std::move(state), exchange, found.tail};
  if (auto node = parameter(request, "node"); !node.empty() && spreads(*found.endpoint)) {
    auto merged = co_await spread(visit, *found.endpoint, std::move(node));
    co_return merged;
  }
  auto response = co_await found.endpoint->act(visit);
  co_return response;
}

}  // namespace

http::Handler make_admin_handler(AdminContext context) {
  auto state = std::make_shared<State>(std::move(context));
  return [state](http::Exchange& exchange) { return handle(state, exchange); };
}

PeerViews make_peer_views(AdminContext context) {
  auto state = std::make_shared<State>(std::move(context));
  return [state](std::string target) { return view_for_peer(state, std::move(target)); };
}

}  // namespace troupe::admin
