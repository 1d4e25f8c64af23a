// What a ConverseStream says, event by event, and how it ends.
#include "gateway/dialects/converse/stream_decode.hpp"

#include "gateway/cloud/event_stream.hpp"
#include "gateway/dialects/collector.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::dialects;
using converse::Decoder;

namespace {

struct Stream {
  Decoder decoder;
  Collector heard;

  void event(std::string_view type, std::string_view payload) { decoder.take("event", type, payload, heard); }
  const Reply& reply() const { return heard.reply(); }
};

constexpr std::string_view kDone = R"({"stopReason":"end_turn","p":"abc"})";
constexpr std::string_view kFigures = R"({"usage":{"inputTokens":3,"outputTokens":2,"totalTokens":5,
  "cacheReadInputTokens":10,"cacheWriteInputTokenCount":20,"cacheDetails":[{"ttl":"1h","inputTokens":5}]}})";

}  // namespace

TEST_CASE("an answer is whole with its stop and its metadata") {
  Stream stream;
  stream.event("messageStart", R"({"role":"assistant","p":"x"})");
  stream.event("contentBlockDelta", R"({"contentBlockIndex":0,"delta":{"text":"Hel"}})");
  stream.event("contentBlockDelta", R"({"contentBlockIndex":0,"delta":{"text":"lo"}})");
  stream.event("contentBlockStop", R"({"contentBlockIndex":0})");
  stream.event("messageStop", kDone);
  CHECK_FALSE(stream.decoder.ended);
  stream.event("metadata", kFigures);
  CHECK(stream.decoder.ended);
  CHECK(std::get<Text>(stream.reply().parts.at(0).is).text == "Hello");
  CHECK(stream.reply().finish == Finish::stop);
  CHECK(stream.reply().usage == Usage{{33}, {2}, {10}, {20}, {0}, {5}, false});
}

TEST_CASE("metadata may come before the stop") {
  Stream stream;
  stream.event("contentBlockDelta", R"({"contentBlockIndex":0,"delta":{"text":"hi"}})");
  stream.event("metadata", kFigures);
  CHECK_FALSE(stream.decoder.ended);
  stream.event("messageStop", kDone);
  CHECK(stream.decoder.ended);
  CHECK(stream.reply().usage);
}

TEST_CASE("a connection that closes after the stop only lacks the usage, one before it is cut") {
  Stream stopped, cut;
  stopped.event("messageStop", kDone);
  stopped.decoder.close(stopped.heard);
  CHECK(stopped.decoder.ended);
  CHECK_FALSE(stopped.reply().usage);
  cut.event("metadata", kFigures);
  cut.decoder.close(cut.heard);
  CHECK_FALSE(cut.decoder.ended);
  REQUIRE(cut.decoder.failure);
  CHECK(cut.decoder.failure->kind == StreamFailure::Kind::cut);
}

TEST_CASE("calls side by side keep their arguments, and one without any gets an empty object") {
  Stream stream;
  stream.event(
      "contentBlockStart",
      R"({"contentBlockIndex":1,"start":{"toolUse":{"toolUseId":"a","name":"f","type":"tool_use"}}})");
  stream.event("contentBlockStart",
               R"({"contentBlockIndex":2,"start":{"toolUse":{"toolUseId":"b","name":"g"}}})");
  stream.event("contentBlockDelta", R"({"contentBlockIndex":2,"delta":{"toolUse":{"input":""}}})");
  stream.event("contentBlockDelta", R"({"contentBlockIndex":1,"delta":{"toolUse":{"input":"{\"x\":"}}})");
  stream.event("contentBlockDelta", R"({"contentBlockIndex":1,"delta":{"toolUse":{"input":"1}"}}})");
  stream.event("contentBlockStop", R"({"contentBlockIndex":1})");
  stream.event("messageStop", R"({"stopReason":"tool_use"})");
  const auto& parts = stream.reply().parts;
  REQUIRE(parts.size() == 2);
  CHECK(std::get<ToolCall>(parts[0].is).arguments == R"({"x":1})");
  CHECK(std::get<ToolCall>(parts[1].is).arguments == "{}");
  CHECK(stream.reply().finish == Finish::tools);
}

TEST_CASE("redacted thoughts are kept as Anthropic's API says them") {
  Stream stream;
  stream.event("contentBlockDelta",
               R"({"contentBlockIndex":0,"delta":{"reasoningContent":{"redactedContent":"RXRrRUNrZ0k="}}})");
  stream.event("contentBlockStop", R"({"contentBlockIndex":0})");
  stream.event("messageStop", kDone);
  const auto& thought = std::get<Reasoning>(stream.reply().parts.at(0).is);
  CHECK(thought.redacted);
  CHECK(thought.signature == "EtkECkgI");
  CHECK(thought.origin == Dialect::converse);
}

