#include "gateway/admin/spread.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "gateway/admin/answers.hpp"
#include "gateway/admin/merge.hpp"
#include "gateway/admin/once.hpp"

namespace troupe::admin {
namespace {

namespace asio = boost::asio;
using Answers = std::vector<AdminContext::NodeAnswer>;

/// A question that came over no socket.
class Inner final : public http::Exchange {
 public:
  explicit Inner(const std::string& target) {
    request_.method = "GET";
    request_.target = target;
    request_.path = target.substr(0, target.find('?'));
    if (request_.path.size() < target.size()) request_.query = target.substr(request_.path.size() + 1);
  }
  const http::Request& request() const override { return request_; }
  /// No view streams.
  asio::awaitable<http::BodyWriter*> start(http::Response) override { co_return nullptr; }

 private:
  http::Request request_;
};

/// The path with all parameters but `node` and `format`.
std::string target_of(const http::Request& request) {
  std::string query;
  std::string_view rest = request.query;
  while (!rest.empty()) {
    const auto end = std::min(rest.find('&'), rest.size());
    const auto one = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (one.starts_with("node=") || one.starts_with("format=")) continue;
    query += (query.empty() ? "?" : "&") + std::string(one);
  }
  return request.path + query;
}

asio::awaitable<Answers> ask(const AdminContext& context, std::vector<std::string> nodes,
                             std::string target) {
  std::function<void(std::function<void(Answers)>)> start = [&](std::function<void(Answers)> tell) {
    context.ask_nodes(std::move(nodes), std::move(target), std::move(tell));
  };
  auto told = co_await once<Answers>(2 * context.node_patience, std::move(start));
  co_return told ? std::move(*told) : Answers{};
}

std::string why_not(int status) {
  if (status == 0) return "no answer in time";
  if (status == 413) return "its answer is too large to be sent; ask it directly";
  return "answered with status " + std::to_string(status);
}

NodeDocument document_of(std::string node, int status, const std::string& body) {
  auto document = status == 200 ? Json::parse(body, nullptr, false) : Json();
  if (document.is_discarded()) document = nullptr;
  return {std::move(node), std::move(document), why_not(status)};
}

asio::awaitable<NodeDocument> local(Visit visit, const Endpoint& endpoint, std::string node) {
  Inner inner(target_of(visit.request()));
  Visit here{visit.state, inner, {}};
  const auto said = co_await endpoint.act(here);
  co_return document_of(std::move(node), said.status, said.body);
}

}  // namespace

bool spreads(const Endpoint& endpoint) {
  return endpoint.method == "GET" &&
         (" " + std::string(endpoint.query) + " ").find(" node ") != std::string::npos;
}

asio::awaitable<http::Response> spread(Visit visit, const Endpoint& endpoint, std::string node) {
  const auto& context = visit.context();
  const auto me = context.telemetry->options().node;
  auto asked = context.others ? context.others() : std::vector<std::string>{};
  const bool all = node == "all";
  if (!all) {
    const bool known = std::find(asked.begin(), asked.end(), node) != asked.end();
    if (node != me && !known) co_return problem(404, "no such member; see /cluster");
    asked.clear();
    if (node != me) asked.push_back(node);
  }
  std::vector<NodeDocument> parts;
  if (all || node == me) {
    auto here = co_await local(visit, endpoint, me);
    parts.push_back(std::move(here));
  }
  if (!asked.empty() && context.ask_nodes) {
    auto target = target_of(visit.request());
    auto told = co_await ask(context, asked, std::move(target));
    for (const auto& name : asked) {
      const auto said =
          std::find_if(told.begin(), told.end(), [&](const auto& one) { return one.node == name; });
      parts.push_back(said == told.end() ? NodeDocument{name, nullptr, why_not(0)}
                                         : document_of(name, said->status, said->body));
    }
  }
  const auto merged = merge(std::move(parts));
  co_return answer(visit.request(), merged);
}

asio::awaitable<http::Response> view_for_peer(std::shared_ptr<State> state, std::string target) {
  Inner inner(target);
  for (const auto& endpoint : endpoints()) {
    if (endpoint.path != inner.request().path || !spreads(endpoint)) continue;
    Visit visit{state, inner, {}};
    auto said = co_await endpoint.act(visit);
    co_return said;
  }
  co_return problem(404, "no view for other nodes");
}

}  // namespace troupe::admin
