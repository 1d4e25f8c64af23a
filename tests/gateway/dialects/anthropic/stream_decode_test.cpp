#include "gateway/dialects/anthropic/codec.hpp"
#include "gateway/dialects/collector.hpp"
#include "gateway/dialects/json.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::dialects;

namespace {

/// As the API writes it, padding included.
std::string event(const std::string& type, const std::string& rest = "") {
  return "event: " + type + "\ndata: {\"type\":\"" + type + "\"" + rest + "}   \n\n";
}
std::string block(int index, const std::string& body) {
  return event("content_block_start", ",\"index\":" + std::to_string(index) + ",\"content_block\":" + body);
}
std::string delta(int index, const std::string& body) {
  return event("content_block_delta", ",\"index\":" + std::to_string(index) + ",\"delta\":" + body);
}
std::string stop(int index) {
  return event("content_block_stop", ",\"index\":" + std::to_string(index));
}
std::string words(int index, const std::string& text) {
  return delta(index, R"({"type":"text_delta","text":")" + text + "\"}");
}

const std::string kStart = event(
    "message_start",
    R"(,"message":{"id":"msg_1","model":"claude-x","content":[],"usage":{"input_tokens":10,"cache_read_input_tokens":5,"output_tokens":1}})");
const std::string kText =
    block(0, R"({"type":"text","text":""})") + event("ping") + words(0, "Hi") + words(0, " you") + stop(0);
const std::string kEnd =
    event("message_delta", R"(,"delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":7})") +
    event("message_stop");

struct Run {
  Reply reply;
  bool whole, ended;
  std::optional<StreamFailure> failure;
};

Run run(const std::string& text, std::size_t piece) {
  const auto decoder = anthropic::codec().stream_decoder();
  Collector collector;
  for (std::size_t at = 0; at < text.size(); at += piece) {
    const auto bytes = text.substr(at, piece);
    decoder->feed(bytes, collector);
  }
  decoder->close(collector);
  return {collector.reply(), collector.whole(), decoder->ended, decoder->failure};
}

/// Cut at every byte it says the same.
Run run(const std::string& text) {
  auto got = run(text, text.size());
  for (const std::size_t piece : {1, 2, 3, 5, 8, 13}) {
    const auto again = run(text, piece);
    CHECK(again.reply == got.reply);
    CHECK(again.ended == got.ended);
  }
  CHECK(got.ended == got.whole);
  CHECK(got.ended != got.failure.has_value());
  return got;
}

template <class T>
const T& part(const Run& run, std::size_t index) {
  return std::get<T>(run.reply.parts.at(index).is);
}

}  // namespace

TEST_CASE("a message is told with its text, usage and end") {
  const auto got = run(kStart + kText + kEnd);
  CHECK(got.ended);
  CHECK(got.reply.id == "msg_1");
  CHECK(got.reply.model == "claude-x");
  CHECK(part<Text>(got, 0).text == "Hi you");
  CHECK(got.reply.finish == Finish::stop);
  CHECK(got.reply.usage == Usage{{15}, {7}, {5}, {0}, {0}, {0}, false});
}

TEST_CASE("the usage of the last event replaces the first, figure by figure") {
  const auto end =
      event("message_delta",
            R"(,"delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":61,"output_tokens":2})");
  CHECK(run(kStart + kText + end + event("message_stop")).reply.usage ==
        Usage{{66}, {2}, {5}, {0}, {0}, {0}, false});
}

TEST_CASE("tool calls have arguments, in pieces, at once or none") {
  const auto got =
      run(kStart + kText + block(1, R"({"type":"tool_use","id":"t1","name":"f","input":{}})") +
          delta(1, R"({"type":"input_json_delta","partial_json":""})") +
          delta(1, R"({"type":"input_json_delta","partial_json":"{\"a\":"})") +
          delta(1, R"({"type":"input_json_delta","partial_json":"1}"})") + stop(1) +
          block(2, R"({"type":"tool_use","id":"t2","name":"g","input":{}})") + stop(2) +
          block(3, R"({"type":"tool_use","id":"t3","name":"h","input":{"z":1}})") + stop(3) + kEnd);
  CHECK(part<ToolCall>(got, 1).arguments == R"({"a":1})");
  CHECK(part<ToolCall>(got, 2).id == "t2");
  CHECK(part<ToolCall>(got, 2).arguments == "{}");
  CHECK(part<ToolCall>(got, 3).arguments == R"({"z":1})");
}

TEST_CASE("thoughts come with their seals, also where the words are kept back") {
  const std::string thinking = R"({"type":"thinking","thinking":"","signature":""})";
  const auto got =
      run(kStart + block(0, thinking) + delta(0, R"({"type":"thinking_delta","thinking":"hm"})") +
          delta(0, R"({"type":"signature_delta","signature":"Eu"})") +
          delta(0, R"({"type":"signature_delta","signature":"Y"})") + stop(0) + block(1, thinking) +
          delta(1, R"({"type":"signature_delta","signature":"dark"})") + stop(1) +
          block(2, R"({"type":"redacted_thinking","data":"blind"})") + stop(2) + kEnd);
  REQUIRE(got.reply.parts.size() == 3);
  CHECK(part<Reasoning>(got, 0) == Reasoning{"hm", "EuY", "", Dialect::anthropic, false, false});
  CHECK(part<Reasoning>(got, 1) == Reasoning{"", "dark", "", Dialect::anthropic, false, false});
  CHECK(part<Reasoning>(got, 2) == Reasoning{"", "blind", "", Dialect::anthropic, true, false});
}

