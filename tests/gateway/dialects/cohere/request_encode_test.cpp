// What callers of other dialects ask, in Cohere's words.
#include "gateway/dialects/cohere/codec.hpp"
#include "gateway/dialects/json.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::dialects;

namespace {

Conversation asked() {
  Conversation talk;
  talk.messages.push_back({Role::user, {{Text{"hi", {}, nullptr}}}, ""});
  return talk;
}

Json written(const Conversation& talk, const std::string& model = "command-a-03-2025", bool drop = false) {
  const auto body = cohere::codec().encode_request(talk, {model, "cohere", drop});
  if (!body) FAIL(body.error().message);
  return Json::parse(*body);
}

std::string refused(const Conversation& talk) {
  const auto body = cohere::codec().encode_request(talk, {"command-a-03-2025", "cohere", false});
  REQUIRE_FALSE(body);
  CHECK(body.error().fault == Fault::caller_bad_request);
  return body.error().param;
}

Tool tool(const std::string& name) {
  Tool out;
  out.name = name;
  return out;
}

}  // namespace

TEST_CASE("roles, texts and pictures have their places") {
  auto talk = asked();
  talk.messages.insert(talk.messages.begin(), {Role::developer, {{Text{"be brief", {}, nullptr}}}, ""});
  Media image;
  image.type = "image/png";
  image.data = "AAAA";
  talk.messages.back().parts.push_back({image});
  const auto messages = written(talk)["messages"];
  CHECK(messages[0] == Json{{"role", "system"}, {"content", "be brief"}});
  CHECK(messages[1]["content"][0] == Json{{"type", "text"}, {"text", "hi"}});
  CHECK(messages[1]["content"][1]["image_url"]["url"] == "data:image/png;base64,AAAA");
}

TEST_CASE("what is said before a call is the plan, and results answer by id") {
  auto talk = asked();
  ToolCall call;
  call.id = "c1";
  call.name = "look";
  Reasoning sealed;
  sealed.text = "hm";
  sealed.signature = "s";
  talk.messages.push_back({Role::assistant, {{sealed}, {Text{"I will look.", {}, nullptr}}, {call}}, ""});
  ToolResult result;
  result.id = "c1";
  result.content.push_back({Text{"seen", {}, nullptr}});
  talk.messages.push_back({Role::tool, {{result}}, ""});
  const auto messages = written(talk)["messages"];
  CHECK(messages[1]["tool_plan"] == "I will look.");
  CHECK_FALSE(messages[1].contains("content"));
  CHECK(messages[1]["tool_calls"][0]["function"]["arguments"] == "{}");
  CHECK(messages[2] == Json{{"role", "tool"}, {"tool_call_id", "c1"}, {"content", "seen"}});
}

TEST_CASE("thoughts go back to models that think, and to no other") {
  auto talk = asked();
  Reasoning thought;
  thought.text = "hm";
  talk.messages.push_back({Role::assistant, {{thought}, {Text{"four", {}, nullptr}}}, ""});
  CHECK(written(talk)["messages"][1]["content"].size() == 1);
  CHECK(written(talk, "command-a-reasoning-08-2025")["messages"][1]["content"][0]["thinking"] == "hm");
}

TEST_CASE("a named tool is forced by offering it alone") {
  auto talk = asked();
  talk.tools = {tool("a"), tool("b")};
  talk.choice = {ToolChoice::Mode::named, "b", std::nullopt};
  const auto body = written(talk);
  CHECK(body["tool_choice"] == "REQUIRED");
  REQUIRE(body["tools"].size() == 1);
  CHECK(body["tools"][0]["function"]["name"] == "b");
  CHECK(body["tools"][0]["function"]["parameters"]["type"] == "object");
  talk.choice = {ToolChoice::Mode::automatic, "", std::nullopt};
  CHECK_FALSE(written(talk).contains("tool_choice"));
}

TEST_CASE("tools are strict together or not at all") {
  auto talk = asked();
  talk.tools = {tool("a"), tool("b")};
  talk.tools[0].strict = true;
  CHECK_FALSE(written(talk).contains("strict_tools"));
  talk.tools[1].strict = true;
  CHECK(written(talk)["strict_tools"] == true);
  CHECK_FALSE(written(talk)["tools"][0]["function"].contains("strict"));
}

TEST_CASE("sampling keeps within what Cohere takes") {
  auto talk = asked();
  talk.sampling.temperature = 1.8;
  talk.sampling.top_p = 1.0;
  talk.sampling.top_k = 1000;
  talk.sampling.max_output = 50;
  talk.sampling.stop = {"x"};
  const auto body = written(talk);
  CHECK(body["temperature"] == 1.0);
  CHECK(body["p"] == 0.99);
  CHECK(body["k"] == 500);
  CHECK(body["max_tokens"] == 50);
  CHECK(body["stop_sequences"] == Json::array({"x"}));
}

TEST_CASE("what has no counterpart is refused by name, or left out where that was wanted") {
  auto many = asked();
  many.sampling.choices = 2;
  CHECK(refused(many) == "n");
  CHECK_FALSE(written(many, "command-r", true).contains("n"));
  auto odds = asked();
  odds.sampling.logprobs = true;
  CHECK(refused(odds) == "logprobs");
  auto penalty = asked();
  penalty.sampling.presence_penalty = -1;
  CHECK(refused(penalty) == "presence_penalty");
  CHECK(written(penalty, "command-r", true)["presence_penalty"] == 0);
  auto stops = asked();
  stops.sampling.stop = {"1", "2", "3", "4", "5", "6"};
  CHECK(refused(stops) == "stop");
  auto search = asked();
  search.tools.emplace_back();
  search.tools.back().own = Opaque{Dialect::anthropic, {{"type", "web_search_20250305"}}};
  CHECK(refused(search) == "tools");
  auto sound = asked();
  Media audio;
  audio.kind = Media::Kind::audio;
  sound.messages[0].parts.push_back({audio});
  CHECK(refused(sound) == "messages");
}

TEST_CASE("formats and thinking are said in Cohere's words") {
  auto talk = asked();
  talk.format = {Format::Kind::schema, "n", "", {{"type", "object"}}, true};
  talk.thinking.effort = "low";
  const auto body = written(talk, "command-a-reasoning-08-2025");
  CHECK(body["response_format"] == Json{{"type", "json_object"}, {"json_schema", {{"type", "object"}}}});
  CHECK(body["thinking"] == Json{{"type", "enabled"}, {"token_budget", 1024}});
  CHECK_FALSE(written(talk).contains("thinking"));
  talk.thinking.effort = "none";
  CHECK(written(talk, "command-a-reasoning-08-2025")["thinking"] == Json{{"type", "disabled"}});
}

TEST_CASE("Cohere's own fields pass from chat clients, and only from them") {
  auto talk = asked();
  talk.extras.emplace_back("documents", Json::array({"d"}));
  talk.extras.emplace_back("logit_bias_of_mine", 1);
  CHECK(written(talk)["documents"] == Json::array({"d"}));
  CHECK_FALSE(written(talk).contains("logit_bias_of_mine"));
  talk.origin = Dialect::anthropic;
  CHECK_FALSE(written(talk).contains("documents"));
}
