#include "config/prices.hpp"

#include "config/embedded_prices.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::config;

namespace {

std::shared_ptr<const PriceCatalogue> small(const std::string& models) {
  auto parsed = PriceCatalogue::parse("{\"format\":1,\"models\":{" + models + "}}");
  REQUIRE(parsed);
  return *parsed;
}

Usage usage(std::int64_t input, std::int64_t output) {
  Usage made;
  made.input = {input};
  made.output = {output};
  return made;
}

}  // namespace

TEST_CASE("the catalogue in the binary parses and knows the well-known models") {
  REQUIRE(PriceCatalogue::parse(embedded_prices()));
  const auto* model = PriceCatalogue::embedded()->find("openai", "gpt-4o");
  REQUIRE(model != nullptr);
  CHECK(model->id == "openai/gpt-4o");
  CHECK(model->input == Money{2'500'000});
  CHECK(model->output == Money{10'000'000});
  CHECK(model->context_window == 128000);
  CHECK(model->vision == true);
  CHECK(PriceCatalogue::embedded()->find("anthropic", "claude-sonnet-4-5") != nullptr);
}

TEST_CASE("the longest prompt is the window, or less where the answer has a part of it reserved") {
  CHECK(PriceCatalogue::embedded()->find("openai", "gpt-4o")->longest_prompt() == 128'000);
  CHECK(PriceCatalogue::embedded()->find("openai", "gpt-5")->longest_prompt() == 272'000);
  ModelInfo info;
  CHECK(info.longest_prompt() == 0);
  info.max_input = 7;
  CHECK(info.longest_prompt() == 7);
  info.context_window = 5;
  CHECK(info.longest_prompt() == 5);
}

TEST_CASE("a model is found by its dated name and by its aliases") {
  const auto& all = *PriceCatalogue::embedded();
  CHECK(all.find("openai", "gpt-4o-2024-08-06")->id == "openai/gpt-4o-2024-08-06");
  CHECK(all.find("openai", "gpt-4o-mini-2024-07-18")->id == "openai/gpt-4o-mini");
  CHECK(all.find("openai", "gpt-4o-2031-01-01")->id == "openai/gpt-4o");
  CHECK(all.find("anthropic", "claude-sonnet-4-5-20250929") != nullptr);
  CHECK(all.find("anthropic", "claude-3-5-haiku-20241022") != nullptr);
}

TEST_CASE("an unknown model has no price, and a tuned one never its base model's") {
  const auto catalogue = small(R"("v/base":{"input":1},"v/ft:base":{"input":9})");
  CHECK(catalogue->find("v", "other") == nullptr);
  CHECK(catalogue->find("w", "base") == nullptr);
  CHECK(catalogue->find("v", "ft:base-2024-08-06:org::id")->input == Money{9});
  CHECK(catalogue->find("v", "ft:other:org::id") == nullptr);
}

TEST_CASE("a model's own entry goes before another one's alias") {
  const auto catalogue = small(R"("v/a":{"input":1,"aliases":["b","c"]},"v/b":{"input":2})");
  CHECK(catalogue->find("v", "b")->input == Money{2});
  CHECK(catalogue->find("v", "c")->input == Money{1});
}

TEST_CASE("input and output are charged exactly") {
  const auto catalogue = small(R"("v/m":{"input":2500000,"output":10000000})");
  CHECK(cost_of(*catalogue->find("v", "m"), usage(3, 7)) == Money{77'500'000});
}

TEST_CASE("cached reads and writes have their own price, one-hour writes twice the input's") {
  const auto catalogue = small(R"("v/m":{"input":100,"output":500,"cached_read":10,"cached_write":125})");
  auto used = usage(1000, 10);
  used.cached_read = {600};
  used.cached_write = {300};
  used.cached_write_1h = {100};
  CHECK(cost_of(*catalogue->find("v", "m"), used) ==
        Money{100 * 100 + 600 * 10 + 200 * 125 + 100 * 200 + 10 * 500});
}

TEST_CASE("reasoning is charged as output unless it has its own price") {
  const auto catalogue =
      small(R"("v/a":{"input":1,"output":10},"v/b":{"input":1,"output":10,"reasoning":30})");
  auto used = usage(0, 8);
  used.reasoning = {5};
  CHECK(cost_of(*catalogue->find("v", "a"), used) == Money{80});
  CHECK(cost_of(*catalogue->find("v", "b"), used) == Money{3 * 10 + 5 * 30});
}

TEST_CASE("a prompt above the tier is charged by the tier, the whole of it") {
  const auto catalogue = small(
      R"("v/m":{"input":1,"output":10,"tiers":[{"above":200,"input":2,"output":15},{"above":400,"input":3,"output":20}]})");
  const auto& model = *catalogue->find("v", "m");
  CHECK(cost_of(model, usage(200, 1)) == Money{210});
  CHECK(cost_of(model, usage(201, 1)) == Money{402 + 15});
  CHECK(cost_of(model, usage(500, 1)) == Money{1520});
}

TEST_CASE("a needed price that is unknown makes the cost unknown, never zero") {
  const auto catalogue = small(R"("v/m":{"input":1})");
  const auto& model = *catalogue->find("v", "m");
  CHECK(cost_of(model, usage(5, 1)) == std::nullopt);
  CHECK(cost_of(model, usage(5, 0)) == Money{5});
  auto cached = usage(5, 0);
  cached.cached_read = {2};
  CHECK(cost_of(model, cached) == std::nullopt);
}

TEST_CASE("figures that contradict each other or overflow cost something finite") {
  const auto catalogue = small(R"("v/m":{"input":1000,"output":1000,"cached_read":1})");
  auto odd = usage(10, -3);
  odd.cached_read = {50};
  CHECK(cost_of(*catalogue->find("v", "m"), odd) == Money{10});
  CHECK(cost_of(*catalogue->find("v", "m"), usage(INT64_MAX, 1)) == Money{INT64_MAX});
}

TEST_CASE("a catalogue with a mistake is refused with its place") {
  const auto wrong = [](const std::string& models) {
    const auto parsed = PriceCatalogue::parse("{\"format\":1,\"models\":{" + models + "}}");
    return parsed ? std::string("parsed") : parsed.error().message;
  };
  CHECK(wrong(R"("v/m":{"input":-1})").find("models[\"v/m\"]: \"input\"") != std::string::npos);
  CHECK(wrong(R"("v/m":{"inptu":1})").find("unknown field \"inptu\"") != std::string::npos);
  CHECK(wrong(R"("m":{})").find("without its vendor") != std::string::npos);
  CHECK_FALSE(PriceCatalogue::parse("{"));
  CHECK_FALSE(PriceCatalogue::parse(R"({"format":2,"models":{}})"));
}
