#include "actors/supervisor.hpp"

#include <map>
#include <string>

#include "tests/actors/house.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::actors;
using namespace troupe::actors::testing;
using namespace std::chrono_literals;

TEST_CASE("a key actor that crashed is restarted with its window, and its permits can still be settled") {
  House house(house_config({provider("p", {key("a", rpm(3))})}, {model("m", {"p/x"})}));
  house.settle(house.granted("m"));
  const auto in_flight = house.granted("m");
  REQUIRE(house.company->crash_key("p/a"));
  house.run();
  const auto restarted = house.inspect("key", "p/a");
  CHECK(restarted.restarts == 1);
  CHECK(restarted.detail["in_flight"] == 1);
  house.settle(in_flight);
  const auto settled = house.inspect("key", "p/a");
  CHECK(settled.detail["in_flight"] == 0);
  CHECK(settled.detail["permits"]["ignored"] == 0);
  house.settle(house.granted("m"));
  CHECK(house.refused("m").fault == Fault::troupe_no_capacity);
}

TEST_CASE("an open breaker is still open after a crash") {
  auto config = house_config({provider("p", {key("a")})}, {model("m", {"p/x"})});
  config->breaker.failures = 1;
  House house(config);
  house.settle(house.granted("m"), Fault::provider_server_error);
  house.company->crash_key("p/a");
  house.run();
  CHECK(house.inspect("key", "p/a").detail["breaker"]["state"] == "open");
  CHECK(house.refused("m").fault == Fault::troupe_all_open);
}

TEST_CASE("a permit settled while its key is down is settled when the key is back") {
  House house(house_config({provider("p", {key("a", concurrency(1))})}, {model("m", {"p/x"})}));
  const auto granted = house.granted("m");
  house.company->crash_key("p/a");  // not run yet: the crash is on its way
  Settlement settlement;
  house.desk().settle(granted, settlement);
  house.run();
  const auto key = house.inspect("key", "p/a");
  CHECK(key.restarts == 1);
  CHECK(key.detail["in_flight"] == 0);
  house.settle(house.granted("m"));
}

TEST_CASE("a request that meets a crashing key is asked again and answered") {
  House house(house_config({provider("p", {key("a")})}, {model("m", {"p/x"})}));
  for (int i = 0; i < 20; ++i) {
    house.company->crash_key("p/a");
    house.settle(house.granted("m"));
  }
  CHECK(house.inspect("key", "p/a").restarts == 20);
}

TEST_CASE("a key that crashes over and over is given up, and the others serve") {
  House house(house_config({provider("p", {key("a"), key("b")})}, {model("m", {"p/x"})}));
  for (std::uint64_t i = 0; i <= Cast::kMaxRestarts; ++i) {
    REQUIRE(house.company->crash_key("p/a"));
    house.run();
  }
  CHECK_FALSE(house.company->crash_key("p/a"));
  for (int i = 0; i < 10; ++i) CHECK(house.granted("m").endpoint->key->id == "p/b");
}

TEST_CASE("when the only key is given up, asking again helps only after a moment") {
  House house(house_config({provider("p", {key("a")})}, {model("m", {"p/x"})}));
  for (std::uint64_t i = 0; i <= Cast::kMaxRestarts; ++i) {
    house.company->crash_key("p/a");
    house.run();
  }
  const auto refused = house.refused("m");
  CHECK(refused.fault == Fault::troupe_no_capacity);
  CHECK(refused.retry_at > house.clock.now());
  CHECK(refused.retry_at < house.clock.now() + 1s);
}

TEST_CASE("there is no key to crash under an unknown name") {
  House house(house_config({provider("p", {key("a")})}, {}));
  CHECK_FALSE(house.company->crash_key("p/b"));
  CHECK_FALSE(house.company->crash_key("a"));
}

TEST_CASE("a reload keeps what a key has used and applies its new limit") {
  House house(house_config({provider("p", {key("a", rpm(2))})}, {model("m", {"p/x"})}));
  house.settle(house.granted("m"));
  house.settle(house.granted("m"));
  house.company->apply(house_config({provider("p", {key("a", rpm(3))})}, {model("m", {"p/x"})}));
  house.run();
  house.settle(house.granted("m"));
  CHECK(house.refused("m").fault == Fault::troupe_no_capacity);
  CHECK(house.inspect("key", "p/a").restarts == 0);
}

