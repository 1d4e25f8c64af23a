#include "app/peer_questions.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <utility>

#include "core/log_thrown.hpp"

namespace troupe::app {
namespace {

namespace asio = boost::asio;

asio::awaitable<void> show(admin::PeerViews views, std::string target, cluster::Engine::Reply reply) {
  const auto said = co_await views(std::move(target));
  reply(static_cast<std::uint32_t>(said.status), said.body);
}

}  // namespace

cluster::Engine::Serve answer_peers(asio::io_context& io, admin::PeerViews views, ClusterReload& reload,
                                    const batch::Front& files) {
  return [&io, views = std::move(views), &reload, &files](const std::string&, const std::string& what,
                                                          const std::string& text,
                                                          cluster::Engine::Reply reply) {
    if (what == "view")  // of one that throws nobody hears, and who asked says so to its operator
      return asio::co_spawn(io, show(views, text, std::move(reply)), log::Thrown("peer_view_exception"));
    if (what == "batch") {
      return files.serve(text, [reply = std::move(reply)](int status, std::string answer) {
        reply(static_cast<std::uint32_t>(status), std::move(answer));
      });
    }
    if (what != "config") return reply(404, {});
    asio::post(io, [&reload, text, reply = std::move(reply)] { reload.asked(text, reply); });
  };
}

void ask_peers(cluster::Engine& engine, admin::AdminContext& context) {
  context.others = [&engine] { return engine.others(); };
  const auto patience = context.node_patience;
  context.ask_nodes = [&engine, patience](
                          std::vector<std::string> nodes, std::string target,
                          std::function<void(std::vector<admin::AdminContext::NodeAnswer>)> done) {
    auto told = [done = std::move(done)](std::vector<errands::Answer> answers) {
      std::vector<admin::AdminContext::NodeAnswer> all;
      for (auto& one : answers)
        all.push_back({std::move(one.node), static_cast<int>(one.status), std::move(one.text)});
      done(std::move(all));
    };
    engine.ask(std::move(nodes), "view", std::move(target), patience, std::move(told));
  };
}

std::vector<actors::ActorInfo> cluster_rows(cluster::Engine& engine, const std::string& node) {
  std::vector<actors::ActorInfo> out;
  for (auto& row : engine.rows()) {
    actors::ActorInfo info;
    info.id = row.id;
    info.type = std::move(row.type);
    info.name = std::move(row.name);
    info.node = node;
    info.parent = "cluster";
    info.state = std::move(row.state);
    info.last_message = std::move(row.last_message);
    info.mailbox = info.mailbox_max = row.waiting;
    info.messages = row.messages;
    info.age_s = row.age_s;
    info.detail = std::move(row.detail);
    out.push_back(std::move(info));
  }
  return out;
}

std::vector<actors::ActorInfo> other_rows(cluster::Engine* engine, const api::SemanticDesk& meanings,
                                          const std::string& node) {
  constexpr std::uint64_t kId = 1'999'999;  // beside the actors' and the cluster's
  auto out = engine != nullptr ? cluster_rows(*engine, node) : std::vector<actors::ActorInfo>();
  if (!meanings.on()) return out;
  actors::ActorInfo info;
  info.id = kId;
  info.type = "semantic_cache";
  info.name = "0";
  info.node = node;
  info.parent = "company";
  info.state = "running";
  info.detail = meanings.detail();
  info.mailbox = info.mailbox_max = info.detail.value("waiting", std::uint64_t{0});
  info.messages = meanings.messages();
  out.push_back(std::move(info));
  return out;
}

}  // namespace troupe::app
