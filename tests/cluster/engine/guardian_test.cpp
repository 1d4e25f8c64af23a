#include "cluster/engine/guardian.hpp"

#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"
#include "tests/support/manual_clock.hpp"

using namespace troupe;
using namespace troupe::cluster;
using namespace std::chrono_literals;

namespace {

std::shared_ptr<config::Config> configured() {
  auto config = std::make_shared<config::Config>();
  auto& cluster = config->cluster.emplace();
  cluster.node = "n1";
  cluster.listen = "127.0.0.1:7946";
  cluster.voters = {{"n1", "127.0.0.1:7946"}};
  auto& provider = config->providers.emplace_back();
  provider.name = "p";
  auto& key = provider.keys.emplace_back();
  key.name = "k";
  key.limits.rpm = 100;
  return config;
}

/// A node whose purse holds five permits under a long lease, watched as the engine does.
struct Post {
  troupe::testing::ManualClock clock;
  EngineOptions options{configured(), &clock, 1, {}, {}, {}, {}};
  State state{options, 7};
  Guardian guardian{500ms};
  std::vector<nlohmann::json> told;

  Post() {
    state.node.agent().lease()->prolong(clock.now() + 1h);
    permits().grant(5);
  }
  policy::Permits& permits() { return *state.permits.begin()->second; }
  void look(std::vector<link::PeerStats> peers = {}) {
    guardian.look(state, peers, clock.now(), [this](const std::string& kind, const nlohmann::json& what) {
      CHECK(kind == "alert");
      told.push_back(what);
    });
  }
};

link::PeerStats peer(link::State state, double error) {
  link::PeerStats out;
  out.state = state;
  out.clock.emplace();
  out.clock_error = error;
  return out;
}

}  // namespace

TEST_CASE("while all conditions hold the guardian says nothing and takes nothing away") {
  Post post;
  post.guardian.sent(100ms);  // of the guard were left: 400 ms
  post.guardian.ended(9min);
  post.look();
  CHECK(post.told.empty());
  CHECK(post.permits().free() == 5);
  CHECK(post.state.conditions.measured(Condition::send_delay, post.clock.now()).now == Approx(0.4));
}

TEST_CASE("a call that was sent too late has the node hand its free permits back, until it is calm again") {
  Post post;
  post.guardian.sent(400ms);
  post.guardian.sent(-1ms);
  post.guardian.sent(300ms);  // the worst counts
  post.look();
  REQUIRE(post.told.size() == 1);
  CHECK(post.told[0]["condition"] == "send_delay");
  CHECK(post.told[0]["holds"] == false);
  CHECK(post.told[0]["measured"] == Approx(0.501));
  CHECK(post.told[0]["bound"] == Approx(0.5));
  CHECK(post.permits().free() == 0);
  CHECK(post.permits().returned() == 5);
  post.clock.advance(9900ms);
  post.look();
  CHECK(post.told.size() == 1);  // said once
  post.clock.advance(100ms);
  post.look();
  REQUIRE(post.told.size() == 2);
  CHECK(post.told[1]["holds"] == true);
  post.permits().grant(3);
  post.look();
  CHECK(post.permits().free() == 3);
}

TEST_CASE("a call that lasted too long stops the node too") {
  Post post;
  post.guardian.ended(10min + 501ms);
  post.look();
  REQUIRE(post.told.size() == 1);
  CHECK(post.told[0]["condition"] == "longest_call");
  CHECK(post.permits().free() == 0);
}

TEST_CASE("only clocks of peers that are linked count") {
  Post post;
  post.look({peer(link::State::waiting, 2e-3), peer(link::State::connecting, 2e-3)});
  CHECK(post.told.empty());
  post.look({peer(link::State::up, 2e-3)});
  REQUIRE(post.told.size() == 1);
  CHECK(post.told[0]["condition"] == "clock_rate");
  CHECK(post.permits().free() == 0);
}

TEST_CASE("a node whose name another process has taken says so once, and never admits on permits again") {
  Post post;
  members::Member other;
  other.name = "n1";
  other.address = "127.0.0.1:7946";
  other.incarnation = 9;
  other.state = members::State::alive;
  post.state.members.tick(post.clock.now());
  post.state.members.hear("n2", members::Records{{other}}, post.clock.now());
  REQUIRE(post.state.members.usurped());
  for (int i = 0; i < 2; ++i) post.look();
  REQUIRE(post.told.size() == 1);
  CHECK(post.told[0]["alert"] == "name_taken");
  CHECK(post.permits().free() == 0);
  post.clock.advance(1min);
  post.look();
  CHECK(post.told.size() == 1);
}

TEST_CASE("the guardian looks ten times a second") {
  Post post;
  CHECK(post.guardian.due(post.clock.now()));
  post.look();
  post.clock.advance(99ms);
  CHECK_FALSE(post.guardian.due(post.clock.now()));
  post.clock.advance(1ms);
  CHECK(post.guardian.due(post.clock.now()));
}
