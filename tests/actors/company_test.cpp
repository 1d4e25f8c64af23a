#include "actors/company.hpp"

#include <map>
#include <string>

#include "tests/actors/house.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::actors;
using namespace troupe::actors::testing;
using namespace std::chrono_literals;

namespace {

std::shared_ptr<config::Config> two_keys() {
  return house_config({provider("p", {key("a"), key("b")})}, {model("m", {"p/x"})});
}

}  // namespace

TEST_CASE("a request for an alias gets a permit on one of its endpoints") {
  House house(house_config({provider("p", {key("a")})}, {model("m", {"p/x"})}));
  const auto granted = house.granted("m");
  CHECK(granted.permit != 0);
  CHECK(granted.endpoint->alias == "m");
  CHECK(granted.endpoint->model == "x");
  CHECK(granted.endpoint->key->id == "p/a");
  CHECK(granted.fallback == 0);
  CHECK_FALSE(granted.probe);
  house.settle(granted);
}

TEST_CASE("a name of the form provider/model needs no alias") {
  House house(house_config({provider("p", {key("a")})}, {}));
  const auto granted = house.granted("p/some/model");
  CHECK(granted.endpoint->model == "some/model");
  CHECK(granted.endpoint->key->provider->name == "p");
  house.settle(granted);
}

TEST_CASE("an unknown name is the caller's fault") {
  House house(house_config({provider("p", {key("a")})}, {model("m", {"p/x"})}));
  for (const auto* name : {"n", "q/x", "p/", "/x", ""}) {
    const auto refused = house.refused(name);
    CHECK(refused.fault == Fault::caller_unknown_model);
    CHECK(refused.retry_at == kNever);
    CHECK_FALSE(refused.wait_in_line);
  }
}

TEST_CASE("a provider without keys in the configuration has one that needs no secret") {
  House house(house_config({provider("mock", {})}, {}));
  CHECK(house.granted("mock/x").endpoint->key->id == "mock/default");
}

TEST_CASE("requests spread over the keys of a provider") {
  House house(house_config({provider("p", {key("a"), key("b"), key("c")})}, {model("m", {"p/x"})}));
  std::map<std::string, int> calls;
  for (int i = 0; i < 300; ++i) {
    const auto granted = house.granted("m");
    ++calls[granted.endpoint->key->id];
    house.settle(granted);
  }
  CHECK(calls.size() == 3);
  for (const auto& [key, count] : calls) CHECK(count > 50);
}

TEST_CASE("the limits of all keys together are what can be sent, and not one more") {
  House house(house_config({provider("p", {key("a", rpm(3)), key("b", rpm(4))})}, {model("m", {"p/x"})}));
  for (int i = 0; i < 7; ++i) house.settle(house.granted("m"));
  const auto refused = house.refused("m");
  CHECK(refused.fault == Fault::troupe_no_capacity);
  CHECK(refused.wait_in_line);
  REQUIRE(refused.retry_at != kNever);
  CHECK(refused.retry_at > house.clock.now());
  CHECK(refused.why.find("'m'") != std::string::npos);
  house.clock.advance(refused.retry_at - house.clock.now());
  house.settle(house.granted("m"));
}

TEST_CASE("a permit given back unused can be used again") {
  House house(house_config({provider("p", {key("a", rpm(1))})}, {model("m", {"p/x"})}));
  house.give_back(house.granted("m"));
  house.settle(house.granted("m"));
  CHECK(house.refused("m").fault == Fault::troupe_no_capacity);
}

TEST_CASE("a concurrency limit counts calls until they are settled") {
  House house(house_config({provider("p", {key("a", concurrency(2))})}, {model("m", {"p/x"})}));
  const auto one = house.granted("m"), two = house.granted("m");
  CHECK(house.refused("m").fault == Fault::troupe_no_capacity);
  house.settle(one);
  house.settle(house.granted("m"));
  house.settle(two);
}

TEST_CASE("fallback aliases are tried in order, unless the request switches them off") {
  House house(
      house_config({provider("p", {key("a", concurrency(1))}), provider("q", {key("b", concurrency(1))}),
                    provider("r", {key("c", concurrency(1))})},
                   {model("m", {"p/x"}, {"n", "o"}), model("n", {"q/y"}), model("o", {"r/z"})}));
  CHECK(house.granted("m").fallback == 0);
  const auto second = house.granted("m");
  CHECK(second.fallback == 1);
  CHECK(second.endpoint->alias == "n");
  auto strict = asking("m");
  auto facts = *strict.facts;
  facts.fallback = false;
  strict.facts = std::make_shared<RequestFacts>(facts);
  CHECK(house.refused(strict).fault == Fault::troupe_no_capacity);
  CHECK(house.granted("m").fallback == 2);
  CHECK(house.refused("m").fault == Fault::troupe_no_capacity);
}

TEST_CASE("what was tried is not tried again") {
  House house(two_keys());
  auto ask = asking("m");
  const auto first = house.granted(ask);
  ask.tried_keys.push_back(first.endpoint->key->index);
  const auto second = house.granted(ask);
  CHECK(second.endpoint->key->id != first.endpoint->key->id);
  ask.tried_providers.push_back("p");
  ask.tried_keys.clear();
  house.refused(ask);
}