TEST_CASE("a citation rests on its whole block, although it comes before the words") {
  const auto got = run(
      kStart + kText + block(1, R"({"type":"text","text":"","citations":[]})") +
      delta(
          1,
          R"({"type":"citations_delta","citation":{"type":"char_location","cited_text":"q","document_title":"d"}})") +
      words(1, "cited") + stop(1) + kEnd);
  const auto& cited = part<Text>(got, 0).citations.at(0);
  CHECK(cited.start == 6);
  CHECK(cited.end == 11);
  CHECK(cited.title == "d");
  CHECK(cited.raw["type"] == "char_location");
}

TEST_CASE("blocks that only Anthropic knows come whole") {
  const auto got =
      run(kStart + block(0, R"({"type":"server_tool_use","id":"s","name":"web_search","input":{}})") +
          delta(0, R"({"type":"input_json_delta","partial_json":"{\"q\":"})") +
          delta(0, R"({"type":"input_json_delta","partial_json":"1}"})") + stop(0) +
          block(1, R"({"type":"compaction","content":""})") +
          delta(1, R"({"type":"compaction_delta","content":"long "})") +
          delta(1, R"({"type":"compaction_delta","content":"ago","more":1})") + stop(1) + kEnd);
  CHECK(part<Opaque>(got, 0).json ==
        Json::parse(R"({"type":"server_tool_use","id":"s","name":"web_search","input":{"q":1}})"));
  CHECK(part<Opaque>(got, 1).json == Json::parse(R"({"type":"compaction","content":"long ago","more":1})"));
}

TEST_CASE("a refusal tells why") {
  const auto got = run(
      kStart +
      event("message_delta",
            R"(,"delta":{"stop_reason":"refusal","stop_details":{"type":"refusal","explanation":"no"}})") +
      event("message_stop"));
  CHECK(got.reply.finish == Finish::filtered);
  CHECK(got.reply.finish_detail == "no");
}

TEST_CASE("an answer that goes on begins with what is there already") {
  const auto got = run(
      event(
          "message_start",
          R"(,"message":{"id":"m","model":"x","content":[{"type":"text","text":"so far"},{"type":"tool_use","id":"t","name":"f","input":{"a":1}}]})") +
      kEnd);
  CHECK(part<Text>(got, 0).text == "so far");
  CHECK(part<ToolCall>(got, 1).arguments == R"({"a":1})");
}

TEST_CASE("what is odd is passed over: second starts, unknown events, open blocks, words after the end") {
  const auto got =
      run(kStart + kStart + event("news", R"(,"x":1)") + words(7, "lost block ") +
          block(9, R"({"type":"tool_use","id":"t","name":"f","input":{}})") +
          block(9, R"({"type":"text","text":"twice"})") + delta(5, R"({"type":"input_json_delta"})") +
          event("content_block_delta") + event("content_block_start", R"(,"index":"x")") + stop(-3) +
          event("message_delta", R"(,"delta":{"stop_reason":"tired"},"usage":7)") + words(0, "late") + kEnd);
  CHECK(got.ended);
  CHECK(part<Text>(got, 0).text == "lost block ");
  CHECK(part<ToolCall>(got, 1).arguments == "{}");
  CHECK(part<Text>(got, 2).text == "twice");
  CHECK(got.reply.parts.size() == 3);
  CHECK(got.reply.finish == Finish::unknown);
}

TEST_CASE("an error event ends the stream with its body") {
  const std::string body =
      R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"req_1"})";
  const auto got = run(kStart + kText + "event: error\ndata: " + body + "\n\n" + kEnd);
  REQUIRE(got.failure);
  CHECK(got.failure->kind == StreamFailure::Kind::error);
  CHECK(got.failure->body == body);
  CHECK(run("event: error\ndata: {\"message\":\"x\"}\n\n").failure->kind == StreamFailure::Kind::error);
  CHECK(run("data: {\"error\":{\"message\":\"x\"}}\n\n").failure->kind == StreamFailure::Kind::error);
}

TEST_CASE("a stream without its end is cut, and a frame that is no JSON is malformed") {
  CHECK(run(kStart + kText).failure->kind == StreamFailure::Kind::cut);
  CHECK(run("").failure->kind == StreamFailure::Kind::cut);
  CHECK(run(kStart + "data: {oops\n\n" + kEnd).failure->kind == StreamFailure::Kind::malformed);
  CHECK(run(kStart + "data: [1]\n\n").failure->kind == StreamFailure::Kind::malformed);
  CHECK(run("data: " + std::string(5000, '[') + "\n\n").failure->kind == StreamFailure::Kind::malformed);
  CHECK(run(kStart + kText + event("message_stop").substr(0, 40)).failure->kind == StreamFailure::Kind::cut);
  const auto last = kStart + kText + kEnd;
  CHECK(run(last.substr(0, last.size() - 2)).ended);  // without its blank line
  CHECK(run(last + "data: {oops\n\n").ended);
}

TEST_CASE("more open blocks than any answer has are malformed") {
  std::string text = kStart;
  for (int i = 0; i < 70; ++i) text += block(i, R"({"type":"text","text":"x"})");
  CHECK(run(text, text.size()).failure->kind == StreamFailure::Kind::malformed);
}
