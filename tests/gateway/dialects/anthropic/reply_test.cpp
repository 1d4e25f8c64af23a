#include "gateway/dialects/anthropic/codec.hpp"
#include "gateway/dialects/json.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::dialects;

namespace {

Reply decoded(const std::string& rest) {
  const auto reply =
      anthropic::codec().decode_reply(R"({"id":"msg_1","type":"message","role":"assistant")" + rest + "}");
  INFO(rest);
  REQUIRE(reply);
  return *reply;
}

Json encoded(const Reply& reply, const std::string& id = "msg_ours", const std::string& model = "alias") {
  Framing framing;
  framing.id = id;
  framing.model = model;
  return Json::parse(anthropic::codec().encode_reply(reply, framing));
}

Reply saying(const std::string& words) {
  Reply reply;
  Text text;
  text.text = words;
  reply.parts.push_back({std::move(text)});
  return reply;
}

}  // namespace

TEST_CASE("a message is read with its blocks in order") {
  const auto reply = decoded(
      R"(,"model":"claude-x","content":[{"type":"thinking","thinking":"","signature":"s1"},{"type":"thinking","thinking":"t","signature":"s2"},)"
      R"({"type":"redacted_thinking","data":"r"},{"type":"text","text":"Grüße "},{"type":"server_tool_use","id":"srv","name":"web_search","input":{"query":"q"}},)"
      R"({"type":"text","text":"x","citations":[{"type":"web_search_result_location","cited_text":"q","url":"https://a","title":"A","encrypted_index":"e"}]},)"
      R"({"type":"tool_use","id":"toolu_1","name":"f","input":{}}],"stop_reason":"tool_use","stop_sequence":null,)"
      R"("usage":{"input_tokens":2,"cache_creation_input_tokens":30,"cache_read_input_tokens":400,)"
      R"("cache_creation":{"ephemeral_5m_input_tokens":10,"ephemeral_1h_input_tokens":20},"output_tokens":50,"output_tokens_details":{"thinking_tokens":44},"service_tier":"standard"})");
  CHECK(reply.id == "msg_1");
  CHECK(reply.model == "claude-x");
  CHECK(reply.finish == Finish::tools);
  CHECK(reply.service_tier == "standard");
  CHECK(reply.usage == Usage{{432}, {50}, {400}, {30}, {44}, {20}, false});
  REQUIRE(reply.parts.size() == 7);
  CHECK(std::get<Reasoning>(reply.parts[0].is).signature == "s1");
  CHECK(std::get<Reasoning>(reply.parts[2].is).redacted);
  CHECK(std::get<Opaque>(reply.parts[4].is).json["name"] == "web_search");
  const auto& cited = std::get<Text>(reply.parts[5].is).citations.at(0);
  CHECK(cited.url == "https://a");
  CHECK(cited.quote == "q");
  CHECK(cited.start == 8);  // bytes
  CHECK(cited.end == 9);
  CHECK(std::get<ToolCall>(reply.parts[6].is).arguments == "{}");
}

TEST_CASE("why a message ended") {
  const auto finish = [](const std::string& word) {
    return decoded(R"(,"content":[],"stop_reason":)" + word).finish;
  };
  CHECK(finish(R"("end_turn")") == Finish::stop);
  CHECK(finish(R"("max_tokens")") == Finish::length);
  CHECK(finish(R"("model_context_window_exceeded")") == Finish::context);
  CHECK(finish(R"("pause_turn")") == Finish::paused);
  CHECK(finish(R"("compaction")") == Finish::paused);
  CHECK(finish(R"("refusal")") == Finish::filtered);
  CHECK(finish(R"("tired")") == Finish::unknown);
  CHECK(finish("null") == Finish::unknown);
  CHECK(finish("154827") == Finish::unknown);
  const auto stopped = decoded(R"(,"content":[],"stop_reason":"stop_sequence","stop_sequence":"END")");
  CHECK(stopped.finish == Finish::stop_sequence);
  CHECK(stopped.stop_sequence == "END");
  const auto refused = decoded(
      R"(,"content":[],"stop_reason":"refusal","stop_details":{"type":"refusal","category":"bio","explanation":"no"})");
  CHECK(refused.finish_detail == "no");
  CHECK_FALSE(refused.usage);
}

