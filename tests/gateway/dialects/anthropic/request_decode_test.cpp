#include "gateway/dialects/anthropic/codec.hpp"
#include "gateway/dialects/json.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::dialects;

namespace {

Result<Conversation> decode(const std::string& body) {
  return anthropic::codec().decode_request(body);
}

std::string with(const std::string& rest, const std::string& content = R"("hi")") {
  return R"({"model":"m","max_tokens":5,"messages":[{"role":"user","content":)" + content + "}]" + rest + "}";
}

Conversation decoded(const std::string& rest, const std::string& content = R"("hi")") {
  const auto talk = decode(with(rest, content));
  INFO(rest << content);
  REQUIRE(talk);
  return *talk;
}

std::string refused(const std::string& body) {
  const auto talk = decode(body);
  INFO(body);
  REQUIRE_FALSE(talk);
  CHECK(talk.error().fault == Fault::caller_bad_request);
  return talk.error().param;
}

template <class T>
const T& part(const Conversation& talk, std::size_t message, std::size_t index = 0) {
  return std::get<T>(talk.messages.at(message).parts.at(index).is);
}

}  // namespace

TEST_CASE("the system text is a message, from a string or from blocks with their cache marks") {
  CHECK(part<Text>(decoded(R"(,"system":"be kind")"), 0).text == "be kind");
  const auto talk = decoded(
      R"(,"system":[{"type":"text","text":"a"},{"type":"text","text":"b","cache_control":{"type":"ephemeral","ttl":"1h"}}])");
  CHECK(talk.messages[0].role == Role::system);
  CHECK(part<Text>(talk, 0, 1).cache == Json{{"type", "ephemeral"}, {"ttl", "1h"}});
  CHECK(talk.messages[1].role == Role::user);
}

TEST_CASE("images and documents come by bytes, address, text or file id") {
  const auto talk = decoded("", R"([
    {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}},
    {"type":"image","source":{"type":"url","url":"https://x.example/a"}},
    {"type":"document","source":{"type":"file","file_id":"file_1"},"title":"T","context":"C","citations":{"enabled":true}},
    {"type":"document","source":{"type":"text","media_type":"text/plain","data":"words"},"cache_control":{"type":"ephemeral"}},
    {"type":"document","source":{"type":"content","content":[{"type":"text","text":"x"}]}}])");
  CHECK(part<Media>(talk, 0, 0).data == "AAAA");
  CHECK(part<Media>(talk, 0, 0).type == "image/png");
  CHECK(part<Media>(talk, 0, 1).url == "https://x.example/a");
  const auto& file = part<Media>(talk, 0, 2);
  CHECK(file.kind == Media::Kind::document);
  CHECK(file.file_id == "file_1");
  CHECK(file.name == "T");
  CHECK(file.more == Json::parse(R"({"context":"C","citations":{"enabled":true}})"));
  CHECK(part<Media>(talk, 0, 3).text == "words");
  CHECK(part<Media>(talk, 0, 3).cache == Json{{"type", "ephemeral"}});
  CHECK(part<Opaque>(talk, 0, 4).origin == Dialect::anthropic);
}

TEST_CASE("tool results are messages of their own, before the rest of their turn, and know their tool") {
  const auto talk = decode(R"({"model":"m","messages":[{"role":"user","content":"hi"},
    {"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"f","input":{"a":1}},{"type":"tool_use","id":"t2","name":"g","input":{}}]},
    {"role":"user","content":[{"type":"tool_result","tool_use_id":"t2","is_error":true,"content":"no"},
      {"type":"text","text":"and?"},{"type":"tool_result","tool_use_id":"t1","content":[{"type":"image","source":{"type":"url","url":"https://x"}}]}]}]})");
  REQUIRE(talk);
  REQUIRE(talk->messages.size() == 5);
  CHECK(part<ToolCall>(*talk, 1).arguments == R"({"a":1})");
  CHECK(part<ToolCall>(*talk, 1, 1).arguments == "{}");
  CHECK(talk->messages[2].role == Role::tool);
  CHECK(part<ToolResult>(*talk, 2).name == "g");
  CHECK(part<ToolResult>(*talk, 2).error);
  CHECK(std::get<Text>(part<ToolResult>(*talk, 2).content[0].is).text == "no");
  CHECK(part<ToolResult>(*talk, 3).name == "f");
  CHECK(talk->messages[4].role == Role::user);
}

TEST_CASE("thoughts keep their seals, and a seal of another provider its origin") {
  const auto talk = decode(R"({"model":"m","messages":[{"role":"assistant","content":[
    {"type":"thinking","thinking":"hm","signature":"EuY"},{"type":"redacted_thinking","data":"blind"},
    {"type":"thinking","thinking":"","signature":"responses#gAAA"},{"type":"thinking","thinking":"bare","signature":""},
    {"type":"redacted_thinking","data":"gemini.call#sig"},{"type":"tool_use","id":"t","name":"f","input":{}}]}]})");
  REQUIRE(talk);
  CHECK(part<Reasoning>(*talk, 0, 0) == Reasoning{"hm", "EuY", "", Dialect::anthropic, false, false});
  CHECK(part<Reasoning>(*talk, 0, 1) == Reasoning{"", "blind", "", Dialect::anthropic, true, false});
  CHECK(part<Reasoning>(*talk, 0, 2) == Reasoning{"", "gAAA", "", Dialect::responses, false, false});
  CHECK(part<Reasoning>(*talk, 0, 3).signature.empty());
  CHECK(part<ToolCall>(*talk, 0, 4).signature == "sig");
}