TEST_CASE("a reload brings keys and aliases, and takes them away") {
  House house(house_config({provider("p", {key("a")})}, {model("m", {"p/x"})}));
  const auto before = house.granted("m");
  house.company->apply(house_config({provider("q", {key("b")})}, {model("n", {"q/y"})}));
  house.run();
  CHECK(house.refused("m").fault == Fault::caller_unknown_model);
  CHECK(house.granted("n").endpoint->key->id == "q/b");
  CHECK_THROWS(house.inspect("key", "p/a"));
  CHECK_THROWS(house.inspect("line", "m"));
  CHECK_NOTHROW(house.inspect("line", "n"));
  house.settle(before);  // of a key that is gone: no harm
}

TEST_CASE("a key that is removed and comes back remembers what it used") {
  const auto with = house_config({provider("p", {key("a", rpm(1))})}, {model("m", {"p/x"})});
  const auto without = house_config({provider("p", {key("b", rpm(1))})}, {model("m", {"p/x"})});
  House house(with);
  house.settle(house.granted("m"));
  house.company->apply(without);
  house.company->apply(with);
  house.run();
  CHECK(house.refused("m").fault == Fault::troupe_no_capacity);
  CHECK_NOTHROW(house.inspect("key", "p/a"));
}

TEST_CASE("a dead key whose secret changed is tried again") {
  auto config = house_config({provider("p", {key("a")})}, {model("m", {"p/x"})});
  House house(config);
  house.settle(house.granted("m"), Fault::provider_key_dead);
  CHECK(house.refused("m").retry_at == kNever);
  auto same = std::make_shared<config::Config>(*config);
  house.company->apply(same);
  house.run();
  house.refused("m");
  auto changed = std::make_shared<config::Config>(*config);
  changed->providers[0].keys[0].secret = config::Secret("another");
  house.company->apply(changed);
  house.run();
  house.settle(house.granted("m"));
}

TEST_CASE("every actor tells its type, name, parent and what it did last") {
  House house(house_config({provider("p", {key("a"), key("b")})}, {model("m", {"p/x"})}));
  house.settle(house.granted("m"));
  std::map<std::string, int> types;
  for (const auto& actor : house.inspect()) {
    ++types[actor.type];
    CHECK(actor.id != 0);
    CHECK_FALSE(actor.name.empty());
    CHECK(actor.node == "node-1");
    CHECK(actor.state != "busy");
    CHECK(actor.last_message == "Inspect");
    CHECK(actor.parent == (actor.type == "supervisor" ? "" : "company"));
  }
  CHECK(types ==
        std::map<std::string, int>{{"key", 2}, {"line", 2}, {"prober", 1}, {"router", 1}, {"supervisor", 1}});
  const auto router = house.inspect("router", "0");
  CHECK(router.messages >= 2);
}

TEST_CASE("a key tells its windows, breaker, latencies and permits") {
  config::Limits limits;
  limits.rpm = 10;
  limits.tpm = 1000;
  House house(house_config({provider("p", {key("a", limits)})}, {model("m", {"p/x"})}));
  house.settle(house.granted("m"));
  house.settle(house.granted("m"), Fault::provider_server_error);
  house.clock.advance(2s);
  const auto detail = house.inspect("key", "p/a").detail;
  CHECK(detail["state"] == "closed");
  CHECK(detail["last_fault"] == "provider_server_error");
  CHECK(detail["last_fault_ago_s"] == Approx(2));
  CHECK(detail["success_100"] == Approx(0.5));
  CHECK(detail["permits"]["settled"] == 2);
  CHECK(detail["latency"]["ttft_ms"]["p50"].get<double>() == Approx(100).epsilon(0.15));
  CHECK(detail["windows"][0]["name"] == "rpm");
  CHECK(detail["windows"][0]["limit"] == 10);
  CHECK(detail["windows"][0]["used"] == 2);
  CHECK(detail["windows"][0]["resets_s"].get<double>() > 50);
}
