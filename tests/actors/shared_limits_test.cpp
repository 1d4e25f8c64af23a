// What callers and operators are told of limits that nodes share.
#include <nlohmann/json.hpp>

#include "tests/actors/house.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::actors;
using namespace troupe::actors::testing;
using namespace std::chrono_literals;

namespace {

/// A tenant and a key of 100 requests per minute each, of which this node was lent three.
struct Village {
  std::shared_ptr<policy::Lease> lease = std::make_shared<policy::Lease>();
  std::shared_ptr<policy::Permits> rpm = std::make_shared<policy::Permits>(policy::LimitKind::window, lease);
  House house{configured(), nullptr, {}, {}, [this](const std::string&) {
                policy::Shares shares;
                shares.permits[0] = rpm;
                return shares;
              }};

  Village() {
    lease->prolong(house.clock.now() + 1h);
    rpm->grant(3);
  }
  static std::shared_ptr<config::Config> configured() {
    auto config = house_config({provider("p", {key("a", actors::testing::rpm(100))})}, {model("m", {"p/x"})});
    config->tenants.emplace_back().name = "acme";
    config->tenants.back().limits = actors::testing::rpm(100);
    return config;
  }
  /// What the allocator says of the whole cluster, as of now.
  void hear(policy::Units units, policy::Units left) {
    const auto now = house.clock.now();
    rpm->learn({units, left, now + 7s, now + 40s, now, 0}, rpm->taken());
  }
  Admission admit() { return house.get(house.desk().admit("acme", "", {10}, {10})); }
  nlohmann::json window(const char* type, const char* name) {
    return house.inspect(type, name).detail["windows"][0];
  }
};

}  // namespace

TEST_CASE("a caller is told what is left of its limit in the whole cluster") {
  Village village;
  village.hear(100, 60);
  auto told = village.admit();
  CHECK(told.requests.limit == 100);
  CHECK(told.requests.remaining == 59);
  CHECK(told.requests.reset == 60s);
  village.hear(80, 30);
  told = village.admit();
  CHECK(told.requests.limit == 80);  // another node has a smaller one in force
  CHECK(told.requests.remaining == 29);
}

TEST_CASE("before anything is known of the cluster a caller is told of this node") {
  Village village;
  CHECK(village.admit().requests.remaining == 99);
}

TEST_CASE("a caller for whom other nodes may have permits is to wait a moment, else until some are free") {
  Village village;
  village.rpm->give_back(0);
  CHECK(village.admit().refused->wait_in_line);  // nothing is known
  village.hear(100, 60);
  CHECK(village.admit().refused->wait_in_line);
  village.hear(100, 0);
  const auto refused = village.admit().refused;
  REQUIRE(refused);
  CHECK_FALSE(refused->wait_in_line);
  CHECK(refused->retry_at == village.house.clock.now() + 7s);
  village.house.clock.advance(2s);
  CHECK(village.admit().refused->wait_in_line);  // that was long ago
}

TEST_CASE("operators see what all nodes used of a limit, what this one did, its share, and how old that is") {
  Village village;
  village.admit();
  village.hear(100, 60);
  village.admit();
  village.house.clock.advance(300ms);
  for (const auto* type : {"tenant", "key"}) {
    const auto window = village.window(type, type == std::string("key") ? "p/a" : "acme");
    CHECK(window["name"] == "rpm");
    CHECK(window["limit"] == 100);
    CHECK(window["used"] == 41);
    CHECK(window["used_ratio"] == Approx(0.41));
    CHECK(window["used_here"] == (type == std::string("key") ? 0 : 2));
    CHECK(window["share"] == 1);
    CHECK(window["shared"] == true);
    CHECK(window["age_s"] == Approx(0.3));
  }
}

TEST_CASE("of a limit that nothing is known about operators see this node's part, without an age") {
  Village village;
  village.admit();
  const auto window = village.window("tenant", "acme");
  CHECK(window["used"] == 1);
  CHECK(window["shared"] == true);
  CHECK(window["age_s"].is_null());
  const auto at_once = village.house.inspect("tenant", "acme").detail["windows"].back();
  CHECK(at_once["name"] == "concurrency");
  CHECK(at_once["shared"] == false);
}
