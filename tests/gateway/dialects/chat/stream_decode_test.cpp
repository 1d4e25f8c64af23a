// What providers of this shape do differently in their streams (seen in recorded traffic).
#include "gateway/dialects/chat/stream_decode.hpp"

#include "gateway/dialects/chat/codec.hpp"
#include "gateway/dialects/collector.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::dialects;

namespace {

struct Heard {
  Reply reply;
  bool ended;
  std::optional<StreamFailure> failure;
};

Heard hear(const std::string& bytes) {
  chat::Decoder decoder;
  Collector collector;
  decoder.feed(bytes, collector);
  decoder.close(collector);
  return {collector.reply(), decoder.ended, decoder.failure};
}

std::string chunk(const std::string& choice, const std::string& more = "") {
  return R"(data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[)" + choice +
         "]" + more + "}\n\n";
}
std::string delta(const std::string& members) {
  return chunk(R"({"index":0,"delta":{)" + members + R"(},"finish_reason":null})");
}
std::string finish(const std::string& reason) {
  return chunk(R"({"index":0,"delta":{},"finish_reason":)" + reason + "}");
}
const std::string kDone = "data: [DONE]\n\n";

}  // namespace

TEST_CASE("Azure's first chunk without choices begins nothing") {
  const auto heard = hear(
      "data: {\"id\":\"\",\"created\":0,\"model\":\"\",\"choices\":[],\"prompt_filter_results\":[]}\n\n" +
      delta(R"("role":"assistant","content":"hi")") + finish("\"stop\"") + kDone);
  CHECK(heard.ended);
  CHECK(heard.reply.id == "c1");
}

TEST_CASE("Mistral's thoughts inside of the content are reasoning") {
  const auto heard =
      hear(delta(R"("content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]}])") +
           delta(R"("content":[{"type":"text","text":"four"}])") + delta(R"("content":"!")") +
           finish("\"stop\"") + kDone);
  REQUIRE(heard.reply.parts.size() == 2);
  CHECK(std::get<Reasoning>(heard.reply.parts[0].is).text == "hm");
  CHECK(std::get<Text>(heard.reply.parts[1].is).text == "four!");
}

TEST_CASE("reasoning that comes under two names is told once") {
  const auto heard = hear(delta(R"("reasoning":"a","reasoning_content":"a")") + finish("\"stop\"") + kDone);
  CHECK(std::get<Reasoning>(heard.reply.parts.at(0).is).text == "a");
}

TEST_CASE("tool calls are told apart by index, or by id where there is none") {
  const auto call = [](const std::string& head, const std::string& arguments) {
    return delta(R"("tool_calls":[{)" + head + R"(,"function":{"name":"f","arguments":")" + arguments +
                 "\"}}]");
  };
  const auto indexed = hear(call(R"("index":0,"id":"a")", "1") + call(R"("index":1,"id":"b")", "2") +
                            call(R"("index":0)", "3") + finish("\"tool_calls\"") + kDone);
  REQUIRE(indexed.reply.parts.size() == 2);
  CHECK(std::get<ToolCall>(indexed.reply.parts[0].is).arguments == "13");
  const auto bare = hear(call(R"("id":"a")", "1") + call(R"("id":"b")", "2") + finish("\"stop\"") + kDone);
  REQUIRE(bare.reply.parts.size() == 2);
  CHECK(bare.reply.finish == Finish::tools);
  // Gemini's OpenAI shape gives every call index 0.
  const auto zero = hear(call(R"("index":0,"id":"a")", "1") + call(R"("index":0,"id":"b")", "2") +
                         finish("\"stop\"") + kDone);
  CHECK(zero.reply.parts.size() == 2);
}

TEST_CASE("a call that comes without an id gets one, since its result must name it") {
  const std::string calls = R"("tool_calls":[{"id":"","index":0,"function":{"name":"f","arguments":"{}"}},)"
                            R"({"index":1,"function":{"name":"g","arguments":"{}"}}])";
  const auto streamed = hear(delta(calls) + finish("\"tool_calls\"") + kDone).reply;
  const auto whole =
      chat::codec().decode_reply(R"({"id":"c1","choices":[{"index":0,"message":{"role":"assistant",)" +
                                 calls + R"(},"finish_reason":"tool_calls"}]})");
  REQUIRE(whole);
  for (const auto* reply : {&streamed, &*whole}) {
    REQUIRE(reply->parts.size() == 2);
    CHECK(std::get<ToolCall>(reply->parts[0].is).id == "call_c1_0");
    CHECK(std::get<ToolCall>(reply->parts[1].is).id == "call_c1_1");
  }
}

TEST_CASE("usage is taken from wherever it comes, the last figures count") {
  const auto heard = hear(
      delta(R"("content":"x")") +
      chunk("", R"(,"x_groq":{"usage":{"prompt_tokens":1,"completion_tokens":1}})") + finish("\"stop\"") +
      chunk("", R"(,"usage":{"prompt_tokens":9,"completion_tokens":4,"total_tokens":13})") + kDone);
  REQUIRE(heard.reply.usage);
  CHECK(heard.reply.usage->input.count == 9);
}

TEST_CASE("an unknown reason to end is no failure") {
  CHECK(hear(delta(R"("content":"x")") + finish("154827") + kDone).reply.finish == Finish::unknown);
  CHECK(hear(delta(R"("content":"x")") + finish("\"eos\"") + kDone).reply.finish == Finish::stop);
}

TEST_CASE("errors, cuts and noise are told from an end") {
  const auto text = delta(R"("content":"x")");
  CHECK(hear(text + "event: error\ndata: {\"error\":{\"message\":\"no\"}}\n\n").failure->kind ==
        StreamFailure::Kind::error);
  CHECK(hear(text + "data: {\"error\":{\"message\":\"no\"}}\n\n").failure->kind ==
        StreamFailure::Kind::error);
  CHECK(hear(text).failure->kind == StreamFailure::Kind::cut);
  CHECK(hear(kDone).failure->kind == StreamFailure::Kind::cut);
  CHECK(hear(text + kDone).ended);  // Snowflake never says why it ends
  CHECK(hear(text + "data: {oops\n\n" + text).failure->kind == StreamFailure::Kind::malformed);
  CHECK(hear(text + finish("\"stop\"")).ended);  // Ollama and others close without [DONE]
}

TEST_CASE("a chunk with \"error\": null is a chunk like any other") {
  CHECK(
      hear(chunk(R"({"index":0,"delta":{"content":"x"},"finish_reason":"stop"})", R"(,"error":null)") + kDone)
          .ended);
}
