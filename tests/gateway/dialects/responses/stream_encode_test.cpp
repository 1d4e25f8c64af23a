#include "gateway/dialects/responses/stream_encode.hpp"

#include "gateway/dialects/responses/codec.hpp"
#include "gateway/dialects/responses/failure.hpp"
#include "tests/gateway/dialects/responses/events_of.hpp"
#include "tests/support/catch.hpp"

namespace troupe::dialects::responses {
namespace {

using Types = std::vector<std::string>;

std::unique_ptr<StreamEncoder> encoder(const Conversation* asked = nullptr) {
  return codec().stream_encoder({"req_1", "alias", 7, false, asked});
}

std::vector<Json> checked(const StreamEncoder& from) {
  auto events = events_of(from.out);
  for (std::size_t i = 0; i < events.size(); ++i) CHECK(events[i]["sequence_number"] == i);
  return events;
}

}  // namespace

TEST_CASE("a text comes in the order that clients take") {
  const auto to = encoder();
  to->begin("msg_01A", "claude", 0);
  to->text("Hel");
  to->text("lo");
  to->usage({{10}, {5}, {}, {}, {}, {}, false});
  to->finish(Finish::stop, {}, {});
  to->end();
  const auto events = checked(*to);
  CHECK(types_of(events) == Types{"response.created", "response.in_progress", "response.output_item.added",
                                  "response.content_part.added", "response.output_text.delta",
                                  "response.output_text.delta", "response.output_text.done",
                                  "response.content_part.done", "response.output_item.done",
                                  "response.completed"});
  CHECK(events[0]["response"]["status"] == "in_progress");
  CHECK(events[0]["response"]["output"].empty());
  CHECK(events[0]["response"]["created_at"] == 7);
  CHECK(events[2]["item"] ==
        Json::parse(
            R"({"id":"msg_01A_0","type":"message","status":"in_progress","content":[],"role":"assistant"})"));
  CHECK(events[3]["part"]["text"] == "");
  for (std::size_t i = 3; i < 8; ++i) {
    CHECK(events[i]["item_id"] == "msg_01A_0");
    CHECK(events[i]["output_index"] == 0);
    CHECK(events[i]["content_index"] == 0);
  }
  CHECK(events[5]["delta"] == "lo");
  CHECK(events[6]["text"] == "Hello");
  const auto& last = events[9]["response"];
  CHECK(last["output"] == Json::array({events[8]["item"]}));
  CHECK(last["output"][0]["content"][0]["text"] == "Hello");
  CHECK(last["usage"]["total_tokens"] == 15);
  CHECK(last["id"] == "resp_01A");
  CHECK(last["model"] == "claude");
}

TEST_CASE("a thought comes as a summary, and calls with their arguments") {
  const auto asked = codec().decode_request(R"({"input":"x","include":["reasoning.encrypted_content"]})");
  REQUIRE(asked);
  const auto to = encoder(&*asked);
  to->begin("a", "m", 1);
  to->reasoning("hm");
  to->seal(Dialect::anthropic, "EuY", false);
  to->tool_begin(0, "c1", "look", {});
  to->tool_begin(1, "c2", "find", {});
  to->tool_arguments(0, "{\"a\"");
  to->tool_arguments(1, "{}");
  to->tool_arguments(0, ":1}");
  to->tool_end(0);
  to->finish(Finish::tools, {}, {});
  to->end();
  const auto events = checked(*to);
  CHECK(types_of(events) ==
        Types{"response.created", "response.in_progress", "response.output_item.added",
              "response.reasoning_summary_part.added", "response.reasoning_summary_text.delta",
              "response.reasoning_summary_text.done", "response.reasoning_summary_part.done",
              "response.output_item.done", "response.output_item.added", "response.output_item.added",
              "response.function_call_arguments.delta", "response.function_call_arguments.delta",
              "response.function_call_arguments.delta", "response.function_call_arguments.done",
              "response.output_item.done", "response.function_call_arguments.done",
              "response.output_item.done", "response.completed"});
  CHECK(events[7]["item"]["encrypted_content"] == "anthropic#EuY");
  CHECK(events[8]["item"]["status"] == "in_progress");
  CHECK(events[8]["item"]["arguments"] == "");
  CHECK(events[10]["item_id"] == events[8]["item"]["id"]);
  CHECK(events[11]["output_index"] == 2);
  CHECK(events[13]["arguments"] == R"({"a":1})");
  CHECK(events[14]["item"]["call_id"] == "c1");
  const auto& output = events[17]["response"]["output"];
  REQUIRE(output.size() == 3);
  CHECK(output[1]["arguments"] == R"({"a":1})");
  CHECK(output[2]["name"] == "find");
}

TEST_CASE("a call without arguments has an empty object, a custom one what was said") {
  const auto asked = codec().decode_request(R"({"input":"x","tools":[{"type":"custom","name":"sql"}]})");
  REQUIRE(asked);
  const auto to = encoder(&*asked);
  to->begin("a", "m", 1);
  to->tool_begin(0, "c1", "look", {});
  to->tool_end(0);
  to->tool_begin(1, "c2", "sql", {});
  to->tool_arguments(1, "SELECT");
  to->end();
  const auto events = checked(*to);
  const auto& output = events.back()["response"]["output"];
  CHECK(output[0]["arguments"] == "{}");
  CHECK(output[1]["type"] == "custom_tool_call");
  CHECK(output[1]["input"] == "SELECT");
  const auto types = types_of(events);
  CHECK(std::count(types.begin(), types.end(), "response.custom_tool_call_input.delta") == 1);
}

TEST_CASE("seals that nobody asked for are not sent") {
  const auto asked = codec().decode_request(R"({"input":"x"})");
  REQUIRE(asked);
  const auto to = encoder(&*asked);
  to->begin("a", "m", 1);
  to->reasoning("hm");
  to->seal(Dialect::anthropic, "EuY", false);
  to->seal(Dialect::anthropic, "Zz", true);
  to->tool_begin(0, "c", "f", "Sig");
  to->end();
  CHECK(to->out.find("EuY") == std::string::npos);
  CHECK(to->out.find("Zz") == std::string::npos);
  CHECK(checked(*to).back()["response"]["output"].size() == 2);
}

TEST_CASE("citations are annotations of the text before them, in characters") {
  const auto to = encoder();
  to->begin("a", "m", 1);
  to->text("ä");
  to->tool_begin(0, "c", "f", {});
  to->tool_end(0);
  to->text("öx");
  to->citation({"https://a.example", "A", "", 4, 5, Dialect::chat, nullptr});
  to->end();
  const auto events = checked(*to);
  const auto note = std::find_if(events.begin(), events.end(), [](const Json& event) {
    return event["type"] == "response.output_text.annotation.added";
  });
  REQUIRE(note != events.end());
  CHECK((*note)["annotation"]["start_index"] == 1);
  CHECK((*note)["annotation"]["end_index"] == 2);
  CHECK((*note)["annotation_index"] == 0);
  CHECK(events.back()["response"]["output"][2]["content"][0]["annotations"][0] == (*note)["annotation"]);
}

TEST_CASE("a refusal is a part of its own") {
  const auto to = encoder();
  to->begin("a", "m", 1);
  to->text("Well.");
  to->refusal("No.");
  to->finish(Finish::filtered, {}, "policy");
  to->end();
  const auto events = checked(*to);
  CHECK(events.back()["type"] == "response.incomplete");
  CHECK(events.back()["response"]["incomplete_details"]["reason"] == "content_filter");
  const auto& item = events.back()["response"]["output"][0];
  CHECK(item["status"] == "incomplete");
  CHECK(item["content"][1] == Json::parse(R"({"type":"refusal","refusal":"No."})"));
  CHECK(events[events.size() - 3]["type"] == "response.content_part.done");
  CHECK(events[events.size() - 3]["content_index"] == 1);
}

TEST_CASE("an answer of nothing is a complete response") {
  const auto to = encoder();
  to->end();
  const auto events = checked(*to);
  CHECK(types_of(events) == Types{"response.created", "response.in_progress", "response.completed"});
  CHECK(events[2]["response"]["id"] == "resp_req_1");
  CHECK(events[2]["response"]["usage"].is_null());
}

TEST_CASE("pieces for calls that are not open are passed over, and an ordinal may begin anew") {
  const auto to = encoder();
  to->begin("a", "m", 1);
  to->tool_arguments(18446744073709551615u, "x");
  to->tool_end(5);
  to->tool_begin(18446744073709551615u, "c1", "f", {});
  to->tool_begin(18446744073709551615u, "c2", "f", {});
  to->end();
  CHECK(checked(*to).back()["response"]["output"].size() == 2);
}

TEST_CASE("a stream that fails ends with an error and a failed response, once") {
  const auto to = encoder();
  to->begin("a", "m", 1);
  to->tool_begin(0, "c1", "f", {});
  to->tool_end(0);
  to->text("He");
  ErrorReport report;
  report.fault = Fault::provider_stream_cut;
  report.message = "The provider closed the stream before its end.";
  fail_stream(*to, report);
  fail_stream(*to, report);
  to->end();
  const auto events = checked(*to);
  const auto& error = events[events.size() - 2];
  CHECK(error["type"] == "error");
  CHECK(error["message"] == report.message);
  CHECK(error["error"]["message"] == report.message);
  CHECK(error["error"]["code"] == "provider_stream_cut");
  const auto& last = events.back();
  CHECK(last["type"] == "response.failed");
  CHECK(last["response"]["status"] == "failed");
  CHECK(last["response"]["error"]["message"] == report.message);
  CHECK(last["response"]["output"].size() == 1);
}

TEST_CASE("a relayed stream is failed by the same two events") {
  ErrorReport report;
  report.fault = Fault::provider_overloaded;
  report.message = "Busy.";
  const auto events = events_of(failure_events(report, {"resp_9", "m", 3, false, nullptr}, 12));
  REQUIRE(events.size() == 2);
  CHECK(events[0]["sequence_number"] == 12);
  CHECK(events[1]["sequence_number"] == 13);
  CHECK(events[1]["response"]["id"] == "resp_9");
  CHECK(events[1]["response"]["error"]["message"] == "Busy.");
}

}  // namespace troupe::dialects::responses
