#include "gateway/cache/canonical.hpp"

#include <array>

#include "tests/support/catch.hpp"

using namespace troupe;

namespace {

std::string form(std::string_view body) {
  std::string out;
  REQUIRE(cache::append_canonical(body, out));
  return out;
}

bool same(std::string_view a, std::string_view b) {
  return form(a) == form(b);
}

bool refused(std::string_view body) {
  std::string out;
  return !cache::append_canonical(body, out);
}

}  // namespace

TEST_CASE("order of members and blanks do not matter, at any depth") {
  CHECK(same(R"({"a":1,"b":{"x":[1,2],"y":"z"}})", "{ \"b\" : {\"y\":\"z\",\n\"x\":[ 1,2 ]}, \"a\": 1 }"));
  CHECK(same(R"({"c":[{"q":1,"p":2},{"b":{"d":1,"c":2}}]})", R"({"c":[{"p":2,"q":1},{"b":{"c":2,"d":1}}]})"));
  CHECK(same(R"({"long name":1,"a":{"zz":{"m":1,"k":2},"yy":3},"b":4})",
             R"({"b":4,"long name":1,"a":{"yy":3,"zz":{"k":2,"m":1}}})"));
}

TEST_CASE("order within a list matters") {
  CHECK_FALSE(same(R"({"a":[1,2]})", R"({"a":[2,1]})"));
  CHECK_FALSE(same(R"({"a":[[1],2]})", R"({"a":[1,[2]]})"));
}

TEST_CASE("strings are what they say, not how they are escaped") {
  CHECK(same(R"({"a":"\u0041/\n"})", "{\"a\":\"A\\/\\u000a\"}"));
  CHECK(same(R"({"\u0061":"x"})", R"({"a":"x"})"));
  CHECK_FALSE(same(R"({"a":"x "})", R"({"a":"x"})"));
  CHECK_FALSE(same(R"({"a":"X"})", R"({"a":"x"})"));
}

TEST_CASE("numbers are compared by value") {
  CHECK(same(R"({"a":1})", R"({"a":1.0})"));
  CHECK(same(R"({"a":100})", R"({"a":1e2})"));
  CHECK(same(R"({"a":0.5})", R"({"a":0.50})"));
  CHECK_FALSE(same(R"({"a":0.5})", R"({"a":0.51})"));
  CHECK_FALSE(same(R"({"a":9223372036854775807})", R"({"a":9223372036854775806})"));
  CHECK_FALSE(same(R"({"a":123456789012345678901234567890})", R"({"a":123456789012345678901234567891})"));
}

TEST_CASE("values of different kinds are never the same") {
  CHECK_FALSE(same(R"({"a":1})", R"({"a":"1"})"));
  CHECK_FALSE(same(R"({"a":null})", R"({"a":false})"));
  CHECK_FALSE(same(R"({"a":null})", "{}"));
  CHECK_FALSE(same(R"({"a":[]})", R"({"a":{}})"));
  CHECK_FALSE(same(R"({"a":true})", R"({"a":false})"));
  CHECK_FALSE(same(R"({"a":["b","c"]})", R"({"a":["b,c"]})"));
  CHECK_FALSE(same(R"({"a":"k","b":"c"})", R"({"a":"kb","":"c"})"));
}

TEST_CASE("who asks, and what stands elsewhere in the key, is left out at the top and only there") {
  CHECK(
      same(R"({"a":1,"user":"u1","metadata":{"x":1},"model":"m","stream":true})", R"({"user":"u2","a":1})"));
  CHECK(same(R"({"a":1,"safety_identifier":"s","prompt_cache_key":"k","max_cost":1,"fallback":"off"})",
             R"({"a":1})"));
  CHECK_FALSE(same(R"({"a":{"user":"u1"}})", R"({"a":{"user":"u2"}})"));
  CHECK_FALSE(same(R"({"temperature":0})", R"({"temperature":1})"));
}

TEST_CASE("what is no object is refused, as is what is nested without end") {
  CHECK(refused("[]"));
  CHECK(refused(R"({"a":)"));
  CHECK(refused(R"({"a":[1,})"));
  CHECK(refused(R"({"a":"\ud800"})"));
  CHECK(refused("{\"a\":" + std::string(300, '[') + std::string(300, ']') + "}"));
}

TEST_CASE("a member that is refused may stand there only with nothing in it") {
  constexpr std::array<std::string_view, 1> no{"conversation"};
  std::string out;
  CHECK_FALSE(cache::append_canonical(R"({"conversation":"c"})", out, no));
  CHECK(cache::append_canonical(R"({"conversation":null,"a":{"conversation":"c"}})", out, no));
  CHECK(cache::append_canonical(R"({"conversation":false})", out, no));
}
