// Streams of Cohere's chat, the odd ones included.
#include "gateway/dialects/cohere/stream_decode.hpp"

#include "gateway/dialects/cohere/codec.hpp"
#include "tests/gateway/dialects/support/hear.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::dialects;

namespace {

testing::Heard hear(const std::string& stream) {
  return testing::hear(cohere::codec(), stream, stream.size());
}

std::string event(const std::string& data) {
  return "data: " + data + "\n\n";
}

const std::string kStart =
    event(R"({"id":"r1","type":"message-start","delta":{"message":{"role":"assistant"}}})");
const std::string kEnd = event(R"({"type":"message-end","delta":{"finish_reason":"COMPLETE"}})");

std::string text(int index, const std::string& words) {
  const auto at = std::to_string(index);
  return event(R"({"type":"content-start","index":)" + at +
               R"(,"delta":{"message":{"content":{"type":"text","text":""}}}})") +
         event(R"({"type":"content-delta","index":)" + at + R"(,"delta":{"message":{"content":{"text":")" +
               words + R"("}}}})");
}

}  // namespace

TEST_CASE("a stream without its last event was cut") {
  CHECK(hear(kStart + text(0, "a")).failure->kind == StreamFailure::Kind::cut);
  CHECK(hear("").failure->kind == StreamFailure::Kind::cut);
  CHECK(hear(kStart + text(0, "a") + kEnd).ended);
}

TEST_CASE("what comes after the end is not heard") {
  CHECK(testing::words_of(hear(kStart + kEnd + text(0, "late")).reply).empty());
}

TEST_CASE("an error ends the stream with its words") {
  const auto told = hear(kStart + event(R"({"message":"overloaded"})"));
  CHECK(told.failure->kind == StreamFailure::Kind::error);
  CHECK(told.failure->body.find("overloaded") != std::string::npos);
  const auto last =
      event(R"({"type":"message-end","delta":{"finish_reason":"ERROR","error":"out of memory"}})");
  CHECK(hear(kStart + last).failure->body.find("out of memory") != std::string::npos);
  CHECK(hear(kStart + event("{oops")).failure->kind == StreamFailure::Kind::malformed);
}

TEST_CASE("citations are placed in bytes of the whole answer, by the block that they name") {
  const auto cite = [](const std::string& more) {
    return event(R"({"type":"citation-start","index":0,"delta":{"message":{"citations":{"start":1,"end":3,)"
                 R"("text":"x","sources":[{"type":"tool","id":"https://a.example/1","tool_output":{}}])" +
                 more + "}}}}");
  };
  const auto heard =
      hear(kStart + text(0, "äöü") + cite("") + text(2, "日本語") + cite(R"(,"content_index":2)") + kEnd);
  const auto& words = std::get<Text>(heard.reply.parts.at(0).is);
  REQUIRE(words.citations.size() == 2);
  CHECK(words.citations[0].start == 2);
  CHECK(words.citations[0].end == 6);
  CHECK(words.citations[1].start == 6 + 3);
  CHECK(words.citations[1].end == 6 + 9);
  CHECK(words.citations[0].url == "https://a.example/1");
}

TEST_CASE("calls are told apart by their index, and ended where the stream forgot to") {
  const auto call = [](int index, const std::string& kind, const std::string& inner) {
    return event(R"({"type":"tool-call-)" + kind + R"(","index":)" + std::to_string(index) +
                 R"(,"delta":{"message":{"tool_calls":{)" + inner + "}}}}");
  };
  const auto heard = hear(kStart + call(0, "start", R"("id":"a","function":{"name":"f","arguments":""})") +
                          call(1, "start", R"("id":"b","function":{"name":"g","arguments":"{"})") +
                          call(0, "delta", R"("function":{"arguments":"{}"})") +
                          call(1, "delta", R"("function":{"arguments":"}"})") + kEnd);
  REQUIRE(heard.reply.parts.size() == 2);
  CHECK(std::get<ToolCall>(heard.reply.parts[0].is).arguments == "{}");
  CHECK(std::get<ToolCall>(heard.reply.parts[1].is).arguments == "{}");
  CHECK(std::get<ToolCall>(heard.reply.parts[1].is).id == "b");
}

TEST_CASE("what is paid for is known beside what was used") {
  cohere::Decoder decoder;
  Collector heard;
  decoder.feed(
      kStart +
          event(R"({"type":"message-end","delta":{"finish_reason":"COMPLETE","usage":{"billed_units":)"
                R"({"input_tokens":12,"output_tokens":7},"tokens":{"input_tokens":507,"output_tokens":10},)"
                R"("cached_tokens":448}}})"),
      heard);
  REQUIRE(decoder.billed());
  CHECK(decoder.billed()->input.count == 12);
  CHECK(decoder.billed()->output.count == 7);
  REQUIRE(heard.reply().usage);
  CHECK(heard.reply().usage->input.count == 507);
  CHECK(heard.reply().usage->cached_read.count == 448);
}
