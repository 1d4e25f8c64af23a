// Requests of other dialects, as Bedrock's models take them.
#include "gateway/dialects/converse/codec.hpp"
#include "gateway/dialects/json.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::dialects;
using converse::codec;

namespace {

const Target kClaude{"us.anthropic.claude-sonnet-4-5-20250929-v1:0", "", false};
const Target kNewClaude{"anthropic.claude-sonnet-5", "", false};
const Target kNova{"amazon.nova-lite-v1:0", "", false};

Part say(const char* text) {
  Text out;
  out.text = text;
  return {out};
}

Conversation hello() {
  Conversation out;
  out.messages.push_back({Role::user, {say("hi")}, ""});
  return out;
}

Conversation with(Part part) {
  auto out = hello();
  out.messages[0].parts.push_back(std::move(part));
  return out;
}

Json written(const Conversation& talk, const Target& target = kClaude) {
  const auto body = codec().encode_request(talk, target);
  if (!body) FAIL(body.error().message);
  return Json::parse(*body);
}

std::string refused(const Conversation& talk, const Target& target = kClaude) {
  const auto body = codec().encode_request(talk, target);
  REQUIRE_FALSE(body);
  CHECK(body.error().fault == Fault::caller_bad_request);
  return body.error().param;
}

Json blocks(const Conversation& talk, const Target& target = kClaude) {
  return written(talk, target)["messages"].back()["content"];
}

/// A history with a call and its result.
Conversation history() {
  auto out = hello();
  ToolCall call;
  call.id = "call.1";
  call.name = "f";
  ToolResult result;
  result.id = "call.1";
  result.error = true;
  out.messages.push_back({Role::assistant, {Part{call}}, ""});
  out.messages.push_back({Role::user, {say("and?")}, ""});
  out.messages.push_back({Role::tool, {Part{result}}, ""});
  return out;
}

}  // namespace

TEST_CASE("messages alternate, begin with the user, and hold no blank text") {
  Conversation talk;
  talk.messages = {{Role::system, {say("be kind")}, ""},      {Role::assistant, {say("Hello")}, ""},
                   {Role::assistant, {say("there")}, ""},     {Role::user, {say("a"), say(" \n")}, ""},
                   {Role::developer, {say("and brief")}, ""}, {Role::user, {say("b")}, ""},
                   {Role::assistant, {say("so: ")}, ""}};
  const auto out = written(talk);
  CHECK(out["system"] == Json::parse(R"([{"text":"be kind"},{"text":"and brief"}])"));
  REQUIRE(out["messages"].size() == 4);
  CHECK(out["messages"][0]["role"] == "user");
  CHECK(out["messages"][1]["content"] == Json::parse(R"([{"text":"Hello"},{"text":"there"}])"));
  CHECK(out["messages"][2]["content"] == Json::parse(R"([{"text":"a"},{"text":"b"}])"));
  CHECK(out["messages"][3]["content"][0]["text"] == "so:");
  CHECK_FALSE(out.contains("model"));
  Conversation empty;
  empty.messages.push_back({Role::user, {say(" ")}, ""});
  CHECK(refused(empty) == "messages");
}

TEST_CASE("results come first in their message, with their tools declared") {
  const auto out = written(history());
  const auto& last = out["messages"][2]["content"];
  CHECK(last[0]["toolResult"]["toolUseId"] == "call_1");
  CHECK(last[0]["toolResult"]["status"] == "error");
  CHECK(last[0]["toolResult"]["content"].size() == 1);
  CHECK(last[1]["text"] == "and?");
  CHECK(out["messages"][1]["content"][0]["toolUse"]["input"] == Json::object());
  REQUIRE(out["toolConfig"]["tools"].size() == 1);
  CHECK(out["toolConfig"]["tools"][0]["toolSpec"]["name"] == "f");
  auto longer = history();
  std::get<ToolCall>(longer.messages[1].parts[0].is).id = std::string(100, 'x');
  CHECK(written(longer)["messages"][1]["content"][0]["toolUse"]["toolUseId"].get<std::string>().size() == 64);
}

TEST_CASE("tools are offered with their choice; 'none' leaves them out where the history allows") {
  auto talk = hello();
  talk.tools.push_back({"f", "does", {{"type", "object"}}, true, {}, {}});
  talk.choice.mode = ToolChoice::Mode::named;
  talk.choice.name = "f";
  auto config = written(talk)["toolConfig"];
  CHECK(config["toolChoice"] == Json::parse(R"({"tool":{"name":"f"}})"));
  CHECK(config["tools"][0]["toolSpec"] ==
        Json::parse(R"({"name":"f","description":"does","inputSchema":{"json":{"type":"object"}}})"));
  talk.choice.mode = ToolChoice::Mode::none;
  CHECK_FALSE(written(talk).contains("toolConfig"));
  auto past = history();
  past.tools = talk.tools;
  past.choice = talk.choice;
  CHECK(written(past)["toolConfig"].size() == 1);
  talk.choice = {ToolChoice::Mode::required, "", false};
  CHECK(written(talk)["additionalModelRequestFields"]["tool_choice"] ==
        Json::parse(R"({"type":"any","disable_parallel_tool_use":true})"));
  CHECK(refused(talk, kNova) == "parallel_tool_calls");
  talk.tools[0].own = Opaque{Dialect::responses, {{"type", "web_search"}}};
  CHECK(refused(talk) == "tools[0].type");
}