TEST_CASE("tools, their choice and server tools") {
  const auto talk = decoded(
      R"(,"tools":[{"name":"f","description":"d","input_schema":{"type":"object"},"strict":true},{"type":"custom","name":"g","input_schema":{"type":"object"}},)"
      R"({"type":"web_search_20250305","name":"web_search","max_uses":3}],"tool_choice":{"type":"any","disable_parallel_tool_use":true})");
  REQUIRE(talk.tools.size() == 3);
  CHECK(talk.tools[0].strict == true);
  CHECK(talk.tools[1].name == "g");
  CHECK_FALSE(talk.tools[1].own);
  REQUIRE(talk.tools[2].own);
  CHECK(talk.tools[2].own->json["max_uses"] == 3);
  CHECK(talk.choice.mode == ToolChoice::Mode::required);
  CHECK(talk.choice.parallel == false);
}

TEST_CASE("thinking is said by budget, by effort, by itself or not at all") {
  const auto budget =
      decoded(R"(,"thinking":{"type":"enabled","budget_tokens":2048,"display":"omitted"})").thinking;
  CHECK(budget.budget == 2048);
  CHECK(budget.shown == false);
  CHECK(decoded(R"(,"thinking":{"type":"disabled"})").thinking.budget == 0);
  const auto own =
      decoded(R"(,"thinking":{"type":"adaptive","display":"summarized"},"output_config":{"effort":"xhigh"})")
          .thinking;
  CHECK(own.adaptive);
  CHECK(own.shown == true);
  CHECK(own.effort == "xhigh");
  CHECK_FALSE(decoded("").thinking.asked());
}

TEST_CASE("a schema for the answer, also under the name it had as a beta") {
  const std::string format = R"({"type":"json_schema","schema":{"type":"object"}})";
  CHECK(decoded(R"(,"output_config":{"format":)" + format + "}").format.schema == Json{{"type", "object"}});
  CHECK(decoded(R"(,"output_format":)" + format).format.kind == Format::Kind::schema);
}

TEST_CASE("fields that the model does not know are kept, also inside of known ones") {
  const auto talk = decoded(
      R"(,"context_management":{"edits":[]},"metadata":{"user_id":"u","team":"t"},"output_config":{"effort":"low","task_budget":1},"fallback":"off","container":null)");
  CHECK(talk.user == "u");
  CHECK(talk.thinking.effort == "low");
  const std::vector<std::pair<std::string, Json>> kept{{"output_config", {{"task_budget", 1}}},
                                                       {"metadata", {{"team", "t"}}},
                                                       {"context_management", {{"edits", Json::array()}}}};
  CHECK(talk.extras == kept);
  const auto body = anthropic::codec().encode_request(talk, {"m", "", false});
  REQUIRE(body);
  const auto again = Json::parse(*body);
  CHECK(again["metadata"] == Json{{"user_id", "u"}, {"team", "t"}});
  CHECK(again["output_config"] == Json{{"effort", "low"}, {"task_budget", 1}});
}

TEST_CASE("a count of tokens is asked like a message, without a limit") {
  const auto talk = decode(R"({"model":"m","messages":[{"role":"user","content":"hi"}]})");
  REQUIRE(talk);
  CHECK_FALSE(talk->sampling.max_output);
  CHECK(anthropic::count_tokens_body({2095}) == R"({"input_tokens":2095})");
}

TEST_CASE("a request that is none is refused by the name of the field") {
  CHECK(decode("[]").error().code == "invalid_json");
  CHECK(decode("{\"model\":\"\xff\"}").error().code == "invalid_json");
  CHECK(decode(R"({"a":)" + std::string(100'000, '[')).error().code == "invalid_json");
  CHECK(decode(with(R"(,"x":)" + std::string(300, '[') + std::string(300, ']'))).error().code ==
        "invalid_json");
  CHECK(refused(R"({"messages":[]})") == "model");
  CHECK(refused(R"({"model":"m","messages":[]})") == "messages");
  CHECK(refused(R"({"model":"m","messages":["Invalid content"]})") == "messages.0.content");
  CHECK(refused(R"({"model":"m","messages":[{"role":"bot","content":"x"}]})") == "messages.0.role");
  CHECK(refused(with("", "7")) == "messages.0.content");
  CHECK(refused(with("", R"([{"text":"x"}])")) == "messages.0.content.0");
  CHECK(refused(with("", R"([{"type":"text","text":7}])")) == "messages.0.content.0.text");
  CHECK(refused(with("", R"([{"type":"image","source":"x"}])")) == "messages.0.content.0.source");
  CHECK(refused(with("", R"([{"type":"tool_result","content":"x"}])")) == "messages.0.content.0.tool_use_id");
  CHECK(refused(with("", R"([{"type":"tool_result","tool_use_id":"t","content":[{"type":"text"}]}])")) ==
        "messages.0.content.0.content.0.text");
  CHECK(refused(with(R"(,"max_tokens":"5")")) == "max_tokens");
  CHECK(refused(with(R"(,"max_tokens":0)")) == "max_tokens");
  CHECK(refused(with(R"(,"temperature":"hot")")) == "temperature");
  CHECK(refused(with(R"(,"stop_sequences":[7])")) == "stop_sequences");
  CHECK(refused(with(R"(,"tools":{})")) == "tools");
  CHECK(refused(with(R"(,"tools":[{"description":"x"}])")) == "tools.0.name");
  CHECK(refused(with(R"(,"tool_choice":{"type":"some"})")) == "tool_choice");
  CHECK(refused(with(R"(,"thinking":true)")) == "thinking");
}
