#include "gateway/dialects/json.hpp"
#include "gateway/dialects/responses/codec.hpp"
#include "tests/support/catch.hpp"

namespace troupe::dialects::responses {
namespace {

Reply answer(std::vector<Part> parts, Finish finish = Finish::stop) {
  Reply reply;
  reply.id = "msg_01A";
  reply.model = "claude";
  reply.parts = std::move(parts);
  reply.finish = finish;
  reply.usage = Usage{{10}, {5}, {4}, {2}, {3}, {0}, false};
  return reply;
}

Json written(const Reply& reply, const Conversation* asked = nullptr) {
  return Json::parse(codec().encode_reply(reply, {"req_1", "alias", 7, false, asked}));
}

Part thought(Dialect origin, std::string signature) {
  Reasoning out;
  out.text = "hm";
  out.signature = std::move(signature);
  out.origin = origin;
  return {out};
}

Part call() {
  ToolCall out;
  out.id = "toolu_1";
  out.name = "look";
  return {out};
}

}  // namespace

TEST_CASE("a whole answer is a complete response object") {
  const auto out = written(answer({{Text{"Hello", {}, nullptr}}}));
  CHECK(out["id"] == "resp_01A");
  CHECK(out["object"] == "response");
  CHECK(out["created_at"] == 7);
  CHECK(out["status"] == "completed");
  CHECK(out["model"] == "claude");
  for (const auto* name : {"error", "incomplete_details", "instructions", "max_output_tokens",
                           "previous_response_id", "temperature", "top_p", "user", "service_tier"})
    CHECK(out.at(name).is_null());
  CHECK(out["metadata"] == Json::object());
  CHECK(out["parallel_tool_calls"] == true);
  CHECK(out["tool_choice"] == "auto");
  CHECK(out["tools"] == Json::array());
  CHECK(out["text"] == Json::parse(R"({"format":{"type":"text"}})"));
  CHECK(out["store"] == false);
  CHECK(out["output"] == Json::parse(R"([{"id":"msg_01A_0","type":"message","status":"completed",
    "role":"assistant","content":[{"type":"output_text","text":"Hello","annotations":[],"logprobs":[]}]}])"));
  CHECK(out["usage"] == Json::parse(R"({"input_tokens":10,
    "input_tokens_details":{"cached_tokens":4,"cache_write_tokens":2},"output_tokens":5,
    "output_tokens_details":{"reasoning_tokens":3},"total_tokens":15})"));
}

TEST_CASE("a response repeats the question") {
  const auto asked = codec().decode_request(R"({"model":"m","input":"x","instructions":"Be brief.",
    "temperature":0.5,"tools":[{"type":"function","name":"f"}],"tool_choice":"required",
    "reasoning":{"effort":"low"},"metadata":{"a":"b"},"truncation":"auto","store":true,
    "text":{"verbosity":"low"},"max_output_tokens":9,"max_tool_calls":2})");
  REQUIRE(asked);
  const auto out = written(answer({}), &*asked);
  CHECK(out["instructions"] == "Be brief.");
  CHECK(out["temperature"] == 0.5);
  CHECK(out["tools"] == Json::parse(R"([{"type":"function","name":"f"}])"));
  CHECK(out["tool_choice"] == "required");
  CHECK(out["reasoning"] == Json::parse(R"({"effort":"low","summary":null})"));
  CHECK(out["metadata"] == Json{{"a", "b"}});
  CHECK(out["truncation"] == "auto");
  CHECK(out["text"] == Json::parse(R"({"format":{"type":"text"},"verbosity":"low"})"));
  CHECK(out["max_output_tokens"] == 9);
  CHECK(out["max_tool_calls"] == 2);
  CHECK(out["store"] == false);  // nothing is kept here
}

