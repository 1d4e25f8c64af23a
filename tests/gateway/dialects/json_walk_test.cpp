#include "gateway/dialects/json_walk.hpp"

#include "tests/support/catch.hpp"

using namespace troupe::dialects;

TEST_CASE("numbers follow the grammar, whatever their size") {
  for (const auto* good :
       {"0", "-0", "7", "10", "0.5", "-12.25", "1e5", "1E+5", "2.5e-10", "123456789012345678901234567890"}) {
    INFO(good);
    CHECK(json::is_number(good));
  }
  for (const auto* bad :
       {"", "-", "01", "+1", ".5", "1.", "1e", "1e+", "0x10", "1 ", "NaN", "1.5.2", "--1"}) {
    INFO(bad);
    CHECK_FALSE(json::is_number(bad));
  }
}

TEST_CASE("values are named as OpenAI names them") {
  CHECK(json::kind("{") == "an object");
  CHECK(json::kind("[") == "an array");
  CHECK(json::kind("\"x\"") == "a string");
  CHECK(json::kind("true") == "a boolean");
  CHECK(json::kind("null") == "null");
  CHECK(json::kind("12") == "an integer");
  CHECK(json::kind("1.5") == "a decimal");
}

TEST_CASE("a value's own bytes and its decoded length are found in place") {
  struct Row {
    std::string json, raw;
    std::size_t text;
  };
  const Row rows[] = {{R"( "a\nb" )", R"("a\nb")", 3},
                      {R"("\u00e9\ud83d\ude00")", R"("\u00e9\ud83d\ude00")", 6},
                      {R"({ "a" : [1, {"b":null}] } )", R"({ "a" : [1, {"b":null}] })", 25},
                      {"12 ", "12", 2}};
  for (const auto& row : rows) {
    simdjson::ondemand::parser parser;
    const simdjson::padded_string text("[" + row.json + "]");
    auto document = parser.iterate(text);
    simdjson::ondemand::array array;
    REQUIRE(document.get_array().get(array) == simdjson::SUCCESS);
    for (auto item : array) {
      json::Value value;
      REQUIRE(std::move(item).get(value) == simdjson::SUCCESS);
      const auto seen = json::check(value, 1);
      INFO(row.json);
      CHECK(seen.error == simdjson::SUCCESS);
      CHECK(seen.raw == row.raw);
      CHECK(seen.text == row.text);
    }
  }
}
