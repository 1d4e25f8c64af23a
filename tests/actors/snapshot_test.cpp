#include "actors/snapshot.hpp"

#include "actors/cells.hpp"
#include "tests/actors/house.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::actors;
using namespace troupe::actors::testing;

namespace {

/// Knows one model of vendor "openai": priced, 1000 tokens long, blind.
class OneModel final : public config::PriceCatalogue {
 public:
  OneModel() {
    info_.id = "openai/x";
    info_.input = from_dollars(0.001);
    info_.output = from_dollars(0.002);
    info_.context_window = 1000;
    info_.vision = false;
  }
  const config::ModelInfo* find(std::string_view vendor, std::string_view model) const override {
    return vendor == "openai" && model == "x" ? &info_ : nullptr;
  }

 private:
  config::ModelInfo info_;
};

struct Fixture {
  troupe::testing::ManualClock clock;
  Cells cells{clock, 1};
  std::shared_ptr<const config::PriceCatalogue> prices = std::make_shared<OneModel>();

  std::shared_ptr<const Snapshot> make(std::shared_ptr<const config::Config> config) {
    return make_snapshot(std::move(config), prices, 1, cells);
  }
};

}  // namespace

TEST_CASE("a target becomes an endpoint for each key of its provider, weighted by both") {
  Fixture fixture;
  auto config = house_config({provider("p", {key("a"), key("b")})}, {model("m", {"p/x"})});
  config->providers[0].keys[1].weight = 3;
  config->models[0].targets[0].weight = 2;
  const auto snapshot = fixture.make(config);
  const auto& endpoints = snapshot->alias("m")->endpoints;
  REQUIRE(endpoints.size() == 2);
  CHECK(endpoints[0]->key->id == "p/a");
  CHECK(endpoints[0]->weight == 2);
  CHECK(endpoints[1]->weight == 6);
  CHECK(endpoints[1]->index == 1);
}

TEST_CASE("a target that names a key has only that one") {
  Fixture fixture;
  auto config = house_config({provider("p", {key("a"), key("b")})}, {model("m", {"p/x"})});
  config->models[0].targets[0].key = "b";
  const auto snapshot = fixture.make(config);
  REQUIRE(snapshot->alias("m")->endpoints.size() == 1);
  CHECK(snapshot->alias("m")->endpoints[0]->key->key.name == "b");
}

TEST_CASE("prices come from the catalogue by the provider's type, and the target overrides them") {
  Fixture fixture;
  auto config = house_config({provider("p", {key("a")})}, {model("m", {"p/x", "p/unknown"})});
  config->models[0].targets[0].output_price = from_dollars(5);
  const auto snapshot = fixture.make(config);
  const auto& endpoints = snapshot->alias("m")->endpoints;
  CHECK(endpoints[0]->price.input == from_dollars(0.001));
  CHECK(endpoints[0]->price.output == from_dollars(5));
  CHECK(endpoints[0]->context_window == 1000);
  CHECK_FALSE(endpoints[1]->price.input);
  CHECK(endpoints[1]->context_window == 0);
}

TEST_CASE("a private server of type openai is not taken to have OpenAI's prices") {
  Fixture fixture;
  auto config = house_config({provider("p", {key("a")})}, {model("m", {"p/x"})});
  config->providers[0].base_url = "http://127.0.0.1:8000/v1";
  CHECK_FALSE(fixture.make(config)->alias("m")->endpoints[0]->price.input);
}

TEST_CASE("a key keeps its cell over revisions, a new one gets its own") {
  Fixture fixture;
  const auto before = fixture.make(house_config({provider("p", {key("a")})}, {}));
  const auto after = fixture.make(house_config({provider("p", {key("b"), key("a")})}, {}));
  CHECK(after->keys[1]->cell == before->keys[0]->cell);
  CHECK(after->keys[0]->cell != before->keys[0]->cell);
}

TEST_CASE(
    "what the request rules out is not a candidate: blind models for images, short ones for long prompts") {
  Fixture fixture;
  House house(house_config({provider("p", {key("a")})}, {model("m", {"p/x"})}), fixture.prices);
  const auto with = [](auto change) {
    auto ask = asking("m");
    auto facts = *ask.facts;
    change(facts);
    ask.facts = std::make_shared<RequestFacts>(facts);
    return ask;
  };
  CHECK(house.refused(with([](auto& facts) { facts.images = true; })).fault == Fault::policy_no_target);
  CHECK(house.refused(with([](auto& facts) { facts.input = {2000}; })).fault ==
        Fault::caller_context_too_long);
  CHECK(house.refused(with([](auto& facts) { facts.max_cost = from_dollars(0.001); })).fault ==
        Fault::policy_over_cost);
  house.settle(house.granted(with([](auto& facts) { facts.max_cost = from_dollars(1); })));
}

TEST_CASE("a refusal names what the model cannot do, and the target's word goes before the catalogue's") {
  Fixture fixture;
  auto config = house_config({provider("p", {key("a")})}, {model("m", {"p/x", "p/y"})});
  auto& targets = config->models[0].targets;
  targets[0].cannot = {"tools"};
  targets[1].cannot = {"vision", "json_schema"};
  targets[1].context_window = 3000;
  House house(config, fixture.prices);
  const auto why = [&](auto change) {
    auto ask = asking("m");
    auto facts = *ask.facts;
    change(facts);
    ask.facts = std::make_shared<RequestFacts>(facts);
    return house.refused(ask).why;
  };
  CHECK(why([](auto& facts) { facts.images = true; }) ==
        "nothing of 'm' is available: p/a: no_vision, p/a: no_vision");
  CHECK(why([](auto& facts) {
          facts.tools = facts.images = true;
        }).ends_with("p/a: no_vision, p/a: no_vision"));
  CHECK(why([](auto& facts) {
          facts.tools = facts.json_schema = true;
        }).ends_with("p/a: no_tools, p/a: no_json_schema"));
  CHECK(why([](auto& facts) { facts.input = {4000}; }).ends_with("p/a: context_window, p/a: context_window"));
  auto ask = asking("m");
  auto facts = *ask.facts;
  facts.input = {2000};
  facts.tools = true;
  ask.facts = std::make_shared<RequestFacts>(facts);
  auto granted = house.granted(ask);
  CHECK(granted.endpoint->model == "y");
  house.settle(granted);
}

TEST_CASE("an endpoint carries the catalogue's facts, with the target's own prices over them") {
  Fixture fixture;
  auto config = house_config({provider("openai", {key("a")})}, {model("m", {"openai/x", "openai/y"})});
  config->models[0].targets[0].output_price = from_dollars(0.5);
  const auto snapshot = fixture.make(config);
  const auto& endpoints = snapshot->alias("m")->endpoints;
  REQUIRE(endpoints.size() == 2);
  REQUIRE(endpoints[0]->info);
  CHECK(endpoints[0]->info->input == from_dollars(0.001));
  CHECK(endpoints[0]->info->output == from_dollars(0.5));
  CHECK(endpoints[0]->price.output == from_dollars(0.5));
  CHECK_FALSE(endpoints[1]->info);
}
