#include <nlohmann/json.hpp>

#include "tests/actors/house.hpp"
#include "tests/support/catch.hpp"

using namespace std::chrono_literals;

namespace troupe::actors::testing {
namespace {

std::shared_ptr<config::Config> probed_config() {
  auto config = house_config({provider("p", {key("a", rpm(3)), key("b")})}, {model("m", {"p/dear", "p/x"})});
  config->models[0].targets[0].input_price = config->models[0].targets[0].output_price = Money{2'000'000};
  config->models[0].targets[1].input_price = config->models[0].targets[1].output_price = Money{1'000'000};
  config->probes.emplace();
  config->probes->every = 10s;
  config->probes->prompt = "are you there";
  return config;
}

RouteAsk asking_of(const std::string& key) {
  auto facts = std::make_shared<RequestFacts>();
  facts->model = "m";
  facts->pinned_key = key;
  RouteAsk ask;
  ask.facts = std::move(facts);
  return ask;
}

std::optional<Probe> next(House& house) {
  return house.get(house.desk().next_probe());
}

/// A key that its provider refused, and the time at which its probe is due.
void kill(House& house, const std::string& key) {
  house.settle(house.granted(asking_of(key)), Fault::provider_key_dead);
  CHECK_FALSE(next(house));
  house.clock.advance(12s);
}

nlohmann::json prober(House& house) {
  return house.inspect("prober", "prober").detail;
}

TEST_CASE("a dead key is probed with its cheapest model, and one that passes revives it") {
  House house(probed_config());
  kill(house, "a");
  auto probe = next(house);
  REQUIRE(probe);
  CHECK(probe->granted.endpoint->key->id == "p/a");
  CHECK(probe->granted.endpoint->model == "x");
  CHECK(probe->prompt == "are you there");
  CHECK_FALSE(next(house));
  house.settle(probe->granted);
  house.desk().probed(*probe, std::nullopt, true);
  house.run();
  CHECK(house.inspect("key", "p/a").state == "half_open");
  CHECK(house.granted(asking_of("a")).probe);
  const auto told = prober(house);
  CHECK(told["passed"] == 1);
  CHECK(told["keys"][0]["key"] == "p/a");
  CHECK(told["keys"][0]["last"] == "passed");
}

TEST_CASE("a probe that fails leaves the key dead and comes again after the pause") {
  House house(probed_config());
  kill(house, "a");
  auto probe = next(house);
  REQUIRE(probe);
  house.settle(probe->granted, Fault::provider_key_dead);
  house.desk().probed(*probe, Fault::provider_key_dead, true);
  house.run();
  CHECK(house.inspect("key", "p/a").state == "dead");
  CHECK(prober(house)["keys"][0]["fault"] == "provider_key_dead");
  CHECK_FALSE(next(house));
  house.clock.advance(12s);
  CHECK(next(house));
}

TEST_CASE("a probe takes its place in the key's windows, and waits where there is none") {
  House house(probed_config());
  house.settle(house.granted(asking_of("a")));
  house.settle(house.granted(asking_of("a")));
  kill(house, "a");  // the third of three per minute
  CHECK_FALSE(next(house));
  CHECK(prober(house)["skipped"] == 1);
  house.clock.advance(60s);
  CHECK(next(house));
}

TEST_CASE("a node probes only the keys that are its own") {
  House house(probed_config(), nullptr, [](const std::string& key) { return key == "p/b"; });
  kill(house, "a");
  CHECK_FALSE(next(house));
  kill(house, "b");
  const auto probe = next(house);
  REQUIRE(probe);
  CHECK(probe->granted.endpoint->key->id == "p/b");
}

TEST_CASE("without a word about probes in the configuration there are none") {
  auto config = probed_config();
  config->probes.reset();
  House house(config);
  kill(house, "a");
  CHECK_FALSE(next(house));
  CHECK(house.inspect("prober", "prober").state == "off");
  auto with = probed_config();
  house.company->apply(with);
  house.run();
  CHECK_FALSE(next(house));
  house.clock.advance(12s);
  CHECK(next(house));
}

}  // namespace
}  // namespace troupe::actors::testing
