#include "gateway/dialects/anthropic/codec.hpp"
#include "gateway/dialects/anthropic/encode.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::dialects;
using nlohmann::json;

namespace {

Conversation asking(const std::string& effort) {
  Conversation talk;
  Text hi;
  hi.text = "hi";
  talk.messages.push_back({Role::user, {{hi}}, ""});
  talk.thinking.effort = effort;
  return talk;
}

json encoded(const Conversation& talk, const std::string& model) {
  const auto body = anthropic::codec().encode_request(talk, {model, "", false});
  REQUIRE(body);
  return json::parse(*body);
}

constexpr auto kOld = "claude-sonnet-4-5-20250929";

}  // namespace

TEST_CASE("a model's name says what it can") {
  CHECK(anthropic::model_version("claude-opus-4-6-20260101") == 46);
  CHECK(anthropic::model_version("claude-opus-4-20250514") == 40);
  CHECK(anthropic::model_version("claude-3-7-sonnet-latest") == 37);
  CHECK(anthropic::model_version("anthropic.claude-sonnet-4-5@20250929") == 45);
  CHECK(anthropic::model_version("claude-sonnet-5") == 50);
  CHECK(anthropic::thinks("claude-3-5-haiku-20241022") == anthropic::Thinks::never);
  CHECK(anthropic::thinks("my-claude") == anthropic::Thinks::by_itself);
}

TEST_CASE("effort becomes thinking in the model's own way") {
  auto talk = asking("high");
  talk.sampling.temperature = 0.3;
  talk.sampling.top_p = 0.9;
  const auto old = encoded(talk, kOld);
  CHECK(old["thinking"] == json{{"type", "enabled"}, {"budget_tokens", 16384}});
  CHECK(old["max_tokens"] == 4096 + 16384);
  CHECK_FALSE(old.contains("temperature"));
  CHECK_FALSE(old.contains("top_p"));
  const auto fresh = encoded(talk, "claude-opus-4-6");
  CHECK(fresh["thinking"] == json{{"type", "adaptive"}});
  CHECK(fresh["output_config"]["effort"] == "high");
  CHECK(fresh["max_tokens"] == 4096 + 16384);
  CHECK_FALSE(encoded(talk, "claude-3-5-haiku-20241022").contains("thinking"));
  CHECK(encoded(talk, "claude-3-5-haiku-20241022")["temperature"] == 0.3);
  CHECK(encoded(asking("minimal"), "claude-sonnet-5")["output_config"]["effort"] == "low");
  CHECK(encoded(asking("medium"), kOld)["thinking"]["budget_tokens"] == 4096);
}

TEST_CASE("a budget stays below the caller's limit, and below the least there is no thinking") {
  auto talk = asking("high");
  talk.sampling.max_output = 3000;
  CHECK(encoded(talk, kOld)["thinking"]["budget_tokens"] == 2999);
  talk.sampling.max_output = 500;
  CHECK_FALSE(encoded(talk, kOld).contains("thinking"));
  talk = asking("");
  talk.thinking.budget = 8192;
  CHECK(encoded(talk, kOld)["thinking"]["budget_tokens"] == 8192);
  CHECK(encoded(talk, "claude-opus-4-7")["thinking"]["type"] == "adaptive");
  CHECK(encoded(talk, "claude-opus-4-7")["output_config"]["effort"] == "medium");
}

TEST_CASE("who wants no thoughts gets none where models think unasked") {
  CHECK_FALSE(encoded(asking("none"), kOld).contains("thinking"));
  CHECK(encoded(asking("none"), "claude-sonnet-5")["thinking"] == json{{"type", "disabled"}});
  CHECK_FALSE(encoded(asking(""), "claude-sonnet-5").contains("thinking"));
}

TEST_CASE("thoughts are shown to who asks for a summary") {
  auto talk = asking("low");
  talk.thinking.summary = "auto";
  CHECK(encoded(talk, "claude-sonnet-5")["thinking"]["display"] == "summarized");
  talk.thinking.shown = false;
  CHECK(encoded(talk, "claude-sonnet-5")["thinking"]["display"] == "omitted");
}

TEST_CASE("there is no thinking beside forced tools, nor in a loop whose call came without its thoughts") {
  auto talk = asking("high");
  talk.tools.push_back({});
  talk.tools[0].name = "f";
  talk.choice.mode = ToolChoice::Mode::required;
  CHECK_FALSE(encoded(talk, kOld).contains("thinking"));
  talk.choice = {};
  ToolCall call;
  call.id = "c";
  call.name = "f";
  ToolResult result;
  result.id = "c";
  talk.messages.push_back({Role::assistant, {{call}}, ""});
  talk.messages.push_back({Role::tool, {{result}}, ""});
  CHECK_FALSE(encoded(talk, kOld).contains("thinking"));
  Reasoning thought;
  thought.signature = "s";
  thought.origin = Dialect::anthropic;
  talk.messages[1].parts.insert(talk.messages[1].parts.begin(), {thought});
  CHECK(encoded(talk, kOld).contains("thinking"));
  CHECK(encoded(talk, kOld)["messages"][1]["content"][0]["type"] == "thinking");
  std::get<Reasoning>(talk.messages[1].parts[0].is).origin = Dialect::responses;  // does not go back
  CHECK_FALSE(encoded(talk, kOld).contains("thinking"));
}

TEST_CASE("a client of this dialect gets the thinking that it said") {
  auto talk = asking("xhigh");
  talk.origin = Dialect::anthropic;
  talk.sampling.temperature = 1;
  const auto out = encoded(talk, kOld);
  CHECK_FALSE(out.contains("thinking"));
  CHECK(out["output_config"]["effort"] == "xhigh");
  CHECK(out["temperature"] == 1);
}
