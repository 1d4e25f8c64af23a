#include "gateway/mock/ask.hpp"

#include "tests/support/catch.hpp"

using namespace troupe::mock;

TEST_CASE("a request without model or messages is refused with the provider's words") {
  CHECK(read_openai(Json::parse(R"({"messages":[]})")).error().param == "model");
  CHECK(read_openai(Json::parse(R"({"model":"m"})")).error().code == "missing_required_parameter");
  CHECK(read_openai(Json::parse(R"({"model":"m","messages":[]})")).error().param == "messages");
  CHECK_FALSE(read_openai(Json::parse("[]")));
}

TEST_CASE("Anthropic's requests need max_tokens, counting does not") {
  const auto body = Json::parse(R"({"model":"m","messages":[{"role":"user","content":"hi there"}]})");
  CHECK(read_anthropic(body, false).error().message == "max_tokens: Field required");
  CHECK(read_anthropic(body, true)->input_tokens == 6);
}

TEST_CASE("Anthropic's tools and results are understood") {
  const auto ask = read_anthropic(Json::parse(R"({"model":"m","max_tokens":9,"tool_choice":{"type":"any"},
    "tools":[{"name":"f","input_schema":{"type":"object"}}],"messages":[{"role":"user","content":[
    {"type":"tool_result","tool_use_id":"x","content":"done"}]}]})"),
                                  false);
  REQUIRE(ask);
  CHECK(ask->after_tool);
  CHECK(ask->tool_choice == "required");
  CHECK(ask->tools[0].name == "f");
}

TEST_CASE("fields of the wrong type are no crash") {
  CHECK(read_openai(Json::parse(R"({"model":"m","messages":[1,null,{"content":7}],"tools":{},"n":"x",
    "stream_options":3,"response_format":[],"tool_choice":{}})")));
}