TEST_CASE("an exception ends the stream with its status and its words") {
  const auto failed = [](std::string_view type, std::string_view payload) {
    Stream stream;
    stream.decoder.take("exception", type, payload, stream.heard);
    stream.event("messageStop", kDone);
    REQUIRE(stream.decoder.failure);
    CHECK_FALSE(stream.decoder.ended);
    CHECK(stream.decoder.failure->kind == StreamFailure::Kind::error);
    return *stream.decoder.failure;
  };
  CHECK(failed("throttlingException", R"({"message":"slow"})").status == 429);
  CHECK(failed("throttlingException", R"({"message":"slow"})").body ==
        R"({"__type":"throttlingException","message":"slow"})");
  CHECK(failed("ValidationException", "{}").status == 400);
  CHECK(failed("modelTimeoutException", "{}").status == 408);
  CHECK(failed("serviceUnavailableException", "{}").status == 503);
  CHECK(failed("modelStreamErrorException", R"({"originalStatusCode":503})").status == 503);
  CHECK(failed("modelStreamErrorException", R"({"originalStatusCode":-1})").status == 424);
  CHECK(failed("exceptionToCome", "no JSON").status == 500);
}

TEST_CASE("frames are taken apart: an exception, an error without a payload, and garbage") {
  Decoder thrown, error, garbage;
  Collector heard;
  thrown.feed(cloud::encode_event_exception("throttlingException", R"({"message":"slow"})"), heard);
  REQUIRE(thrown.failure);
  CHECK(thrown.failure->status == 429);
  error.feed(cloud::encode_event_frame({{":message-type", std::string("error")},
                                        {":error-code", std::string("InternalServerException")},
                                        {":error-message", std::string("broken")}},
                                       ""),
             heard);
  REQUIRE(error.failure);
  CHECK(error.failure->status == 500);
  CHECK(error.failure->body == R"({"__type":"InternalServerException","message":"broken"})");
  garbage.feed("data: {}\n\ndata: {}\n\n", heard);
  REQUIRE(garbage.failure);
  CHECK(garbage.failure->kind == StreamFailure::Kind::malformed);
}

TEST_CASE("payloads of the wrong shape say nothing, what is no JSON ends the stream") {
  Stream stream;
  for (const auto* payload : {"{}", R"({"contentBlockIndex":"x","delta":7})", R"({"start":{"toolUse":7}})",
                              R"({"contentBlockIndex":1e300,"delta":{"toolUse":{"input":7}}})",
                              R"({"delta":{"reasoningContent":7,"citation":[],"toolResult":{}}})"}) {
    for (const auto* type : {"contentBlockStart", "contentBlockDelta", "contentBlockStop", "eventToCome"})
      stream.event(type, payload);
  }
  CHECK(stream.reply().parts.empty());
  CHECK_FALSE(stream.decoder.failure);
  stream.event("messageStop", R"({"stopReason":"word_to_come"})");
  CHECK(stream.reply().finish == Finish::unknown);
  Stream other;
  other.event("contentBlockDelta", "[1");
  REQUIRE(other.decoder.failure);
  CHECK(other.decoder.failure->kind == StreamFailure::Kind::malformed);
}

TEST_CASE("calls that never end are ended when there are too many") {
  Stream stream;
  for (int i = 0; i < 200; ++i) {
    const auto at = std::to_string(i);
    stream.event("contentBlockStart",
                 R"({"contentBlockIndex":)" + at + R"(,"start":{"toolUse":{"toolUseId":"t","name":"f"}}})");
  }
  stream.event("messageStop", kDone);
  CHECK(stream.reply().parts.size() == 200);
}

TEST_CASE("what is nested too deeply for us is left out") {
  const auto deep = std::string(300, '[') + std::string(300, ']');
  Stream stream;
  stream.event("contentBlockStart",
               R"({"contentBlockIndex":0,"start":{"toolUse":{"type":"server_tool_use","x":)" + deep + "}}}");
  stream.event("contentBlockStart", R"({"contentBlockIndex":1,"start":{"toolResult":{"toolUseId":"t"}}})");
  stream.event("contentBlockDelta", R"({"contentBlockIndex":1,"delta":{"toolResult":[)" + deep + "]}}");
  stream.event("contentBlockDelta", R"({"contentBlockIndex":2,"delta":{"citation":{"x":)" + deep + "}}}");
  stream.event("messageStop", kDone);
  CHECK_FALSE(stream.decoder.failure);
  REQUIRE(stream.reply().parts.size() == 1);
  CHECK(std::get<Opaque>(stream.reply().parts[0].is).json["toolResult"]["content"] == Json::array());
}