TEST_CASE("images, documents and videos go as bytes, never as web addresses") {
  Media picture;
  picture.data = "/9j/AAAA";
  CHECK(blocks(with({picture}))[1] ==
        Json::parse(R"({"image":{"format":"jpeg","source":{"bytes":"/9j/AAAA"}}})"));
  picture.data.clear();
  picture.url = "https://x.example/a.png";
  CHECK(refused(with({picture})) == "messages[0].content");
  picture.url = "s3://bucket/a.png";
  CHECK(blocks(with({picture}))[1]["image"]["source"]["s3Location"]["uri"] == picture.url);
  Media bitmap;
  bitmap.type = "image/bmp";
  bitmap.data = "AAAA";
  CHECK(refused(with({bitmap})) == "messages[0].content");
  Media sound;
  sound.kind = Media::Kind::audio;
  sound.data = "AAAA";
  CHECK(refused(with({sound})) == "messages[0].content");
}

TEST_CASE("documents have names that Bedrock takes, each its own, and a text beside them") {
  Media file;
  file.kind = Media::Kind::document;
  file.type = "application/pdf";
  file.data = "AAAA";
  file.name = "my_report..v2.pdf";
  Conversation talk;
  talk.messages.push_back({Role::user, {Part{file}, Part{file}}, ""});
  const auto content = blocks(talk);
  CHECK(content[0]["document"]["name"] == "my report v2");
  CHECK(content[1]["document"]["name"] == "my report v2 2");
  CHECK(content[2]["text"] == "Attached: my report v2, my report v2 2");
  Media plain;
  plain.kind = Media::Kind::document;
  plain.text = "abcd";
  CHECK(blocks(with({plain}))[1] ==
        Json::parse(R"({"document":{"format":"txt","name":"document","source":{"bytes":"YWJjZA=="}}})"));
  plain.more = {{"citations", {{"enabled", true}}}};
  CHECK(blocks(with({plain}))[1]["document"]["source"]["text"] == "abcd");
}

TEST_CASE("sealed thoughts of Claude go back to Claude alone") {
  auto talk = hello();
  Reasoning thought;
  thought.text = "hm";
  thought.signature = "EuY";
  thought.origin = Dialect::anthropic;
  talk.messages.push_back({Role::assistant, {Part{thought}, say("ok")}, ""});
  talk.messages.push_back({Role::user, {say("go on")}, ""});
  const auto first = [&](const Target& target) { return written(talk, target)["messages"][1]["content"][0]; };
  const auto sealed =
      Json::parse(R"({"reasoningContent":{"reasoningText":{"text":"hm","signature":"EuY"}}})");
  CHECK(first(kClaude) == sealed);
  CHECK(first(kNova).contains("text"));
  auto& kept = std::get<Reasoning>(talk.messages[1].parts[0].is);
  kept.origin = Dialect::converse;
  CHECK(first(kClaude) == sealed);
  kept.origin = Dialect::responses;
  CHECK(first(kClaude).contains("text"));
  kept = {"", "EtkECkgI", "", Dialect::anthropic, true, false};
  CHECK(first(kClaude)["reasoningContent"]["redactedContent"] == "RXRrRUNrZ0k=");
}

TEST_CASE("cache marks become cache points where the model has a cache") {
  auto talk = hello();
  talk.origin = Dialect::anthropic;
  std::get<Text>(talk.messages[0].parts[0].is).cache = {{"type", "ephemeral"}, {"ttl", "1h"}};
  CHECK(blocks(talk)[1] == Json::parse(R"({"cachePoint":{"type":"default","ttl":"1h"}})"));
  CHECK(blocks(talk, kNova)[1] == Json::parse(R"({"cachePoint":{"type":"default"}})"));
  CHECK(blocks(talk, {"meta.llama3-8b", "", false}).size() == 1);
}

