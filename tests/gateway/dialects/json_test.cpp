#include "gateway/dialects/json.hpp"

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::dialects;

TEST_CASE("JSON that is nested too deep is none") {
  const auto nested = [](int depth) {
    return std::string(static_cast<std::size_t>(depth), '[') +
           std::string(static_cast<std::size_t>(depth), ']');
  };
  CHECK(read(nested(kMaxNesting)).is_array());
  CHECK(read(nested(kMaxNesting + 1)).is_discarded());
  CHECK(read(nested(1'000'000)).is_discarded());
  CHECK(read(R"({"a":")" + nested(1000) + R"(","b":"\"[[["})").is_object());
  CHECK(read("{oops").is_discarded());
  CHECK(read("\"\xff\"").is_discarded());
}

TEST_CASE("arguments are an object, whatever the model wrote") {
  CHECK(arguments_object(" ") == Json::object());
  CHECK(arguments_object(R"({"a":1})") == Json{{"a", 1}});
  CHECK(arguments_object("[1]") == Json{{"arguments", {1}}});
  CHECK(arguments_object("{oops") == Json{{"arguments", "{oops"}});
  CHECK(arguments_object(std::string(100'000, '['))["arguments"].is_string());
}
