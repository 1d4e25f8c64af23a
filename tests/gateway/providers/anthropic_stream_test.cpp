#include <nlohmann/json.hpp>

#include "gateway/providers/adapter.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::providers;
using Json = nlohmann::json;

namespace {

std::string event(const std::string& type, const std::string& rest = "") {
  return "event: " + type + "\ndata: {\"type\":\"" + type + "\"" + rest + "}   \n\n";
}

std::string delta(int index, const std::string& body) {
  return event("content_block_delta", ",\"index\":" + std::to_string(index) + ",\"delta\":" + body);
}

std::string block(int index, const std::string& body) {
  return event("content_block_start", ",\"index\":" + std::to_string(index) + ",\"content_block\":" + body);
}

std::string stop(int index) {
  return event("content_block_stop", ",\"index\":" + std::to_string(index));
}

const std::string kStart = event(
    "message_start",
    R"(,"message":{"id":"msg_1","model":"claude-x","usage":{"input_tokens":10,"cache_read_input_tokens":5,"output_tokens":1}})");
const std::string kText = block(0, R"({"type":"text","text":""})") + event("ping") +
                          delta(0, R"({"type":"text_delta","text":"Hi"})") + stop(0);
const std::string kEnd =
    event("message_delta", R"(,"delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":7})") +
    event("message_stop");

struct Run {
  std::string out;
  std::unique_ptr<StreamReader> reader;
  std::vector<Json> chunks;
};

Run run(const std::string& text, bool usage = true) {
  dialects::Request request;
  request.include_usage = usage;
  request.created = 99;
  Run out{{}, adapter(config::ProviderType::anthropic).stream(request, {}), {}};
  for (std::size_t at = 0; at < text.size(); at += 11) {
    const auto piece = text.substr(at, 11);
    out.reader->feed(piece, out.out);
  }
  out.reader->close(out.out);
  for (std::size_t at = 0; at < out.out.size();) {
    const auto end = out.out.find("\n\n", at);
    const auto data = out.out.substr(at + 6, end - at - 6);
    if (data != "[DONE]") out.chunks.push_back(Json::parse(data));
    at = end + 2;
  }
  return out;
}

Json delta_of(const Json& chunk) {
  return chunk["choices"][0]["delta"];
}

}  // namespace

TEST_CASE("a message is told as role, text, finish, usage and [DONE]") {
  const auto got = run(kStart + kText + kEnd);
  REQUIRE(got.chunks.size() == 4);
  CHECK(
      got.chunks[0] ==
      Json::parse(
          R"({"id":"msg_1","object":"chat.completion.chunk","created":99,"model":"claude-x","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]})"));
  CHECK(delta_of(got.chunks[1]) == Json{{"content", "Hi"}});
  CHECK(got.chunks[2]["choices"][0]["finish_reason"] == "stop");
  CHECK(got.chunks[3]["choices"].empty());
  CHECK(got.chunks[3]["usage"]["prompt_tokens"] == 15);
  CHECK(got.chunks[3]["usage"]["completion_tokens"] == 7);
  CHECK(got.out.substr(got.out.size() - 14) == "data: [DONE]\n\n");
  CHECK(got.reader->ended);
  CHECK(got.reader->usage == Usage{{15}, {7}, {5}, {0}, {0}, {0}, false});
  CHECK(got.reader->output_bytes == 2);
  CHECK(run(kStart + kText + kEnd, false).chunks.size() == 3);
}

TEST_CASE("content has started with the first word, not with the role") {
  const auto owned = adapter(config::ProviderType::anthropic).stream({}, {});
  auto& reader = *owned;
  std::string out;
  reader.feed(kStart + block(0, R"({"type":"text","text":""})") + event("ping"), out);
  CHECK_FALSE(out.empty());
  CHECK_FALSE(reader.content_started);
  reader.feed(delta(0, R"({"type":"text_delta","text":"Hi"})"), out);
  CHECK(reader.content_started);
}