TEST_CASE("sampling goes in Converse's words, and what it cannot do is refused or dropped") {
  auto talk = hello();
  talk.sampling.temperature = 1.7;
  talk.sampling.max_output = 50;
  talk.sampling.stop = {"END"};
  talk.sampling.top_k = 5;
  const auto out = written(talk);
  CHECK(out["inferenceConfig"] ==
        Json::parse(R"({"maxTokens":50,"temperature":1.0,"stopSequences":["END"]})"));
  CHECK(out["additionalModelRequestFields"] == Json{{"top_k", 5}});
  CHECK(out["additionalModelResponseFieldPaths"] == Json::array({"/stop_sequence"}));
  CHECK(written(talk, kNova)["additionalModelRequestFields"]["inferenceConfig"]["topK"] == 5);
  CHECK(refused(talk, {"meta.llama3-8b", "", false}) == "top_k");
  talk.sampling.seed = 1;
  CHECK(refused(talk) == "seed");
  CHECK_FALSE(written(talk, {kClaude.model, "", true}).contains("seed"));
  talk = hello();
  talk.sampling.choices = 2;
  CHECK(refused(talk) == "n");
  talk = hello();
  talk.extras.emplace_back("previous_response_id", "resp_1");
  CHECK(refused(talk, {kClaude.model, "", true}) == "previous_response_id");
  CHECK(refused(with({Opaque{Dialect::anthropic, {{"type", "server_tool_use"}}}})) == "messages[0].content");
}

TEST_CASE("thinking is said as the model's version takes it") {
  auto talk = hello();
  talk.thinking.effort = "high";
  talk.sampling.temperature = 0.5;
  auto out = written(talk, kNewClaude);
  CHECK(out["additionalModelRequestFields"] ==
        Json::parse(R"({"thinking":{"type":"adaptive"},"output_config":{"effort":"high"}})"));
  CHECK_FALSE(out.contains("inferenceConfig"));
  out = written(talk);
  CHECK(out["additionalModelRequestFields"]["thinking"] ==
        Json::parse(R"({"type":"enabled","budget_tokens":16384})"));
  CHECK(out["inferenceConfig"]["maxTokens"] > 16384);
  CHECK_FALSE(written(talk, {"anthropic.claude-3-haiku-20240307-v1:0", "", false})
                  .contains("additionalModelRequestFields"));
  CHECK(written(talk, {"us.amazon.nova-2-lite-v1:0", "", false})["additionalModelRequestFields"] ==
        Json::parse(R"({"reasoningConfig":{"type":"enabled","maxReasoningEffort":"high"}})"));
  CHECK(written(talk, {"openai.gpt-oss-120b-1:0", "", false})["additionalModelRequestFields"] ==
        Json{{"reasoning_effort", "high"}});
  auto loop = history();
  loop.messages.erase(loop.messages.begin() + 2);
  loop.thinking = talk.thinking;
  CHECK_FALSE(written(loop).contains("additionalModelRequestFields"));
}

TEST_CASE("a schema goes to models that take one, and is refused with a hint elsewhere") {
  auto talk = hello();
  talk.format = {Format::Kind::schema, "N", "", {{"type", "object"}}, true};
  CHECK(
      written(talk)["outputConfig"] ==
      Json::parse(
          R"({"textFormat":{"type":"json_schema","structure":{"jsonSchema":{"schema":"{\"type\":\"object\"}","name":"N"}}}})"));
  CHECK(refused(talk, kNova) == "response_format");
  CHECK(written(talk, {kNova.model, "", true})["system"].size() == 1);
  talk.format.kind = Format::Kind::json;
  CHECK(written(talk, kNova)["system"].size() == 1);
}

TEST_CASE("metadata that Bedrock's books take goes along") {
  auto talk = hello();
  talk.user = "u-1";
  talk.metadata = {{"team", "a b"}, {"odd", "{}"}, {"number", 7}};
  CHECK(written(talk)["requestMetadata"] == Json::parse(R"({"user":"u-1","team":"a b"})"));
}

TEST_CASE("a profile's ARN is its model; one that says nothing is known by its alias") {
  auto talk = hello();
  talk.thinking.effort = "high";
  const auto thinking = [&](const Target& target) {
    const auto out = written(talk, target);
    return out.contains("additionalModelRequestFields")
               ? out["additionalModelRequestFields"].value("thinking", Json())["type"]
               : Json();
  };
  const std::string arn = "arn:aws:bedrock:eu-west-1:123456789012:";
  CHECK(thinking({arn + "inference-profile/eu.anthropic.claude-sonnet-4-5-20250929-v1:0", "bedrock",
                  false}) == "enabled");
  CHECK(thinking({arn + "application-inference-profile/a1b2", "claude-sonnet-4-5", false}) == "enabled");
  CHECK(thinking({arn + "application-inference-profile/a1b2", "claude-sonnet-5", false}) == "adaptive");
  CHECK(thinking({arn + "application-inference-profile/a1b2", "smart", false}).is_null());
}
