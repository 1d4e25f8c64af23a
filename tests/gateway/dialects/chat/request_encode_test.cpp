// What providers of this shape want said differently.
#include "gateway/dialects/chat/codec.hpp"

#include "gateway/dialects/json.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::dialects;

namespace {

Conversation ask(std::string_view body) {
  auto talk = chat::codec().decode_request(body);
  REQUIRE(talk);
  return *talk;
}

Json written(const Conversation& talk, const std::string& flavour, const std::string& model = "m",
             bool drop = false) {
  const auto body = chat::codec().encode_request(talk, {model, flavour, drop});
  INFO((body ? "" : body.error().message));
  REQUIRE(body);
  return Json::parse(*body);
}

}  // namespace

TEST_CASE("Mistral gets ids of nine characters, random_seed, and nothing that it refuses") {
  const auto talk = ask(R"({"model":"x","seed":3,"user":"u","stream":true,"tool_choice":"required",
    "tools":[{"type":"function","function":{"name":"f"}}],"messages":[{"role":"user","content":"q"},
    {"role":"assistant","content":null,"tool_calls":[{"id":"call_abc123","type":"function","function":{"name":"f","arguments":"{}"}}]},
    {"role":"tool","tool_call_id":"call_abc123","content":"r"}]})");
  const auto out = written(talk, "mistral");
  CHECK(out["random_seed"] == 3);
  CHECK_FALSE(out.contains("seed"));
  CHECK_FALSE(out.contains("user"));
  CHECK_FALSE(out.contains("stream_options"));
  CHECK(out["tool_choice"] == "any");
  const auto id = out["messages"][1]["tool_calls"][0]["id"].get<std::string>();
  CHECK(id.size() == 9);
  CHECK(out["messages"][2]["tool_call_id"] == id);
}

TEST_CASE("OpenAI gets max_completion_tokens, others max_tokens") {
  const auto talk = ask(R"({"model":"x","max_tokens":5,"messages":[{"role":"developer","content":"d"}]})");
  CHECK(written(talk, "openai")["max_completion_tokens"] == 5);
  CHECK(written(talk, "openai")["messages"][0]["role"] == "developer");
  CHECK(written(talk, "groq")["max_tokens"] == 5);
  CHECK(written(talk, "groq")["messages"][0]["role"] == "system");
}

TEST_CASE("DeepSeek gets its thoughts back inside of tool loops only") {
  const auto talk = ask(R"({"model":"x","messages":[{"role":"user","content":"q"},
    {"role":"assistant","content":"a","reasoning_content":"one"},{"role":"user","content":"q"},
    {"role":"assistant","content":null,"reasoning_content":"two","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},
    {"role":"tool","tool_call_id":"c","content":"r"}]})");
  const auto out = written(talk, "deepseek")["messages"];
  CHECK_FALSE(out[1].contains("reasoning_content"));
  CHECK(out[3]["reasoning_content"] == "two");
  CHECK_FALSE(written(talk, "openai")["messages"][3].contains("reasoning_content"));
}

TEST_CASE("images that a tool returned follow the results of its turn") {
  Conversation talk;
  talk.origin = Dialect::anthropic;
  ToolResult result;
  result.id = "t1";
  Media image;
  image.type = "image/png";
  image.data = "AAAA";
  result.content = {{image}};
  ToolResult second;
  second.id = "t2";
  talk.messages = {{Role::tool, {{result}, {second}}, ""}};
  const auto out = written(talk, "openai")["messages"];
  REQUIRE(out.size() == 3);
  CHECK(out[1]["tool_call_id"] == "t2");
  CHECK(out[2]["role"] == "user");
  CHECK(out[2]["content"][1]["image_url"]["url"] == "data:image/png;base64,AAAA");
}

TEST_CASE("a permission to think goes only to models that think") {
  Conversation talk;
  talk.origin = Dialect::anthropic;
  talk.thinking.budget = 8000;
  CHECK_FALSE(written(talk, "openai", "gpt-4o").contains("reasoning_effort"));
  CHECK(written(talk, "openai", "gpt-5-mini")["reasoning_effort"] == "medium");
  CHECK(written(talk, "openrouter")["reasoning"]["max_tokens"] == 8000);
}

TEST_CASE("what only another provider can run is refused by name, or left out on request") {
  Conversation talk;
  Tool tool;
  tool.own = Opaque{Dialect::anthropic, {{"type", "web_search_20250305"}}};
  talk.tools = {tool};
  const auto refused = chat::codec().encode_request(talk, {"m", "openai", false});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().param == "tools");
  CHECK_FALSE(written(talk, "openai", "m", true).contains("tools"));
  talk.tools.clear();
  talk.messages = {{Role::assistant, {{Opaque{Dialect::anthropic, {{"type", "server_tool_use"}}}}}, ""}};
  CHECK_FALSE(chat::codec().encode_request(talk, {"m", "openai", true}));
}

TEST_CASE("what is nested without end is no answer and no request") {
  const std::string deep = std::string(5000, '[') + std::string(5000, ']');
  CHECK_FALSE(
      chat::codec().decode_reply(R"({"choices":[{"message":{"content":"x"},"logprobs":)" + deep + "}]}"));
  CHECK_FALSE(chat::codec().decode_request(R"({"messages":[],"novelty":)" + deep + "}"));
}

TEST_CASE("fields of other dialects that change the answer are refused, wishes are not") {
  Conversation talk;
  talk.origin = Dialect::anthropic;
  talk.extras.emplace_back("context_management", Json{{"edits", 1}});
  CHECK(chat::codec().encode_request(talk, {"m", "openai", false}));
  talk.extras.emplace_back("mcp_servers", Json::array({{{"url", "x"}}}));
  const auto refused = chat::codec().encode_request(talk, {"m", "openai", false});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().param == "mcp_servers");
  CHECK(chat::codec().encode_request(talk, {"m", "openai", true}));
  talk.extras.emplace_back("previous_response_id", "resp_1");
  CHECK_FALSE(chat::codec().encode_request(talk, {"m", "openai", true}));
}

TEST_CASE("requests that mean nothing are refused with the field's name") {
  const auto param = [](std::string_view body) { return chat::codec().decode_request(body).error().param; };
  CHECK(param(R"({"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"x"}}]}]})") ==
        "messages[0].content[0].image_url.url");
  CHECK(param(R"({"messages":[{"role":"function","content":"x"}]})") == "messages[0].role");
  CHECK(param(R"({"messages":[],"tool_choice":"sometimes"})") == "tool_choice");
  CHECK(param(R"({"messages":[],"response_format":{"type":"json_schema"}})") ==
        "response_format.json_schema.schema");
  CHECK_FALSE(chat::codec().decode_request("[]"));
}
