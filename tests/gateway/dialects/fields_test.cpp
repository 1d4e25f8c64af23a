#include "gateway/dialects/fields.hpp"

#include <array>

#include "tests/support/catch.hpp"

namespace troupe::dialects {

TEST_CASE("a body is an object or a refusal") {
  CHECK(read_body(R"({"a":1})")->at("a") == 1);
  for (const auto* odd : {"", "[]", "1", "{", "{\"a\":1e999}"}) {
    const auto body = read_body(odd);
    REQUIRE_FALSE(body);
    CHECK(body.error().code == "invalid_json");
  }
}

TEST_CASE("one text is as good as a list of one") {
  const Json from = {{"one", "a"}, {"two", {"a", 1, "b"}}, {"none", 3}};
  CHECK(texts(from, "one") == std::vector<std::string>{"a"});
  CHECK(texts(from, "two") == std::vector<std::string>{"a", "b"});
  CHECK(texts(from, "none").empty());
  CHECK(texts(from, "absent").empty());
}

TEST_CASE("what nobody knows is kept, and null is nothing") {
  constexpr std::array<std::string_view, 1> kKnown{"model"};
  Conversation talk;
  keep_extras({{"model", "m"}, {"new", 1}, {"gone", nullptr}}, kKnown, talk);
  REQUIRE(talk.extras.size() == 1);
  CHECK(talk.extras[0].first == "new");
}

}  // namespace troupe::dialects
