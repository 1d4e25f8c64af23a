#include "gateway/admin/spread.hpp"

#include "tests/gateway/admin/fakes.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::admin;

namespace {

/// A node with two neighbours, of which one answers.
struct Town : Port {
  std::vector<std::string> targets;
  Town() {
    context.others = [] { return std::vector<std::string>{"node-2", "node-3"}; };
    context.ask_nodes = [this](std::vector<std::string> nodes, std::string target, auto done) {
      targets.push_back(target);
      std::vector<AdminContext::NodeAnswer> answers;
      for (const auto& node : nodes)
        answers.push_back({node, node == "node-2" ? 200 : 0, R"({"keys":[{"id":"openai/primary"}]})"});
      done(std::move(answers));
    };
  }
};

}  // namespace

TEST_CASE("node=all asks every node and names the one that is silent") {
  Town town;
  const auto out = town.json(get("/keys", "node=all"));
  REQUIRE(out["keys"].size() == 2);
  CHECK(out["keys"][0]["node"] == "node-1");
  CHECK(out["keys"][1]["node"] == "node-2");
  CHECK(out["missing"] == nlohmann::json{"node-3"});
  CHECK(town.targets == std::vector<std::string>{"/keys"});
}

TEST_CASE("other parameters go along, the node and the format do not") {
  Town town;
  town.serve(get("/actors", "sort=messages&node=all&format=text&type=key"));
  CHECK(town.targets == std::vector<std::string>{"/actors?sort=messages&type=key"});
}

TEST_CASE("one node can be asked by name, this one too, and an unknown one is not found") {
  Town town;
  const auto other = town.json(get("/keys", "node=node-2"));
  CHECK(other["keys"].size() == 1);
  CHECK(other["nodes"].size() == 1);
  const auto me = town.json(get("/keys", "node=node-1"));
  CHECK(me["keys"][0]["node"] == "node-1");
  CHECK(town.serve(get("/keys", "node=nobody")).status == 404);
}

TEST_CASE("a node on its own answers for all") {
  Port port;
  const auto out = port.json(get("/keys", "node=all"));
  CHECK(out["keys"].size() == 1);
  CHECK(out["missing"].empty());
}

TEST_CASE("other nodes are shown views and nothing else") {
  Port port;
  const auto views = make_peer_views(port.context);
  const auto ask = [&](std::string target) {
    boost::asio::io_context io;
    int status = 0;
    const auto run = [](const PeerViews& from, std::string what, int& into) -> boost::asio::awaitable<void> {
      const auto said = co_await from(std::move(what));
      into = said.status;
    };
    boost::asio::co_spawn(io, run(views, std::move(target), status), boost::asio::detached);
    io.run();
    return status;
  };
  CHECK(ask("/keys") == 200);
  CHECK(ask("/actors?type=key") == 200);
  for (const auto* refused : {"/config", "/drain", "/config/reload", "/metrics", "/events", "/", ""})
    CHECK(ask(refused) == 404);
}

TEST_CASE("the question to others is only asked for a caller who was let in") {
  Town town;
  town.config->server.admin_token = config::Secret("let-me-in");
  CHECK(town.serve(get("/keys", "node=all")).status == 401);
  CHECK(town.targets.empty());
}