TEST_CASE("thoughts are summaries, sealed only for those who ask") {
  const auto with = codec().decode_request(R"({"input":"x","include":["reasoning.encrypted_content"]})");
  const auto without = codec().decode_request(R"({"input":"x"})");
  REQUIRE(with);
  REQUIRE(without);
  const auto reply = answer({thought(Dialect::anthropic, "EuY"), call()}, Finish::tools);
  const auto sealed = written(reply, &*with)["output"];
  CHECK(sealed == Json::parse(R"([{"id":"rs_01A_0","type":"reasoning",
    "summary":[{"type":"summary_text","text":"hm"}],"encrypted_content":"anthropic#EuY"},
    {"id":"fc_01A_1","type":"function_call","status":"completed","call_id":"toolu_1","name":"look",
     "arguments":"{}"}])"));
  CHECK_FALSE(written(reply, &*without)["output"][0].contains("encrypted_content"));
  Reasoning redacted;
  redacted.signature = "Zz";
  redacted.redacted = true;
  CHECK(written(answer({{redacted}}), &*without)["output"].empty());
}

TEST_CASE("a sealed call is sealed for clients that keep members and for those that keep reasoning") {
  ToolCall sealed;
  sealed.id = "c";
  sealed.name = "f";
  sealed.arguments = "{}";
  sealed.signature = "Sig";
  const auto out = written(answer({{sealed}}))["output"];
  REQUIRE(out.size() == 2);
  CHECK(out[0]["encrypted_content"] == "gemini#call#Sig");
  CHECK(out[1]["extra_content"]["google"]["thought_signature"] == "Sig");
}

TEST_CASE("an answer that was cut says why") {
  const auto cut = written(answer({{Text{"He", {}, nullptr}}}, Finish::length));
  CHECK(cut["status"] == "incomplete");
  CHECK(cut["incomplete_details"]["reason"] == "max_output_tokens");
  CHECK(cut["output"][0]["status"] == "incomplete");
  auto refused = answer({}, Finish::filtered);
  refused.finish_detail = "No.";
  const auto out = written(refused);
  CHECK(out["incomplete_details"]["reason"] == "content_filter");
  CHECK(out["output"][0]["content"][0] == Json::parse(R"({"type":"refusal","refusal":"No."})"));
  auto failed = answer({}, Finish::failed);
  failed.finish_detail = "It broke.";
  CHECK(written(failed)["status"] == "failed");
  CHECK(written(failed)["error"] == Json::parse(R"({"code":"server_error","message":"It broke."})"));
}

TEST_CASE("a call of a tool in a namespace names both, whole and streamed") {
  const auto asked = codec().decode_request(
      R"({"input":"x","tools":[{"type":"namespace","name":"eyes","tools":[{"type":"function","name":"look"}]}]})");
  REQUIRE(asked);
  ToolCall made;
  made.id = "c";
  made.name = "eyes__look";
  const auto whole = written(answer({{made}}, Finish::tools), &*asked)["output"][0];
  const auto to = codec().stream_encoder({"req_1", "alias", 7, false, &*asked});
  to->begin("a", "m", 1);
  to->tool_begin(0, "c", "eyes__look", {});
  to->end();
  CHECK(to->out.find("eyes__look") == std::string::npos);
  CHECK(to->out.find(R"("name":"look","namespace":"eyes")") != std::string::npos);
  CHECK(whole["name"] == "look");
  CHECK(whole["namespace"] == "eyes");
}

TEST_CASE("a call of a tool that was declared as custom is a custom call") {
  const auto asked = codec().decode_request(R"({"input":"x","tools":[{"type":"custom","name":"look"}]})");
  REQUIRE(asked);
  const auto item = written(answer({call()}, Finish::tools), &*asked)["output"][0];
  CHECK(item["type"] == "custom_tool_call");
  CHECK(item["input"] == "");
}

TEST_CASE("blocks that only another dialect knows have no place in an answer") {
  CHECK(written(answer({{Opaque{Dialect::anthropic, {{"type", "x"}}}}}))["output"].empty());
}

}  // namespace troupe::dialects::responses
