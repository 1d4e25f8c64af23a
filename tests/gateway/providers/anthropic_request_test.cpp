#include <nlohmann/json.hpp>

#include "gateway/providers/adapter.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::providers;
using Json = nlohmann::json;

namespace {

const Adapter& anthropic() {
  return adapter(config::ProviderType::anthropic);
}

Result<UpstreamCall> call(const std::string& body, std::string_view model = "claude-sonnet-4-5",
                          bool drop = false) {
  auto request = dialects::parse_request(dialects::Operation::chat, body);
  INFO(body);
  REQUIRE(request);
  request->drop = drop;
  config::Key key;
  key.secret = config::Secret("secret");
  return anthropic().call(*request, model, {}, key);
}

std::string body_of(const std::string& messages, const std::string& rest = "") {
  return R"({"model":"smart","messages":[)" + messages + "]" + rest + "}";
}

const std::string kHi = R"({"role":"user","content":"hi"})";

Json translated(const std::string& messages, const std::string& rest = "",
                std::string_view model = "claude-sonnet-4-5") {
  const auto made = call(body_of(messages, rest), model);
  REQUIRE(made);
  return Json::parse(made->body);
}

std::string refused(const std::string& messages, const std::string& rest = "") {
  const auto made = call(body_of(messages, rest));
  INFO(messages << rest);
  REQUIRE_FALSE(made);
  CHECK(made.error().fault == Fault::caller_bad_request);
  CHECK(made.error().message.find(made.error().param) != std::string::npos);
  return made.error().param;
}

}  // namespace

TEST_CASE("a call carries Anthropic's path, version and key") {
  const auto made = call(body_of(kHi, R"(,"stream":true)"));
  REQUIRE(made);
  CHECK(made->target == "/v1/messages");
  CHECK(made->headers.find("x-api-key: secret\r\n") != std::string::npos);
  CHECK(made->headers.find("anthropic-version: 2023-06-01\r\n") != std::string::npos);
  CHECK(made->headers.find("Authorization") == std::string::npos);
  CHECK(Json::parse(made->body) ==
        Json::parse(R"({"model":"claude-sonnet-4-5","max_tokens":4096,"stream":true,)"
                    R"("messages":[{"role":"user","content":[{"type":"text","text":"hi"}]}]})"));
  config::Provider provider;
  provider.base_url = "https://gateway.example/anthropic/v1";
  CHECK(anthropic()
            .call(*dialects::parse_request(dialects::Operation::chat, body_of(kHi)), "m", provider, {})
            ->target == "/anthropic/v1/messages");
}

TEST_CASE("system and developer messages become the system text") {
  const auto out = translated(
      R"({"role":"system","content":"a"},{"role":"user","content":"hi"},{"role":"developer","content":[{"type":"text","text":"b","cache_control":{"type":"ephemeral"}}]})");
  CHECK(
      out["system"] ==
      Json::parse(
          R"([{"type":"text","text":"a"},{"type":"text","text":"b","cache_control":{"type":"ephemeral"}}])"));
  CHECK(out["messages"].size() == 1);
}

TEST_CASE("images and documents are sent as sources") {
  const auto out = translated(
      R"({"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}},)"
      R"({"type":"image_url","image_url":{"url":"https://x.example/a.jpg"}},)"
      R"({"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,BBBB"}},)"
      R"({"type":"file","file":{"file_id":"file_1"}},{"type":"text","text":""}]})");
  CHECK(out["messages"][0]["content"] == Json::parse(R"([
    {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}},
    {"type":"image","source":{"type":"url","url":"https://x.example/a.jpg"}},
    {"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"BBBB"},"title":"a.pdf"},
    {"type":"document","source":{"type":"file","file_id":"file_1"}}])"));
}

