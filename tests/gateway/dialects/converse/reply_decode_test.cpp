// Whole answers, and what is none.
#include "gateway/dialects/converse/codec.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::dialects;
using converse::codec;

TEST_CASE("an answer's blocks, stop, usage and tier are understood") {
  const auto reply = codec().decode_reply(R"({"output":{"message":{"role":"assistant","content":[
      {"reasoningContent":{"reasoningText":{"text":"hm","signature":"s"}}}, {"type":"text","text":"Hi"},
      {"toolUse":{"toolUseId":"t","name":"f","input":{"a":1},"type":"tool_use"}},
      {"toolResult":{"toolUseId":"own","content":[]}}, {"blockToCome":{}}]}},
    "stopReason":"guardrail_intervened","usage":{"inputTokens":1,"outputTokens":2,"cacheReadInputTokens":3}})");
  REQUIRE(reply);
  REQUIRE(reply->parts.size() == 5);
  CHECK(std::get<Reasoning>(reply->parts[0].is).signature == "s");
  CHECK(std::get<Reasoning>(reply->parts[0].is).origin == Dialect::converse);
  CHECK(std::get<Text>(reply->parts[1].is).text == "Hi");
  CHECK(std::get<ToolCall>(reply->parts[2].is).arguments == R"({"a":1})");
  CHECK(std::holds_alternative<Opaque>(reply->parts[3].is));
  CHECK(std::holds_alternative<Opaque>(reply->parts[4].is));
  CHECK(reply->finish == Finish::filtered);
  CHECK(reply->finish_detail == "guardrail_intervened");
  CHECK(reply->usage == Usage{{4}, {2}, {3}, {0}, {0}, {0}, false});
}

TEST_CASE("what is no answer is a malformed one") {
  for (const auto* body : {"", "[]", R"({"message":"no"})", R"({"output":7})", R"({"output":{"message":{}}})",
                           R"({"output":{"message":{"content":7}}})"}) {
    const auto reply = codec().decode_reply(body);
    REQUIRE_FALSE(reply);
    CHECK(reply.error().fault == Fault::provider_stream_malformed);
  }
  const auto odd = codec().decode_reply(
      R"({"output":{"message":{"content":[7,{"toolUse":{}},{"text":7},{"image":[]}]}},"stopReason":7,"usage":{"inputTokens":-5}})");
  REQUIRE(odd);
  CHECK(odd->parts.size() == 3);
  CHECK(odd->finish == Finish::unknown);
  CHECK(odd->usage->input.count == 0);
}
