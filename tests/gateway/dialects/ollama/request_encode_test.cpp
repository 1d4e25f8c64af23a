// What callers of other dialects ask, in Ollama's words.
#include "gateway/dialects/json.hpp"
#include "gateway/dialects/ollama/codec.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::dialects;

namespace {

Conversation asked() {
  Conversation talk;
  talk.messages.push_back({Role::user, {{Text{"hi", {}, nullptr}}}, ""});
  return talk;
}

Json written(const Conversation& talk, const std::string& model = "llama3.2", bool drop = false) {
  const auto body = ollama::codec().encode_request(talk, {model, "ollama", drop});
  if (!body) FAIL(body.error().message);
  return Json::parse(*body);
}

std::string refused(const Conversation& talk) {
  const auto body = ollama::codec().encode_request(talk, {"llama3.2", "ollama", false});
  REQUIRE_FALSE(body);
  CHECK(body.error().fault == Fault::caller_bad_request);
  return body.error().param;
}

}  // namespace

TEST_CASE("it is said whether the answer streams, for Ollama streams unless told not to") {
  auto talk = asked();
  CHECK(written(talk)["stream"] == false);
  talk.stream = true;
  CHECK(written(talk)["stream"] == true);
}

TEST_CASE("texts of a message are joined, pictures stand beside them without their heads") {
  auto talk = asked();
  Media image;
  image.type = "image/png";
  image.data = "AAAA";
  talk.messages[0].parts.push_back({image});
  talk.messages[0].parts.push_back({Text{"there", {}, nullptr}});
  const auto message = written(talk)["messages"][0];
  CHECK(message["content"] == "hi\n\nthere");
  CHECK(message["images"] == Json::array({"AAAA"}));
  image.data.clear();
  image.url = "https://x.example/a.png";
  talk.messages[0].parts.push_back({image});
  CHECK(refused(talk) == "messages");
}

TEST_CASE("calls have arguments as objects, results name their tool") {
  auto talk = asked();
  ToolCall call;
  call.id = "c1";
  call.name = "look";
  call.arguments = R"({"at":1})";
  talk.messages.push_back({Role::assistant, {{call}}, ""});
  ToolResult result;
  result.id = "c1";
  result.name = "look";
  result.content.push_back({Text{"seen", {}, nullptr}});
  talk.messages.push_back({Role::tool, {{result}}, ""});
  const auto messages = written(talk)["messages"];
  CHECK(messages[1]["tool_calls"][0]["function"]["arguments"] == Json{{"at", 1}});
  CHECK(messages[2] ==
        Json{{"role", "tool"}, {"content", "seen"}, {"tool_name", "look"}, {"tool_call_id", "c1"}});
}

TEST_CASE("sampling stands in the options, beside what a chat client says there") {
  auto talk = asked();
  talk.sampling.max_output = 50;
  talk.sampling.stop = {"x"};
  talk.extras.emplace_back("options", Json{{"num_ctx", 32768}});
  talk.extras.emplace_back("keep_alive", "1h");
  const auto body = written(talk);
  CHECK(body["options"] == Json{{"num_predict", 50}, {"stop", {"x"}}, {"num_ctx", 32768}});
  CHECK(body["keep_alive"] == "1h");
  talk.origin = Dialect::anthropic;
  CHECK_FALSE(written(talk).contains("keep_alive"));
}

TEST_CASE("models are told to think in the way that they take") {
  auto talk = asked();
  talk.thinking.effort = "high";
  CHECK(written(talk, "gpt-oss:20b")["think"] == "high");
  CHECK(written(talk, "qwen3:8b")["think"] == true);
  CHECK_FALSE(written(talk, "llama3.2").contains("think"));
  talk.thinking.effort = "none";
  CHECK(written(talk, "llama3.2")["think"] == false);
}

TEST_CASE("what has no counterpart is refused by name, or left out where that was wanted") {
  auto many = asked();
  many.sampling.choices = 2;
  CHECK(refused(many) == "n");
  auto odds = asked();
  odds.sampling.logprobs = true;
  CHECK(refused(odds) == "logprobs");
  auto forced = asked();
  forced.tools.emplace_back();
  forced.tools[0].name = "f";
  forced.choice.mode = ToolChoice::Mode::required;
  CHECK(refused(forced) == "tool_choice");
  CHECK(written(forced, "llama3.2", true)["tools"].size() == 1);
  forced.choice.mode = ToolChoice::Mode::none;
  CHECK_FALSE(written(forced).contains("tools"));
  auto search = asked();
  search.tools.emplace_back();
  search.tools.back().own = Opaque{Dialect::anthropic, {{"type", "web_search_20250305"}}};
  CHECK(refused(search) == "tools");
  CHECK_FALSE(written(search, "llama3.2", true).contains("tools"));
}

TEST_CASE("results without ids answer the open calls of their tool") {
  const auto talk = ollama::codec().decode_request(
      R"({"model":"m","messages":[{"role":"assistant","content":"","tool_calls":[)"
      R"({"function":{"name":"a","arguments":{}}},{"function":{"name":"b","arguments":{}}}]},)"
      R"({"role":"tool","tool_name":"b","content":"2"},{"role":"tool","content":"1"}]})");
  REQUIRE(talk);
  const auto& calls = talk->messages[0].parts;
  const auto id = [&](std::size_t at) { return std::get<ToolCall>(calls[at].is).id; };
  CHECK(id(0) != id(1));
  CHECK(std::get<ToolResult>(talk->messages[1].parts[0].is).id == id(1));
  CHECK(std::get<ToolResult>(talk->messages[2].parts[0].is).id == id(0));
  CHECK(std::get<ToolResult>(talk->messages[2].parts[0].is).name == "a");
}
