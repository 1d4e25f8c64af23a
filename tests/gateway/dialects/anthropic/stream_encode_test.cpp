#include "gateway/dialects/anthropic/codec.hpp"
#include "gateway/dialects/json.hpp"
#include "gateway/dialects/sse.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::dialects;

namespace {

std::unique_ptr<StreamEncoder> encoder() {
  Framing framing;
  framing.id = "msg_ours";
  framing.model = "alias";
  return anthropic::codec().stream_encoder(framing);
}

/// Every event, checked: its name is its type, and nothing but whole frames were written.
std::vector<Json> events(const std::string& out) {
  std::vector<Json> all;
  SseSplitter splitter;
  splitter.push(out);
  while (const auto frame = splitter.next()) {
    all.push_back(Json::parse(frame->data));
    CHECK(all.back()["type"] == std::string(frame->event));
    CHECK(frame->plain);
  }
  CHECK_FALSE(splitter.finish());
  return all;
}

/// "start text", "text_delta 0 Hi", "stop 0" ...
std::vector<std::string> told(const std::string& out) {
  std::vector<std::string> lines;
  for (const auto& event : events(out)) {
    const auto type = event["type"].get<std::string>();
    const auto index = event.contains("index") ? " " + event["index"].dump() : "";
    if (type == "content_block_start") {
      lines.push_back("start" + index + " " + text(event["content_block"], "type"));
    } else if (type == "content_block_stop") {
      lines.push_back("stop" + index);
    } else if (type == "content_block_delta") {
      const auto& delta = event["delta"];
      lines.push_back(text(delta, "type") + index + " " + text(delta, "text") + text(delta, "thinking") +
                      text(delta, "signature") + text(delta, "partial_json"));
    } else {
      lines.push_back(type);
    }
  }
  return lines;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("a stream whose usage comes last begins with what the question was estimated at") {
  Framing framing;
  framing.input_estimate = Tokens{40};
  for (const bool early : {false, true}) {
    const auto out = anthropic::codec().stream_encoder(framing);
    out->begin("chatcmpl-1", "gpt-x", 7);
    if (early) out->usage(Usage{{9}, {1}, {0}, {0}, {0}, {0}, false});
    out->text("Hey");
    out->usage(Usage{{9}, {2}, {0}, {0}, {0}, {0}, false});
    out->finish(Finish::stop, "", "");
    out->end();
    const auto all = events(out->out);
    CHECK(all.front()["message"]["usage"]["input_tokens"] == (early ? 9 : 40));
    CHECK(all.front()["message"]["usage"]["output_tokens"] == (early ? 1 : 0));
    CHECK(all[all.size() - 2]["usage"]["input_tokens"] == 9);
  }
}

TEST_CASE("a text is told in the order that clients know") {
  const auto out = encoder();
  out->begin("chatcmpl-1", "gpt-x", 7);
  CHECK(out->out.empty());  // the first block brings the usage with it, where it is known
  out->usage(Usage{{9}, {1}, {4}, {0}, {0}, {0}, false});
  out->text("He\"y");
  CHECK(told(out->out) == Lines{"message_start", "start 0 text", "ping", "text_delta 0 He\"y"});
  out->text("");
  out->text(" 🙂");
  out->usage(Usage{{9}, {5}, {4}, {0}, {2}, {0}, false});
  out->finish(Finish::stop_sequence, "END", "");
  out->end();
  out->end();
  const auto all = events(out->out);
  REQUIRE(all.size() == 8);
  CHECK(all[0]["message"] ==
        Json::parse(R"({"id":"msg_ours","type":"message","role":"assistant","model":"gpt-x",
    "content":[],"stop_reason":null,"stop_sequence":null,
    "usage":{"input_tokens":5,"cache_creation_input_tokens":0,"cache_read_input_tokens":4,"output_tokens":1}})"));
  CHECK(all[4]["delta"] == Json{{"type", "text_delta"}, {"text", " 🙂"}});
  CHECK(all[5]["type"] == "content_block_stop");
  CHECK(all[6]["delta"] == Json{{"stop_reason", "stop_sequence"}, {"stop_sequence", "END"}});
  CHECK(all[6]["usage"]["output_tokens"] == 5);
  CHECK(all[6]["usage"]["output_tokens_details"]["thinking_tokens"] == 2);
  CHECK(all[7] == Json{{"type", "message_stop"}});
}

TEST_CASE("usage may come after the stop reason, and an answer may be empty") {
  const auto out = encoder();
  out->begin("", "", 0);
  out->finish(Finish::unknown, "", "");
  out->usage(Usage{{9}, {5}, {0}, {0}, {0}, {0}, false});
  out->end();
  const auto all = events(out->out);
  REQUIRE(all.size() == 3);
  CHECK(all[0]["message"]["model"] == "alias");
  CHECK(all[1]["delta"]["stop_reason"] == "end_turn");
  CHECK(all[1]["usage"]["output_tokens"] == 5);
}

TEST_CASE("each kind has its block, and one is stopped before the next starts") {
  const auto out = encoder();
  out->begin("", "", 0);
  out->reasoning("h");
  out->reasoning("m");
  out->seal(Dialect::anthropic, "sig", false);
  out->reasoning("more");
  out->seal(Dialect::gemini, "g", false);
  out->seal(Dialect::responses, "r", true);
  out->text("hi");
  out->tool_begin(0, "c0", "f", "");
  out->tool_end(0);
  out->text("bye");
  out->finish(Finish::stop, "", "");
  out->end();
  CHECK(told(out->out) == Lines{"message_start",
                                "start 0 thinking",
                                "ping",
                                "thinking_delta 0 h",
                                "thinking_delta 0 m",
                                "signature_delta 0 sig",
                                "stop 0",
                                "start 1 thinking",
                                "thinking_delta 1 more",
                                "signature_delta 1 gemini#g",
                                "stop 1",
                                "start 2 redacted_thinking",
                                "stop 2",
                                "start 3 text",
                                "text_delta 3 hi",
                                "stop 3",
                                "start 4 tool_use",
                                "stop 4",
                                "start 5 text",
                                "text_delta 5 bye",
                                "stop 5",
                                "message_delta",
                                "message_stop"});
  const auto all = events(out->out);
  CHECK(all[11]["content_block"]["data"] == "responses#r");
  CHECK(all[16]["content_block"] == Json::parse(R"({"type":"tool_use","id":"c0","name":"f","input":{}})"));
  CHECK(all[21]["delta"]["stop_reason"] == "tool_use");
}

TEST_CASE("calls whose arguments are told in turns stand one after the other") {
  const auto out = encoder();
  out->begin("", "", 0);
  out->tool_begin(0, "c0", "f", "");
  out->tool_begin(1, "", "g", "thought");
  out->tool_begin(2, "c2", "h", "");
  for (const auto* piece : {"{\"a\"", ":1}"}) {
    for (std::size_t ordinal = 0; ordinal < 3; ++ordinal) out->tool_arguments(ordinal, piece);
  }
  CHECK(told(out->out) == Lines{"message_start", "start 0 tool_use", "ping", "input_json_delta 0 {\"a\"",
                                "input_json_delta 0 :1}"});
  out->text("waits");
  out->tool_arguments(9, "nobody");
  out->tool_end(1);
  out->out.clear();
  out->tool_end(0);
  CHECK(told(out->out) == Lines{"stop 0", "start 1 redacted_thinking", "stop 1", "start 2 tool_use",
                                "input_json_delta 2 {\"a\":1}", "stop 2", "start 3 tool_use",
                                "input_json_delta 3 {\"a\":1}"});
  CHECK(events(out->out)[3]["content_block"]["id"] == "toolu_ours_1");
  out->out.clear();
  out->finish(Finish::tools, "", "");
  out->end();
  CHECK(told(out->out) ==
        Lines{"stop 3", "start 4 text", "text_delta 4 waits", "stop 4", "message_delta", "message_stop"});
}

TEST_CASE("what waits for a call keeps its order") {
  const auto out = encoder();
  out->begin("", "", 0);
  out->tool_begin(0, "c0", "f", "");
  out->reasoning("a");
  out->reasoning("b");
  out->seal(Dialect::anthropic, "s", false);
  out->text("t");
  out->citation({"https://a", "A", "q", 0, 1, Dialect::chat, nullptr});
  out->opaque(Dialect::anthropic, R"({"type":"server_tool_use","id":"s","input":{"q":1}})");
  out->opaque(Dialect::responses, R"({"type":"web_search_call"})");
  out->out.clear();
  out->finish(Finish::tools, "", "");
  out->end();
  CHECK(told(out->out) == Lines{"stop 0", "start 1 thinking", "thinking_delta 1 ab", "signature_delta 1 s",
                                "stop 1", "start 2 text", "text_delta 2 t", "citations_delta 2 ", "stop 2",
                                "start 3 server_tool_use", "input_json_delta 3 {\"q\":1}", "stop 3",
                                "message_delta", "message_stop"});
}

TEST_CASE("what is said after a citation is another block") {
  const auto out = encoder();
  out->begin("", "", 0);
  out->text("cited");
  out->citation({"https://a", "A", "q", 0, 5, Dialect::chat, nullptr});
  out->text("free");
  CHECK(told(out->out) == Lines{"message_start", "start 0 text", "ping", "text_delta 0 cited",
                                "citations_delta 0 ", "stop 0", "start 1 text", "text_delta 1 free"});
}

TEST_CASE("a streamed refusal is told as words and as the stop reason") {
  const auto out = encoder();
  out->begin("", "", 0);
  out->refusal("No.");
  out->finish(Finish::filtered, "", "policy \"x\"");
  out->end();
  const auto all = events(out->out);
  CHECK(all[3]["delta"]["text"] == "No.");
  CHECK(
      all[5]["delta"] ==
      Json::parse(
          R"({"stop_reason":"refusal","stop_sequence":null,"stop_details":{"type":"refusal","category":null,"explanation":"policy \"x\""}})"));
}
