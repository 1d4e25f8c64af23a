// The end users of a tenant over several nodes, with the actors that know them.
#include <caf/send.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "actors/cells.hpp"
#include "actors/tenant_actor.hpp"
#include "actors/thread_desk.hpp"
#include "tests/actors/house.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::actors;
using namespace troupe::actors::testing;
using namespace std::chrono_literals;

namespace {

std::shared_ptr<config::Config> limited(config::Limits per_user, config::Limits limits = {}) {
  auto config = house_config({provider("p", {key("a")})}, {model("m", {"p/x"})});
  config::Tenant made;
  made.name = "acme";
  made.limits = limits;
  made.per_user = per_user;
  config->tenants.push_back(made);
  return config;
}

/// Two nodes, driven by the test's thread; what they say to each other waits in `post`.
struct Pair {
  troupe::testing::ManualClock clock;
  boost::asio::io_context io{1};
  std::map<std::string, std::unique_ptr<Company>> nodes;
  std::vector<std::tuple<std::string, std::string, users::Message>> post;
  bool cut = false;

  explicit Pair(const std::shared_ptr<config::Config>& config) {
    for (const std::string name : {"a", "b"}) {
      CompanyOptions options;
      options.config = config;
      options.threads = {&io};
      options.clock = &clock;
      options.caller_runs_threads = true;
      options.node = name;
      options.users_send = [this, name](const std::string& to, const users::Message& message) {
        post.emplace_back(name, to, message);
      };
      nodes[name] = Company::start(std::move(options));
    }
    nodes["a"]->members({"b"});
    nodes["b"]->members({"a"});
    run();
  }

  void run() {
    for (bool busy = true; busy;) {
      io.restart();
      busy = io.poll() > 0;
      for (auto& [from, to, message] : std::exchange(post, {})) {
        busy = true;
        if (!cut && nodes.contains(to)) nodes[to]->hear_users(from, message);
      }
    }
  }
  void pass(Duration span) {
    for (Duration gone{0}; gone < span; gone += 20ms) {
      clock.advance(20ms);
      for (auto& [name, node] : nodes) node->tick();
      run();
    }
  }

  /// An answer that may take until the next `run()` or `pass()`.
  std::shared_ptr<std::optional<Admission>> asking(const std::string& node, const std::string& user) {
    auto answer = std::make_shared<std::optional<Admission>>();
    boost::asio::co_spawn(
        io, nodes[node]->desk(0).admit("acme", user, {10}, {10}),
        [answer](std::exception_ptr, Admission admission) { *answer = std::move(admission); });
    run();
    return answer;
  }
  Admission admit(const std::string& node, const std::string& user) { return asking(node, user)->value(); }
  void settle(const std::string& node, const Admission& admission, bool called = true) {
    Usage usage;
    usage.input = usage.output = {10};
    nodes[node]->desk(0).settle_tenant("acme", admission.permit, usage, called, 0ms);
    run();
  }
  /// One whose home is `node`.
  static std::string user_of(const std::string& node) {
    for (int i = 0;; ++i) {
      const auto user = "user " + std::to_string(i);
      if (users::Place{"acme", 0, cache::Ring("a", {"b"}), {}}.home_of(user) == node) return user;
    }
  }
  nlohmann::json detail(const std::string& node) {
    nlohmann::json found;
    auto look = [&](std::exception_ptr, std::vector<ActorInfo> all) {
      for (auto& info : all)
        if (info.type == "tenant") found = info.detail;
    };
    boost::asio::co_spawn(io, nodes[node]->inspect(), look);
    run();
    return found;
  }
};

}  // namespace

TEST_CASE("a user has his limit once over all nodes, and is refused in the same words everywhere") {
  Pair pair(limited(rpm(2)));
  for (const auto& user : {Pair::user_of("a"), Pair::user_of("b")}) {
    const auto first = pair.admit("a", user);
    CHECK(first.permit != 0);
    CHECK((first.requests.limit == 2 && first.requests.remaining == 1));
    CHECK(pair.admit("b", user).requests.remaining == 0);
    for (const std::string node : {"a", "b"}) {
      const auto refused = pair.admit(node, user);
      REQUIRE(refused.refused);
      CHECK(refused.permit == 0);
      CHECK(refused.refused->fault == Fault::policy_rate_limited);
      CHECK(
          refused.refused->why ==
          "This user of the tenant 'acme' has reached the limit of 2 requests per minute that each user has "
          "(rpm).");
      CHECK(refused.refused->retry_at ==
            pair.clock.now() + 60s + 280ms);  // with policy::RateWindow::default_guard
    }
  }
}

TEST_CASE(
    "a call that ends on one node is free on the other, and what his tenant refuses is not the user's") {
  Pair pair(limited(concurrency(1), rpm(2)));
  const auto user = Pair::user_of("a");
  for (int i = 0; i < 2; ++i) {
    const auto admitted = pair.admit("b", user);
    REQUIRE(admitted.permit != 0);
    CHECK(pair.admit("a", user).refused);
    pair.settle("b", admitted);
  }
  const auto refused = pair.admit("b", user);  // the tenant's minute on this node
  REQUIRE(refused.refused);
  CHECK(refused.refused->why == "The tenant 'acme' has reached its limit of 2 requests per minute (rpm).");
  CHECK(pair.admit("a", user).permit != 0);
}

TEST_CASE("a home that does not answer is not waited for beyond its time, and the actor says so") {
  Pair pair(limited(rpm(1)));
  const auto user = Pair::user_of("a");
  pair.cut = true;
  const auto answer = pair.asking("b", user);
  CHECK_FALSE(*answer);
  pair.pass(80ms);
  CHECK_FALSE(*answer);
  pair.pass(20ms);
  REQUIRE(*answer);
  CHECK((*answer)->permit != 0);
  CHECK(pair.admit("b", user).refused);  // by its own count, at once
  CHECK(pair.detail("b")["user_homes"]["decided_alone"] == 2);
  CHECK(pair.detail("b")["user_homes"]["nodes"] == nlohmann::json{"a", "b"});
  pair.cut = false;
  pair.pass(1s);
  CHECK(pair.admit("a", user).refused);
}

TEST_CASE("who waits for a home when the actor crashes is asked for again, and nothing is counted twice") {
  Pair pair(limited(concurrency(1)));
  const auto user = Pair::user_of("a");
  pair.cut = true;
  const auto answer = pair.asking("b", user);
  REQUIRE_FALSE(*answer);
  pair.cut = false;
  auto& desk = dynamic_cast<ThreadDesk&>(pair.nodes["b"]->desk(0));
  caf::anon_send(*desk.seat_of("acme")->cell->door.handle(), Crash{});
  pair.run();
  REQUIRE(*answer);
  REQUIRE((*answer)->permit != 0);
  CHECK(pair.admit("a", user).refused);
  pair.settle("b", **answer);
  CHECK(pair.admit("a", user).permit != 0);
}

TEST_CASE("a node that goes hands over what its users have used") {
  Pair pair(limited(rpm(2)));
  const auto user = Pair::user_of("a");
  pair.settle("a", pair.admit("a", user));
  pair.nodes["a"]->hand_over_users();
  pair.run();
  pair.nodes.erase("a");
  pair.nodes["b"]->members({});
  pair.run();
  CHECK(pair.admit("b", user).permit != 0);
  CHECK(pair.admit("b", user).refused);
}
