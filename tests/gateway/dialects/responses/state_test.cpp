#include "gateway/dialects/responses/state.hpp"

#include "gateway/dialects/responses/codec.hpp"
#include "tests/support/catch.hpp"

namespace troupe::dialects::responses {
namespace {

std::string leans_on(std::string_view body) {
  const auto talk = codec().decode_request(body);
  REQUIRE(talk);
  const auto error = needs_native(*talk);
  return error ? error->param : "";
}

}  // namespace

TEST_CASE("what leans on the provider's memory is named") {
  CHECK(leans_on(R"({"input":"x"})").empty());
  CHECK(leans_on(R"({"input":"x","previous_response_id":"resp_1"})") == "previous_response_id");
  CHECK(leans_on(R"({"input":"x","conversation":{"id":"conv_1"}})") == "conversation");
  CHECK(leans_on(R"({"prompt":{"id":"pmpt_1"}})") == "prompt");
  CHECK(leans_on(R"({"input":"x","background":true})") == "background");
  CHECK(leans_on(R"({"input":"x","background":false,"previous_response_id":null})").empty());
  CHECK(leans_on(R"({"input":[{"type":"item_reference","id":"msg_1"}]})") == "input");
}

TEST_CASE("fields of the same names in another dialect mean nothing here") {
  Conversation talk;
  talk.extras.emplace_back("prompt", "x");
  CHECK_FALSE(needs_native(talk));
}

}  // namespace troupe::dialects::responses
