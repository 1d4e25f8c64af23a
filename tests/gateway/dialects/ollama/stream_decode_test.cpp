// Streams of Ollama's chat, the odd ones included.
#include "gateway/dialects/ollama/codec.hpp"
#include "tests/gateway/dialects/support/hear.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::dialects;

namespace {

testing::Heard hear(const std::string& stream) {
  return testing::hear(ollama::codec(), stream, stream.size());
}

std::string line(const std::string& message, const std::string& more = R"("done":false)") {
  return R"({"model":"m","created_at":"2025-06-09T18:55:26.684517Z","message":)" + message + "," + more +
         "}\n";
}

const std::string kEnd = line(R"({"role":"assistant","content":""})", R"("done":true,"done_reason":"stop")");

}  // namespace

TEST_CASE("a stream that is not done was cut, its last line whole or not") {
  const auto text = line(R"({"content":"a"})");
  CHECK(hear(text).failure->kind == StreamFailure::Kind::cut);
  CHECK(hear(text + R"({"model":"m","mess)").failure->kind == StreamFailure::Kind::cut);
  CHECK(hear(text + kEnd).ended);
  CHECK(hear(text + kEnd.substr(0, kEnd.size() - 1)).ended);
}

TEST_CASE("an error ends the stream with its words") {
  const auto heard = hear(line(R"({"content":"a"})") +
                          R"({"error":"llama runner process has terminated"})"
                          "\n" +
                          kEnd);
  REQUIRE(heard.failure);
  CHECK(heard.failure->kind == StreamFailure::Kind::error);
  CHECK(heard.failure->body.find("terminated") != std::string::npos);
  CHECK(hear("oops\n").failure->kind == StreamFailure::Kind::malformed);
}

TEST_CASE("calls come whole, with ids of their own where there are none") {
  const auto heard =
      hear(line(R"({"content":"","tool_calls":[{"function":{"name":"f","arguments":{"a": 1}}}]})") +
           line(R"({"content":"","tool_calls":[{"id":"call_x","function":{"name":"g"}}]})") + kEnd);
  REQUIRE(heard.reply.parts.size() == 2);
  const auto& first = std::get<ToolCall>(heard.reply.parts[0].is);
  CHECK(first.id == "call_20250609185526684517_0");
  CHECK(first.arguments == R"({"a":1})");
  CHECK(std::get<ToolCall>(heard.reply.parts[1].is).id == "call_x");
  CHECK(std::get<ToolCall>(heard.reply.parts[1].is).arguments == "{}");
  CHECK(heard.reply.finish == Finish::tools);
}

TEST_CASE("counts are known when they are told") {
  CHECK_FALSE(hear(kEnd).reply.usage);
  const auto counted =
      line(R"({"content":""})", R"("done":true,"done_reason":"length","prompt_eval_count":7,"eval_count":9)");
  const auto heard = hear(counted);
  REQUIRE(heard.reply.usage);
  CHECK(heard.reply.usage->input.count == 7);
  CHECK(heard.reply.usage->output.count == 9);
  CHECK(heard.reply.finish == Finish::length);
}
