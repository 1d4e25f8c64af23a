// Converse requests, in the model's words.
#include "gateway/dialects/converse/codec.hpp"
#include "gateway/dialects/json.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::dialects;
using converse::codec;

TEST_CASE("what is no request names the field") {
  const auto param = [](std::string_view body) {
    const auto out = codec().decode_request(body);
    REQUIRE_FALSE(out);
    CHECK(out.error().fault == Fault::caller_bad_request);
    return out.error().param;
  };
  CHECK(param("[]") == "body");
  CHECK(param("{") == "body");
  CHECK(param(std::string(5000, '[')) == "body");
  CHECK(param("{}") == "messages");
  CHECK(param(R"({"messages":7})") == "messages");
  CHECK(param(R"({"messages":[7]})") == "messages.0.content");
  CHECK(param(R"({"messages":[{"role":"user","content":"x"}]})") == "messages.0.content");
  CHECK(param(R"({"messages":[{"role":"tool","content":[]}]})") == "messages.0.role");
  CHECK(param(R"({"messages":[{"role":"user","content":[{"toolResult":{}}]}]})") ==
        "messages.0.content.0.toolResult.toolUseId");
  CHECK(param(R"({"messages":[{"role":"user","content":[]}],"toolConfig":[]})") == "toolConfig");
  CHECK(param(R"({"messages":[{"role":"user","content":[]}],"toolConfig":{"tools":[7]}})") ==
        "toolConfig.tools.0");
  CHECK(param(R"({"messages":[{"role":"user","content":[]}],"toolConfig":{"toolChoice":7}})") ==
        "toolConfig.toolChoice");
  CHECK(param(R"({"messages":[{"role":"user","content":[]}],"inferenceConfig":{"stopSequences":[7]}})") ==
        "inferenceConfig.stopSequences");
}

TEST_CASE("a request's settings stand in the model, and what has no place in its extras") {
  const auto talk = codec().decode_request(R"({
    "messages": [{"role": "user", "content": [{"text": "hi"}, {"cachePoint": {"type": "default"}}]}],
    "inferenceConfig": {"maxTokens": 9, "temperature": 0.5, "topP": 0.25, "stopSequences": ["x"], "new": 1},
    "additionalModelRequestFields": {"thinking": {"type": "enabled", "budget_tokens": 1024}, "top_k": 4,
                                     "output_config": {"effort": "high"}},
    "outputConfig": {"textFormat": {"type": "json_schema", "structure": {"jsonSchema":
        {"name": "N", "schema": "{\"type\":\"object\"}"}}}},
    "requestMetadata": {"team": "a"}, "guardrailConfig": {"guardrailIdentifier": "g"}})");
  REQUIRE(talk);
  CHECK(std::get<Text>(talk->messages[0].parts.at(0).is).cache == Json{{"type", "ephemeral"}});
  CHECK(talk->sampling.max_output == 9);
  CHECK(talk->sampling.temperature == 0.5);
  CHECK(talk->sampling.top_p == 0.25);
  CHECK(talk->sampling.top_k == 4);
  CHECK(talk->sampling.stop == std::vector<std::string>{"x"});
  CHECK(talk->thinking.budget == 1024);
  CHECK(talk->thinking.effort == "high");
  CHECK(talk->format.name == "N");
  CHECK(talk->format.schema == Json{{"type", "object"}});
  CHECK(talk->metadata == Json{{"team", "a"}});
  REQUIRE(talk->extras.size() == 2);
  CHECK(talk->extras[0] == std::pair<std::string, Json>{"inferenceConfig", {{"new", 1}}});
  CHECK(talk->extras[1].first == "guardrailConfig");
}

TEST_CASE("thinking that says more than the model has a place for goes through as it is") {
  const auto talk = codec().decode_request(R"({"messages":[{"role":"user","content":[{"text":"hi"}]}],
    "additionalModelRequestFields":{"thinking":{"type":"enabled","budget_tokens":1024,"new":1}}})");
  REQUIRE(talk);
  CHECK_FALSE(talk->thinking.asked());
  CHECK(talk->extras.at(0).second["thinking"]["new"] == 1);
}
