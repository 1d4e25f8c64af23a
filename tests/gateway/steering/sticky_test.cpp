#include "gateway/steering/sticky.hpp"

#include <string>

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::steering;
using config::StickyBy;

namespace {

dialects::Request request(const std::string& messages, const std::string& more = "",
                          const std::string& model = "m",
                          dialects::Operation operation = dialects::Operation::chat) {
  auto parsed = dialects::parse_request(
      operation, R"({"model":")" + model + R"(","messages":[)" + messages + "]" + more + "}");
  REQUIRE(parsed);
  return *std::move(parsed);
}

const std::string kSystem = R"({"role":"system","content":"Be kind."})";
const std::string kFirst = R"({"role":"user","content":"What is a fjord?"})";
const std::string kRest =
    R"({"role":"assistant","content":"A bay."},{"role":"user","content":"And a loch?"})";

std::uint64_t talk(const std::string& messages, const std::string& more = "", const std::string& tenant = "t",
                   const std::string& model = "m") {
  return sticky_of(StickyBy::conversation, tenant, request(messages, more, model));
}

}  // namespace

TEST_CASE("a conversation keeps its number while it grows") {
  const auto first = talk(kSystem + "," + kFirst);
  CHECK(first != 0);
  CHECK(first == talk(kSystem + "," + kFirst + "," + kRest));
  CHECK(first == talk(kSystem + "," + kFirst, R"(,"temperature":0.5)"));
}

TEST_CASE("another system prompt, question, model or tenant is another conversation") {
  const auto first = talk(kSystem + "," + kFirst);
  CHECK(first != talk(kFirst));
  CHECK(first != talk(kSystem + "," + R"({"role":"user","content":"What is a loch?"})"));
  CHECK(first != talk(kSystem + "," + kFirst, "", "t", "other"));
  CHECK(first != talk(kSystem + "," + kFirst, "", "other"));
}

TEST_CASE("a client that names its cache key decides itself what belongs together") {
  const std::string key = R"(,"prompt_cache_key":"thread-7")";
  CHECK(talk(kFirst, key) == talk(kSystem + "," + kFirst, key));
  CHECK(talk(kFirst, key) != talk(kFirst));
}

TEST_CASE("every dialect has its first question") {
  const auto message =
      request(kFirst, R"(,"max_tokens":5,"system":"Be kind.")", "m", dialects::Operation::messages);
  const auto more = request(kFirst + "," + kRest, R"(,"max_tokens":5,"system":"Be kind.")", "m",
                            dialects::Operation::messages);
  CHECK(sticky_of(StickyBy::conversation, "t", message) == sticky_of(StickyBy::conversation, "t", more));
}

TEST_CASE("users are told apart within their tenant, tenants by name, and nobody sticks to nothing") {
  const auto ann = request(kFirst, R"(,"user":"ann")"), bob = request(kFirst, R"(,"user":"bob")");
  const auto nobody = request(kFirst);
  CHECK(sticky_of(StickyBy::user, "t", ann) != sticky_of(StickyBy::user, "t", bob));
  CHECK(sticky_of(StickyBy::user, "t", ann) != sticky_of(StickyBy::user, "u", ann));
  CHECK(sticky_of(StickyBy::user, "t", nobody) == sticky_of(StickyBy::tenant, "t", ann));
  CHECK(sticky_of(StickyBy::tenant, "t", ann) == sticky_of(StickyBy::tenant, "t", bob));
  CHECK(sticky_of(StickyBy::tenant, "", ann) != sticky_of(StickyBy::tenant, "", bob));
  CHECK(sticky_of(StickyBy::tenant, "", nobody) == 0);
  CHECK(sticky_of(StickyBy::conversation, "", request(kSystem)) == 0);
}