TEST_CASE("tool calls and all their results stand in one turn each") {
  const auto out = translated(
      kHi +
          R"(,{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}},)"
          R"({"id":"c2","type":"function","function":{"name":"g","arguments":""}}]},)"
          R"({"role":"tool","tool_call_id":"c1","content":"one"},{"role":"tool","tool_call_id":"c2","content":[{"type":"text","text":"two"}]},)"
          R"({"role":"user","content":"and?"})",
      R"(,"tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object"}}},{"type":"function","function":{"name":"g"}}])");
  CHECK(out["messages"] == Json::parse(R"([{"role":"user","content":[{"type":"text","text":"hi"}]},
    {"role":"assistant","content":[{"type":"tool_use","id":"c1","name":"f","input":{"a":1}},{"type":"tool_use","id":"c2","name":"g","input":{}}]},
    {"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","content":"one"},
      {"type":"tool_result","tool_use_id":"c2","content":"two"},{"type":"text","text":"and?"}]}])"));
  CHECK(out["tools"] == Json::parse(R"([{"name":"f","description":"d","input_schema":{"type":"object"}},
    {"name":"g","input_schema":{"type":"object","properties":{}}}])"));
}

TEST_CASE("a history with calls declares their tools even when none are offered any more") {
  const auto out = translated(
      kHi +
      R"(,{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c","content":"x"})");
  CHECK(out["tools"][0]["name"] == "f");
  CHECK(out["tool_choice"] == Json{{"type", "none"}});
}

TEST_CASE("tool choices and parallel calls are renamed") {
  const std::string tools = R"(,"tools":[{"type":"function","function":{"name":"f"}}])";
  const auto choice = [&](const std::string& rest) {
    return translated(kHi, tools + rest).value("tool_choice", Json());
  };
  CHECK(choice("").is_null());
  CHECK(choice(R"(,"tool_choice":"auto")") == Json{{"type", "auto"}});
  CHECK(choice(R"(,"tool_choice":"none")") == Json{{"type", "none"}});
  CHECK(choice(R"(,"tool_choice":"required","parallel_tool_calls":false)") ==
        Json{{"type", "any"}, {"disable_parallel_tool_use", true}});
  CHECK(choice(R"(,"tool_choice":{"type":"function","function":{"name":"f"}})") ==
        Json{{"type", "tool"}, {"name", "f"}});
  CHECK(choice(R"(,"parallel_tool_calls":false)") ==
        Json{{"type", "auto"}, {"disable_parallel_tool_use", true}});
  CHECK(translated(kHi, R"(,"tool_choice":"auto")").value("tool_choice", Json()).is_null());
}

TEST_CASE("sampling fields are renamed and kept within Anthropic's ranges") {
  const std::string wishes =
      R"(,"max_completion_tokens":9,"max_tokens":5,"temperature":1.7,"top_p":0.5,"stop":"END","user":"u")";
  CHECK(refused(kHi, wishes + R"(,"seed":1)") == "seed");
  CHECK(refused(kHi, wishes + R"(,"presence_penalty":1)") == "presence_penalty");
  const auto dropped =
      call(body_of(kHi, wishes + R"(,"seed":1,"presence_penalty":1)"), "claude-sonnet-4-5", true);
  REQUIRE(dropped);
  CHECK_FALSE(Json::parse(dropped->body).contains("seed"));
  const auto out = translated(kHi, wishes);
  CHECK(out["max_tokens"] == 9);
  CHECK_FALSE(out.contains("temperature"));  // newer models refuse both, and 1 is what they do anyway
  CHECK(out["top_p"] == 0.5);
  CHECK(translated(kHi, R"(,"temperature":1.7)")["temperature"] == 1);
  CHECK(out["stop_sequences"] == Json::array({"END"}));
  CHECK(out["metadata"] == Json{{"user_id", "u"}});
  CHECK(translated(kHi, R"(,"stop":["a","b"],"temperature":0.2)")["stop_sequences"].size() == 2);
}

TEST_CASE("answer formats become a schema or an instruction") {
  const auto schema = translated(
      kHi,
      R"(,"response_format":{"type":"json_schema","json_schema":{"name":"x","schema":{"type":"object"}}})");
  CHECK(schema["output_config"] ==
        Json::parse(R"({"format":{"type":"json_schema","schema":{"type":"object"}}})"));
  const auto object = translated(kHi, R"(,"response_format":{"type":"json_object"})");
  CHECK(object["system"][0]["text"].get<std::string>().find("JSON") != std::string::npos);
  CHECK_FALSE(translated(kHi, R"(,"response_format":{"type":"text"})").contains("system"));
}