TEST_CASE("tool calls count from zero whatever their blocks are, and always have arguments") {
  const auto got =
      run(kStart + kText + block(1, R"({"type":"tool_use","id":"t1","name":"f","input":{}})") +
          delta(1, R"({"type":"input_json_delta","partial_json":""})") +
          delta(1, R"({"type":"input_json_delta","partial_json":"{\"a\":"})") +
          delta(1, R"({"type":"input_json_delta","partial_json":"1}"})") + stop(1) +
          block(2, R"({"type":"tool_use","id":"t2","name":"g","input":{}})") + stop(2) +
          block(3, R"({"type":"tool_use","id":"t3","name":"h","input":{"z":1}})") + stop(3) + kEnd);
  std::vector<std::string> arguments(3), ids(3);
  for (const auto& chunk : got.chunks) {
    if (chunk["choices"].empty() || !delta_of(chunk).contains("tool_calls")) continue;
    const auto call = delta_of(chunk)["tool_calls"][0];
    const auto index = call["index"].get<std::size_t>();
    REQUIRE(index < 3);
    ids[index] += call.value("id", "");
    arguments[index] += call["function"]["arguments"].get<std::string>();
  }
  CHECK(ids == std::vector<std::string>{"t1", "t2", "t3"});
  CHECK(arguments == std::vector<std::string>{R"({"a":1})", "{}", R"({"z":1})"});
}

TEST_CASE("thinking is reasoning, and its signature is not lost") {
  const auto got = run(kStart + block(0, R"({"type":"thinking","thinking":"","signature":""})") +
                       delta(0, R"({"type":"thinking_delta","thinking":"hm"})") +
                       delta(0, R"({"type":"signature_delta","signature":"sig"})") + stop(0) + kEnd);
  CHECK(delta_of(got.chunks[1]) == Json{{"reasoning_content", "hm"}});
  CHECK(delta_of(got.chunks[2])["reasoning_details"] ==
        Json::parse(
            R"([{"type":"reasoning.text","text":"hm","signature":"sig","format":"anthropic-claude-v1"}])"));
}

TEST_CASE("citations and server tools travel beside the text") {
  const auto got =
      run(kStart + block(0, R"({"type":"server_tool_use","id":"s","name":"web_search","input":{}})") +
          delta(0, R"({"type":"input_json_delta","partial_json":"{}"})") + stop(0) +
          block(1, R"({"type":"text","text":"","citations":[]})") +
          delta(1, R"({"type":"citations_delta","citation":{"url":"https://x","title":"X"}})") + kEnd);
  CHECK(delta_of(got.chunks[1])["anthropic"]["blocks"][0]["name"] == "web_search");
  CHECK(delta_of(got.chunks[2])["annotations"][0]["url_citation"]["url"] == "https://x");
  CHECK(delta_of(got.chunks[3])["anthropic"]["citations"][0]["title"] == "X");
}

TEST_CASE("every chunk of an answer has the same id, time and model") {
  for (const auto& chunk : run(kStart + kStart + kText + kEnd).chunks) {
    CHECK(chunk["id"] == "msg_1");
    CHECK(chunk["created"] == 99);
    CHECK(chunk["model"] == "claude-x");
  }
}

TEST_CASE("an Anthropic stream without message_stop was cut, and its usage is an estimate") {
  for (const auto& text :
       {std::string(), kStart, kStart + kText,
        kStart + kText + event("message_delta", R"(,"delta":{"stop_reason":"end_turn"})")}) {
    const auto got = run(text);
    REQUIRE(got.reader->failure);
    CHECK(got.reader->failure->fault == Fault::provider_stream_cut);
    CHECK(got.out.find("[DONE]") == std::string::npos);
    if (!text.empty()) CHECK(got.reader->usage->estimated);
  }
}

TEST_CASE("an Anthropic error event is a failure and ends the relay") {
  const auto got =
      run(kStart + kText + event("error", R"(,"error":{"type":"overloaded_error","message":"Overloaded"})") +
          kText + kEnd);
  REQUIRE(got.reader->failure);
  CHECK(got.reader->failure->fault == Fault::provider_overloaded);
  CHECK(got.chunks.size() == 2);
  CHECK(run(kStart + "data: {broken\n\n").reader->failure->fault == Fault::provider_stream_malformed);
}

TEST_CASE("events out of order or of unknown kinds do no harm") {
  CHECK(run(kText + kEnd).reader->ended);
  CHECK((run(event("message_stop")).reader->ended || run(event("message_stop")).reader->failure));
  CHECK(run(event("novelty") + kStart + delta(99999999, R"({"type":"text_delta","text":"x"})") + stop(-5) +
            event("content_block_start") + kEnd)
            .reader->ended);
}
