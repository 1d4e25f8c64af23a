#include "gateway/mock/sample.hpp"

#include "tests/support/catch.hpp"

using namespace troupe::mock;

TEST_CASE("a sample has every property of the schema, of its type") {
  const auto schema = Json::parse(R"({"type":"object","properties":{
    "name":{"type":"string","minLength":10},"age":{"type":"integer","minimum":18},
    "tags":{"type":"array","minItems":2,"items":{"enum":["red","blue"]}},
    "ok":{"type":"boolean"},"nothing":{"type":"null"},"when":{"type":"string","format":"date"}}})");
  CHECK(sample(schema) == Json::parse(R"({"name":"examplexxx","age":18,"tags":["red","red"],"ok":true,
    "nothing":null,"when":"2025-01-01"})"));
}

TEST_CASE("references are followed and recursion ends") {
  const auto schema = Json::parse(R"({"$ref":"#/$defs/node","$defs":{"node":{"type":"object",
    "properties":{"value":{"type":"integer"},"next":{"anyOf":[{"$ref":"#/$defs/node"},{"type":"null"}]}}}}})");
  const auto out = sample(schema);
  CHECK(out["value"] == 1);
  CHECK(out["next"]["value"] == 1);
}

TEST_CASE("a schema that makes no sense gives some value and no crash") {
  CHECK(sample(Json(7)).is_null());
  CHECK(sample(Json::parse(R"({"$ref":"#/nowhere"})")).is_null());
  CHECK(sample(Json::parse(R"({"type":[]})")).is_string());
}