TEST_CASE("what is no message is malformed") {
  for (const auto* body : {"", "[]", "{}", R"({"type":"error","error":{"type":"api_error"},"content":[]})",
                           R"({"content":"text"})", R"({"input_tokens":5})"}) {
    const auto reply = anthropic::codec().decode_reply(body);
    REQUIRE_FALSE(reply);
    CHECK(reply.error().fault == Fault::provider_stream_malformed);
  }
  CHECK_FALSE(anthropic::codec().decode_reply(R"({"content":)" + std::string(100'000, '[')));
}

TEST_CASE("blocks that are not what they say they are do not vanish") {
  const auto reply = decoded(
      R"(,"content":[7,{"type":"text","text":5},{"no":"type"}],"usage":{"input_tokens":-5,"output_tokens":"x"})");
  REQUIRE(reply.parts.size() == 2);
  CHECK(std::get<Opaque>(reply.parts[0].is).json["text"] == 5);
  CHECK(reply.usage == Usage{});
}

TEST_CASE("an answer for a client has an id, a model and a stop reason of this dialect") {
  auto reply = saying("hi");
  reply.id = "chatcmpl-1";
  reply.finish = Finish::stop;
  reply.usage = Usage{{10}, {5}, {3}, {2}, {0}, {0}, false};
  CHECK(encoded(reply) == Json::parse(R"({"id":"msg_ours","type":"message","role":"assistant","model":"alias",
    "content":[{"type":"text","text":"hi"}],"stop_reason":"end_turn","stop_sequence":null,
    "usage":{"input_tokens":5,"cache_creation_input_tokens":2,"cache_read_input_tokens":3,
      "cache_creation":{"ephemeral_5m_input_tokens":2,"ephemeral_1h_input_tokens":0},"output_tokens":5}})"));
  CHECK(encoded(reply, "")["id"] == "msg_chatcmpl-1");
  CHECK(encoded(reply, "abc")["id"] == "msg_abc");
  reply.model = "gpt-x";
  CHECK(encoded(reply)["model"] == "gpt-x");
  reply.finish = Finish::unknown;
  CHECK(encoded(reply)["stop_reason"] == "end_turn");
  reply.finish = Finish::failed;
  CHECK(encoded(reply)["stop_reason"] == "end_turn");
  reply.parts.push_back({ToolCall{}});
  reply.finish = Finish::stop;  // as Gemini and Ollama say it
  CHECK(encoded(reply)["stop_reason"] == "tool_use");
  CHECK(encoded(reply)["content"][1]["id"] == "toolu_ours_0");
  reply.finish = Finish::length;
  CHECK(encoded(reply)["stop_reason"] == "max_tokens");
}

TEST_CASE("a refusal is told as words and as the stop reason") {
  auto reply = saying("");
  reply.parts = {{Refusal{"I will not."}}};
  reply.finish = Finish::stop;
  reply.finish_detail = "policy";
  const auto out = encoded(reply);
  CHECK(out["content"][0]["text"] == "I will not.");
  CHECK(out["stop_reason"] == "refusal");
  CHECK(out["stop_details"]["explanation"] == "policy");
}

TEST_CASE("seals of other providers travel under their names") {
  Reply reply;
  reply.parts = {{Reasoning{"hm", "gAAA", "rs_1", Dialect::responses, false, true}},
                 {Reasoning{"", "blind", "", Dialect::converse, true, false}},
                 {Reasoning{"bare", "", "", Dialect::chat, false, false}},
                 {ToolCall{"c", "f", "{\"a\":1}", "thought", false, nullptr}}};
  CHECK(encoded(reply)["content"] ==
        Json::parse(R"([{"type":"thinking","thinking":"hm","signature":"responses#gAAA"},
    {"type":"redacted_thinking","data":"converse#blind"},{"type":"thinking","thinking":"bare","signature":""},
    {"type":"redacted_thinking","data":"gemini.call#thought"},{"type":"tool_use","id":"c","name":"f","input":{"a":1}}])"));
}

TEST_CASE("citations of other providers become Anthropic's, and their own blocks are left out") {
  auto reply = saying("x");
  auto& text = std::get<Text>(reply.parts[0].is);
  text.citations.push_back({"https://a", "A", "q", 0, 1, Dialect::chat, nullptr});
  text.citations.push_back({"", "facts.txt", "quote", 0, 1, Dialect::cohere, {{"id", 1}}});
  reply.parts.push_back({Opaque{Dialect::responses, {{"type", "web_search_call"}}}});
  const auto out = encoded(reply);
  REQUIRE(out["content"].size() == 1);
  const auto& citations = out["content"][0]["citations"];
  CHECK(citations[0]["type"] == "web_search_result_location");
  CHECK(citations[0]["url"] == "https://a");
  CHECK(citations[1]["type"] == "char_location");
  CHECK(citations[1]["document_title"] == "facts.txt");
}