TEST_CASE("a pinned key or provider is kept to") {
  House house(house_config({provider("p", {key("a"), key("b")}), provider("q", {key("c")})},
                           {model("m", {"p/x", "q/y"})}));
  const auto pinned = [](const std::string& to_provider, const std::string& to_key) {
    auto ask = asking("m");
    auto facts = *ask.facts;
    facts.pinned_provider = to_provider;
    facts.pinned_key = to_key;
    ask.facts = std::make_shared<RequestFacts>(facts);
    return ask;
  };
  for (int i = 0; i < 10; ++i) {
    CHECK(house.granted(pinned("q", "")).endpoint->key->id == "q/c");
    CHECK(house.granted(pinned("", "b")).endpoint->key->id == "p/b");
    CHECK(house.granted(pinned("p", "p/a")).endpoint->key->id == "p/a");
  }
  CHECK(house.refused(pinned("q", "a")).retry_at == kNever);
}

TEST_CASE("when every breaker is open the answer says so, or the least bad key is tried") {
  for (const auto policy : {config::WhenAllOpen::fail, config::WhenAllOpen::try_least_bad}) {
    auto config = house_config({provider("p", {key("a")})}, {model("m", {"p/x"})});
    config->breaker.failures = 2;
    config->breaker.when_all_open = policy;
    House house(config);
    for (int i = 0; i < 2; ++i) house.settle(house.granted("m"), Fault::provider_server_error);
    if (policy == config::WhenAllOpen::fail) {
      const auto refused = house.refused("m");
      CHECK(refused.fault == Fault::troupe_all_open);
      CHECK(refused.retry_at > house.clock.now());
    } else {
      house.settle(house.granted("m"));
    }
  }
}

TEST_CASE("an endpoint that fails loses weight when the alias adapts") {
  auto config =
      house_config({provider("p", {key("a")}), provider("q", {key("b")})}, {model("m", {"p/x", "q/x"})});
  config->models[0].adaptive_weights = true;
  config->models[0].strategy = config::Strategy::weighted;
  config->breaker.failures = 1000;
  config->breaker.min_requests = 1000;
  House house(config);
  std::map<std::string, int> calls;
  for (int i = 0; i < 200; ++i) {
    const auto granted = house.granted("m");
    const auto& id = granted.endpoint->key->id;
    ++calls[id];
    house.settle(granted, id == "p/a" ? std::optional(Fault::provider_server_error) : std::nullopt);
  }
  CHECK(calls["p/a"] < 40);
  CHECK(calls["p/a"] > 0);
}

TEST_CASE("a hedged alias says after how long, while hedges stay within their share") {
  auto config = house_config({provider("p", {key("a"), key("b")})}, {model("m", {"p/x"})});
  config::Hedge hedge;
  hedge.after = 250ms;
  hedge.max = 0.05;
  config->models[0].hedge = hedge;
  House house(config);
  auto granted = house.granted("m");
  CHECK(granted.hedge_after == std::optional<Duration>(250ms));
  auto again = asking("m");
  again.tried_keys.push_back(granted.endpoint->key->index);
  for (int i = 0; i < 20; ++i) CHECK(house.granted(again).hedge_after);  // retries are no hedges
  again.hedge = true;
  int hedged = 0;
  for (int i = 0; i < 20; ++i) hedged += std::holds_alternative<Granted>(house.route(again)) ? 1 : 0;
  CHECK(hedged == 3);
  CHECK(house.refused(again).why == "hedges of 'm' are at their share");
}

TEST_CASE("a hedge after the 95th percentile waits for one to be known") {
  auto config = house_config({provider("p", {key("a")})}, {model("m", {"p/x"})});
  config->models[0].hedge = config::Hedge{};
  House house(config);
  const auto first = house.granted("m");
  CHECK_FALSE(first.hedge_after);
  house.settle(first);
  const auto second = house.granted("m");
  REQUIRE(second.hedge_after);
  CHECK(*second.hedge_after >= 100ms);
  CHECK(*second.hedge_after < 150ms);
}

TEST_CASE("explaining a route spends nothing and names what was rejected and why") {
  House house(
      house_config({provider("p", {key("a", rpm(1)), key("b", rpm(5))})}, {model("m", {"p/x"}, {"n"})}));
  auto ask = asking("m");
  ask.tried_keys = {0};
  for (int i = 0; i < 10; ++i) {
    const auto told = house.get(house.company->explain(ask));
    CHECK(told["alias"] == "m");
    CHECK(told["strategy"] == "headroom");
    CHECK(told["chosen"] == "p/b/x");
    CHECK(told["candidates"].size() == 2);
    CHECK(told["candidates"][0]["rejected"] == "tried");
    CHECK(told["candidates"][1]["rejected"].is_null());
    CHECK(told["fallbacks"][0] == "n");
  }
  CHECK(house.get(house.company->explain(asking("zzz"))).contains("error"));
  CHECK(house.inspect("key", "p/b").detail["permits"]["granted"] == 0);
}
