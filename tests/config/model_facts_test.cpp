#include "config/model_facts.hpp"

#include "tests/config/support.hpp"
#include "tests/support/catch.hpp"

using namespace troupe::config;
using troupe::Money;

namespace {

std::shared_ptr<const PriceCatalogue> catalogue() {
  auto made = PriceCatalogue::parse(
      R"({"format":1,"models":{
        "openai/big":{"input":1,"output":2,"context":1000,"max_input":800,"max_output":100,"vision":true,"tools":false,
                      "tiers":[{"above":500,"input":9,"output":9}]},
        "groq/big":{"input":7,"output":8},
        "bedrock/anthropic.claude-x-v1:0":{"input":3,"output":4},
        "bedrock/eu.anthropic.claude-x-v1:0":{"input":5,"output":6}}})");
  REQUIRE(made);
  return *made;
}

Provider provider(std::string name) {
  Provider made;
  made.name = std::move(name);
  return made;
}

Target target() {
  Target made;
  made.model = "big";
  return made;
}

}  // namespace

TEST_CASE("a provider's own name goes before its type in the catalogue") {
  CHECK(facts_of(catalogue().get(), provider("groq"), target())->input == Money{7});
  CHECK(facts_of(catalogue().get(), provider("mine"), target())->input == Money{1});
}

TEST_CASE("a server of one's own has not the vendor's prices and abilities") {
  auto own = provider("mine");
  own.base_url = "http://127.0.0.1:8000/v1";
  CHECK_FALSE(facts_of(catalogue().get(), own, target()));
}

TEST_CASE("what a target says of its model goes before the catalogue, field by field") {
  auto mine = target();
  mine.context_window = 2000;
  mine.can = {"tools", "reasoning"};
  mine.cannot = {"vision", "json_schema"};
  const auto facts = facts_of(catalogue().get(), provider("openai"), mine);
  REQUIRE(facts);
  CHECK(facts->longest_prompt() == 2000);
  CHECK(facts->max_output == 100);
  CHECK(facts->tools == true);
  CHECK(facts->reasons == true);
  CHECK(facts->vision == false);
  CHECK(facts->json == false);
  CHECK(facts->input == Money{1});
  CHECK(facts->tiers.size() == 1);
}

TEST_CASE("a price of the target's own holds for prompts of every length") {
  auto mine = target();
  mine.input_price = Money{3};
  const auto facts = facts_of(catalogue().get(), provider("openai"), mine);
  CHECK(facts_of(nullptr, provider("openai"), mine)->input == Money{3});
  CHECK(facts->input == Money{3});
  CHECK(facts->output == Money{2});
  CHECK(facts->tiers.empty());
}

TEST_CASE("a model that only its target knows has the facts that stand there and no others") {
  Target mine;
  mine.model = "unheard-of";
  mine.max_output = 5;
  const auto facts = facts_of(catalogue().get(), provider("openai"), mine);
  REQUIRE(facts);
  CHECK(facts->max_output == 5);
  CHECK_FALSE(facts->input);
  CHECK_FALSE(facts->vision);
}

TEST_CASE("a target's sizes and abilities are read from the file, and unknown abilities are named") {
  const auto models = [](const std::string& fields) {
    return kMock + "models: { m: { targets: [ { use: mock/x, " + fields + " } ] } }";
  };
  const auto good =
      load(models("context_window: 8000, max_output: 100, can: [ vision ], cannot: [ tools ]"), world());
  REQUIRE(good.config);
  const auto& read = good.config->models.at(0).targets.at(0);
  CHECK(read.context_window == 8000);
  CHECK(read.max_output == 100);
  CHECK(read.can == std::vector<std::string>{"vision"});
  CHECK(read.cannot == std::vector<std::string>{"tools"});
  CHECK(said(load(models("can: [ visoin ]"), world()).problems).find("vision") != std::string::npos);
  const auto both = said(load(models("can: [ tools ], cannot: [ tools ]"), world()).problems);
  CHECK(both.find("targets[0].cannot: \"tools\" stands in can as well") != std::string::npos);
}

TEST_CASE("Bedrock's profiles are priced as their region, else as their model") {
  auto bedrock = provider("aws");
  bedrock.type = ProviderType::bedrock;
  const auto price = [&](const char* model) {
    auto one = target();
    one.model = model;
    const auto facts = facts_of(catalogue().get(), bedrock, one);
    return facts ? facts->input : std::nullopt;
  };
  CHECK(price("anthropic.claude-x-v1:0") == Money{3});
  CHECK(price("eu.anthropic.claude-x-v1:0") == Money{5});
  CHECK(price("us.anthropic.claude-x-v1:0") == Money{3});
  CHECK(price("arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.anthropic.claude-x-v1:0") ==
        Money{5});
  CHECK(price("arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-x-v1:0") == Money{3});
  CHECK_FALSE(price("arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2"));
  CHECK_FALSE(price("mars.anthropic.claude-x-v1:0"));
  bedrock.base_url = "https://proxy.example";
  CHECK_FALSE(price("us.anthropic.claude-x-v1:0"));
}
