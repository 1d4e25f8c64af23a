#include "gateway/dialects/responses/codec.hpp"
#include "tests/gateway/dialects/responses/events_of.hpp"
#include "tests/support/catch.hpp"

namespace troupe::dialects::responses {
namespace {

std::string stream(std::initializer_list<std::string_view> events) {
  std::string out;
  for (const auto event : events) out.append("data: ").append(event).append("\n\n");
  return out;
}

Reply read(std::initializer_list<std::string_view> events) {
  const auto heard = hear(stream(events), 7);
  CHECK(heard.ended);
  return heard.reply;
}

constexpr std::string_view kCreated =
    R"({"type":"response.created","response":{"id":"resp_1","model":"gpt","created_at":9}})";
constexpr std::string_view kDone = R"({"type":"response.completed","response":{"status":"completed",
"usage":{"input_tokens":3,"output_tokens":2}}})";

StreamFailure failure(std::string_view text) {
  const auto heard = hear(text, text.size());
  CHECK_FALSE(heard.ended);
  REQUIRE(heard.failure);
  return *heard.failure;
}

std::string one_line(std::string_view text) {
  std::string out(text);
  std::erase(out, '\n');
  return out;
}

}  // namespace

TEST_CASE("an answer is gathered from its pieces") {
  const auto done = one_line(kDone);
  const auto reply = read(
      {kCreated,
       R"({"type":"response.output_item.added","output_index":0,"item":{"type":"reasoning","summary":[]}})",
       R"({"type":"response.reasoning_summary_text.delta","output_index":0,"summary_index":0,"delta":"a"})",
       R"({"type":"response.reasoning_summary_text.delta","output_index":0,"summary_index":1,"delta":"b"})",
       R"({"type":"response.output_item.done","output_index":0,"item":{"type":"reasoning","encrypted_content":"gA","summary":[{"text":"a"},{"text":"b"}]}})",
       R"({"type":"response.output_text.delta","output_index":1,"content_index":0,"delta":"ä "})",
       R"({"type":"response.output_text.delta","output_index":1,"content_index":0,"delta":"b"})",
       R"({"type":"response.output_text.annotation.added","output_index":1,"content_index":0,"annotation":{"type":"url_citation","url":"https://a.example","title":"A","start_index":2,"end_index":3}})",
       R"({"type":"response.output_item.done","output_index":1,"item":{"type":"message","content":[{"type":"output_text","text":"ä b"}]}})",
       R"({"type":"response.output_item.added","output_index":2,"item":{"type":"function_call","call_id":"c1","name":"f","arguments":""}})",
       R"({"type":"response.function_call_arguments.delta","output_index":2,"delta":"{}"})",
       R"({"type":"response.output_item.done","output_index":2,"item":{"type":"function_call","call_id":"c1","name":"f","arguments":"{}"}})",
       R"({"type":"response.some_day.delta","output_index":2,"delta":"?"})", done});
  CHECK(reply.id == "resp_1");
  CHECK(reply.model == "gpt");
  CHECK(reply.created == 9);
  REQUIRE(reply.parts.size() == 3);
  const auto& thought = std::get<Reasoning>(reply.parts[0].is);
  CHECK(thought.text == "a\n\nb");
  CHECK(thought.signature == "gA");
  CHECK(thought.origin == Dialect::responses);
  CHECK_FALSE(thought.redacted);
  const auto& said = std::get<Text>(reply.parts[1].is);
  CHECK(said.text.ends_with(" b"));
  REQUIRE(said.citations.size() == 1);
  CHECK(said.citations[0].start == 3);
  CHECK(said.citations[0].end == 4);
  CHECK(std::get<ToolCall>(reply.parts[2].is).arguments == "{}");
  CHECK(reply.finish == Finish::tools);
  CHECK(reply.usage == Usage{{3}, {2}, {}, {}, {}, {}, false});
}

TEST_CASE("what comes only whole is told from there") {
  const auto done = one_line(kDone);
  const auto reply = read(
      {kCreated,
       R"({"type":"response.output_item.done","output_index":0,"item":{"type":"reasoning","content":[{"text":"hm"}],"encrypted_content":"anthropic#EuY"}})",
       R"({"type":"response.output_item.done","output_index":1,"item":{"type":"message","content":[{"type":"output_text","text":"ä","annotations":[{"type":"url_citation","url":"u","start_index":0,"end_index":1}]},{"type":"refusal","refusal":"no"}]}})",
       R"({"type":"response.output_item.done","output_index":2,"item":{"type":"custom_tool_call","call_id":"c","name":"sql","input":"SELECT"}})",
       R"({"type":"response.output_item.done","output_index":3,"item":{"type":"web_search_call","id":"ws_1"}})",
       done});
  REQUIRE(reply.parts.size() == 5);
  CHECK(std::get<Reasoning>(reply.parts[0].is).origin == Dialect::anthropic);
  CHECK(std::get<Reasoning>(reply.parts[0].is).text == "hm");
  CHECK(std::get<Text>(reply.parts[1].is).citations.at(0).end == 2);
  CHECK(std::get<Refusal>(reply.parts[2].is).text == "no");
  CHECK(std::get<ToolCall>(reply.parts[3].is).arguments == "SELECT");
  CHECK(std::get<Opaque>(reply.parts[4].is).json["id"] == "ws_1");
}