TEST_CASE("reasoning effort becomes thinking in the model's own way") {
  const std::string high = R"(,"reasoning_effort":"high","temperature":0.3)";
  const auto old = translated(kHi, high, "claude-sonnet-4-5-20250929");
  CHECK(old["thinking"] == Json{{"type", "enabled"}, {"budget_tokens", 16384}});
  CHECK(old["max_tokens"] == 4096 + 16384);
  CHECK_FALSE(old.contains("temperature"));
  const auto fresh = translated(kHi, high, "claude-opus-4-6");
  CHECK(fresh["thinking"] == Json{{"type", "adaptive"}});
  CHECK(fresh["output_config"]["effort"] == "high");
  CHECK(translated(kHi, high, "claude-sonnet-5").contains("thinking"));
  CHECK_FALSE(translated(kHi, high, "claude-3-5-haiku-20241022").contains("thinking"));
  CHECK(translated(kHi, high, "claude-3-7-sonnet-20250219")["thinking"]["type"] == "enabled");
  CHECK(translated(kHi, high, "claude-opus-4-20250514")["thinking"]["type"] == "enabled");
  CHECK(translated(kHi, R"(,"reasoning_effort":"high","max_tokens":3000)")["thinking"]["budget_tokens"] ==
        2999);
  CHECK_FALSE(translated(kHi, R"(,"reasoning_effort":"high","max_tokens":500)").contains("thinking"));
  CHECK_FALSE(translated(kHi, R"(,"reasoning_effort":"none")").contains("thinking"));
}

TEST_CASE("thinking blocks go back before the calls they led to, and without them there is no thinking") {
  const std::string calls =
      R"("tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c","content":"x"})";
  const auto kept = translated(
      kHi +
          R"(,{"role":"assistant","reasoning_details":[{"type":"reasoning.text","text":"t","signature":"s",)"
          R"("format":"anthropic-claude-v1"}],)" +
          calls,
      R"(,"reasoning_effort":"low")");
  CHECK(kept["messages"][1]["content"][0] ==
        Json{{"type", "thinking"}, {"thinking", "t"}, {"signature", "s"}});
  CHECK(kept.contains("thinking"));
  CHECK_FALSE(translated(kHi + R"(,{"role":"assistant",)" + calls, R"(,"reasoning_effort":"low")")
                  .contains("thinking"));
}

TEST_CASE("a prefill does not end in white space") {
  CHECK(
      translated(kHi + R"(,{"role":"assistant","content":"So: \n"})")["messages"][1]["content"][0]["text"] ==
      "So:");
  CHECK(translated(kHi + R"(,{"role":"assistant","content":"  "})")["messages"].size() == 1);
}

TEST_CASE("what Anthropic cannot serve is refused by name") {
  CHECK(refused(kHi, R"(,"n":2)") == "n");
  CHECK(refused(kHi, R"(,"logprobs":true)") == "logprobs");
  CHECK(refused(kHi, R"(,"logit_bias":{"1":2})") == "logit_bias");
  CHECK(refused(kHi, R"(,"functions":[{"name":"f"}])") == "functions");
  CHECK(refused(kHi, R"(,"tools":[{"type":"custom","custom":{}}])") == "tools[0].type");
  CHECK(refused(kHi, R"(,"tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":"sometimes")") ==
        "tool_choice");
  CHECK(refused(kHi, R"(,"response_format":{"type":"json_schema"})") == "response_format.json_schema.schema");
  CHECK(refused(R"({"role":"user","content":[{"type":"input_audio","input_audio":{}}]})") ==
        "messages[0].content");
  CHECK(refused(R"({"role":"user","content":[{"type":"image_url","image_url":{"url":"file:///x"}}]})") ==
        "messages[0].content");
  CHECK(refused(R"({"role":"function","content":"x"})") == "messages[0].role");
  CHECK(refused(R"({"role":"system","content":"alone"})") == "messages");
  CHECK(
      translated(kHi, R"(,"logprobs":false,"n":1,"logit_bias":{},"top_logprobs":null)").contains("messages"));
}

TEST_CASE("arguments that are no JSON are kept, as the text that they are") {
  const auto out = translated(
      kHi +
      R"(,{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{oops"}}]},)"
      R"({"role":"tool","tool_call_id":"c","content":"no"})");
  CHECK(out["messages"][1]["content"][0]["input"] == Json{{"arguments", "{oops"}});
}