TEST_CASE("notes that stand only in the finished message are measured from its beginning") {
  const auto done = one_line(kDone);
  const auto reply = read(
      {kCreated, R"({"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"äb"})",
       R"({"type":"response.output_item.done","output_index":0,"item":{"type":"message","content":[{"type":"output_text","text":"äb","annotations":[{"type":"url_citation","url":"u","start_index":1,"end_index":2}]}]}})",
       done});
  CHECK(std::get<Text>(reply.parts.at(0).is).citations.at(0).start == 2);
  CHECK(std::get<Text>(reply.parts.at(0).is).citations.at(0).end == 3);
}

TEST_CASE("an answer that stands only in the last event is told from there") {
  const auto reply = read(
      {R"({"type":"response.incomplete","response":{"id":"resp_2","model":"m","created_at":1,"incomplete_details":{"reason":"max_output_tokens"},"output":[{"type":"message","content":[{"type":"output_text","text":"He"}]},{"type":"function_call","call_id":"c","name":"f","arguments":"{\"a\":1}"}]}})"});
  CHECK(reply.id == "resp_2");
  CHECK(reply.finish == Finish::length);
  REQUIRE(reply.parts.size() == 2);
  CHECK(std::get<ToolCall>(reply.parts[1].is).arguments == R"({"a":1})");
}

TEST_CASE("thoughts that are told twice, plainly and as a summary, are taken once") {
  const auto done = one_line(kDone);
  const auto reply =
      read({kCreated, R"({"type":"response.reasoning_text.delta","output_index":0,"delta":"plain"})",
            R"({"type":"response.reasoning_summary_text.delta","output_index":0,"delta":"short"})", done});
  REQUIRE(reply.parts.size() == 1);
  CHECK(std::get<Reasoning>(reply.parts[0].is).text == "plain");
}

TEST_CASE("a call that never ended ends with the answer") {
  const auto done = one_line(kDone);
  const auto reply = read(
      {kCreated,
       R"({"type":"response.output_item.added","output_index":9223372036854775807,"item":{"type":"function_call","call_id":"c","name":"f"}})",
       R"({"type":"response.function_call_arguments.delta","output_index":9223372036854775807,"delta":"{}"})",
       done, "[DONE]"});
  CHECK(std::get<ToolCall>(reply.parts.at(0).is).arguments == "{}");
}

TEST_CASE("an error event fails the stream with its words, however they are wrapped") {
  const auto nested = failure(
      "event: error\ndata: "
      "{\"type\":\"error\",\"error\":{\"code\":\"insufficient_quota\",\"message\":\"m\"}}\n\n");
  CHECK(nested.kind == StreamFailure::Kind::error);
  CHECK(Json::parse(nested.body)["error"]["code"] == "insufficient_quota");
  const auto flat = failure(stream({R"({"type":"error","code":"server_error","message":"m"})"}));
  CHECK(Json::parse(flat.body)["error"]["code"] == "server_error");
  const auto failed = failure(stream(
      {kCreated, R"({"type":"response.failed","response":{"error":{"code":"rate_limit_exceeded"}}})"}));
  CHECK(Json::parse(failed.body)["error"]["code"] == "rate_limit_exceeded");
  const auto bare = failure(stream({R"({"error":"text"})"}));
  CHECK(Json::parse(bare.body)["error"] == "text");
  CHECK(failure(stream({R"({"type":"response.failed"})"})).kind == StreamFailure::Kind::error);
}

TEST_CASE("a stream without its last event is cut, and no JSON is malformed") {
  CHECK(failure(stream({kCreated})).kind == StreamFailure::Kind::cut);
  CHECK(failure("data: {\"type\":\"respo").kind == StreamFailure::Kind::cut);
  CHECK(failure("").kind == StreamFailure::Kind::cut);
  CHECK(failure("data: [1]\n\n").kind == StreamFailure::Kind::malformed);
  CHECK(failure("data: nope\n\n").kind == StreamFailure::Kind::malformed);
  CHECK(failure(stream({R"({"type":"response.completed"})"})).kind == StreamFailure::Kind::malformed);
  const auto deep = std::string(3000, '[') + std::string(3000, ']');
  CHECK(failure("data: {\"a\":" + deep + "}\n\n").kind == StreamFailure::Kind::malformed);
}

TEST_CASE("members of wrong types in events are passed over") {
  const auto done = one_line(kDone);
  const auto reply = read({R"({"type":"response.created","response":5})",
                           R"({"type":"response.output_text.delta","output_index":"x","delta":7})",
                           R"({"type":"response.output_item.added","item":[]})",
                           R"({"type":"response.output_item.done","item":{"type":"message","content":3}})",
                           R"({"type":"response.output_item.done","item":{"type":7}})",
                           R"({"type":"response.output_text.annotation.added","annotation":0})",
                           R"({"type":[]})", R"({"error":null})", done});
  CHECK(reply.parts.empty());
  CHECK(reply.finish == Finish::stop);
}

}  // namespace troupe::dialects::responses
