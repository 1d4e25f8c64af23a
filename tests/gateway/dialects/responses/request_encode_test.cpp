#include "gateway/dialects/json.hpp"
#include "gateway/dialects/responses/codec.hpp"
#include "tests/support/catch.hpp"

namespace troupe::dialects::responses {
namespace {

Conversation chat(std::vector<Part> said = {{Text{"Hi", {}, nullptr}}}) {
  Conversation talk;
  talk.model = "alias";
  talk.messages.push_back({Role::user, std::move(said), {}});
  return talk;
}

Json written(const Conversation& talk, const Target& target = {"gpt-5.1", "openai", false}) {
  auto body = codec().encode_request(talk, target);
  if (!body) FAIL(body.error().message);
  return Json::parse(*body);
}

std::string refused(const Conversation& talk) {
  const auto body = codec().encode_request(talk, {"gpt-4o", "openai", false});
  REQUIRE_FALSE(body);
  CHECK(body.error().fault == Fault::caller_bad_request);
  CHECK(codec().encode_request(talk, {"gpt-4o", "openai", true}).has_value());
  return body.error().param;
}

}  // namespace

TEST_CASE("a chat is written as instructions and items, and nothing is kept at the provider") {
  auto talk = chat();
  talk.messages.insert(talk.messages.begin(), Message{Role::system, {{Text{"Be brief.", {}, nullptr}}}, {}});
  talk.stream = true;
  const auto out = written(talk);
  CHECK(out["model"] == "gpt-5.1");
  CHECK(out["instructions"] == "Be brief.");
  CHECK(out["input"] == Json::parse(R"([{"type":"message","role":"user","content":"Hi"}])"));
  CHECK(out["store"] == false);
  CHECK(out["stream"] == true);
  CHECK(out["include"] == Json{"reasoning.encrypted_content"});
  CHECK_FALSE(written(talk, {"gpt-4o", "openai", false}).contains("include"));
}

TEST_CASE("functions of other dialects are not strict unless they say so") {
  auto talk = chat();
  talk.tools.push_back({"look", "Looks.", {{"type", "object"}}, std::nullopt, nullptr, std::nullopt});
  talk.choice = {ToolChoice::Mode::named, "look", false};
  const auto out = written(talk);
  CHECK(out["tools"] == Json::parse(R"([{"type":"function","name":"look","description":"Looks.",
    "parameters":{"type":"object"},"strict":false}])"));
  CHECK(out["tool_choice"] == Json::parse(R"({"type":"function","name":"look"})"));
  CHECK(out["parallel_tool_calls"] == false);
}

TEST_CASE("a tool loop of another dialect leaves out what was sealed for others") {
  auto talk = chat();
  Reasoning foreign;
  foreign.text = "hm";
  foreign.signature = "EuY";
  foreign.origin = Dialect::anthropic;
  ToolCall call;
  call.id = "c1";
  call.name = "look";
  ToolResult result;
  result.id = "c1";
  result.content = {{Text{"there", {}, nullptr}}};
  talk.messages.push_back({Role::assistant, {{foreign}, {Text{"Wait.", {}, nullptr}}, {call}}, {}});
  talk.messages.push_back({Role::tool, {{result}}, {}});
  const auto out = written(talk)["input"];
  CHECK(out == Json::parse(R"([{"type":"message","role":"user","content":"Hi"},
    {"type":"message","role":"assistant","content":[{"type":"output_text","text":"Wait."}]},
    {"type":"function_call","call_id":"c1","name":"look","arguments":"{}"},
    {"type":"function_call_output","call_id":"c1","output":"there"}])"));
}

TEST_CASE("attachments are written in this dialect's parts") {
  Media image, document, plain;
  image.type = "image/png";
  image.data = "AAAA";
  document.kind = plain.kind = Media::Kind::document;
  document.type = "application/pdf";
  document.data = "JVBE";
  plain.text = "words";
  plain.name = "notes.txt";
  const auto out = written(chat({{image}, {document}, {plain}}))["input"][0]["content"];
  CHECK(out == Json::parse(R"([{"type":"input_image","image_url":"data:image/png;base64,AAAA"},
    {"type":"input_file","filename":"document.pdf","file_data":"data:application/pdf;base64,JVBE"},
    {"type":"input_text","text":"notes.txt\n\nwords"}])"));
}

TEST_CASE("what this dialect cannot say is refused in the caller's words, or dropped") {
  auto talk = chat();
  talk.sampling.stop = {"x"};
  CHECK(refused(talk) == "stop");
  talk.origin = Dialect::anthropic;
  CHECK(refused(talk) == "stop_sequences");
  talk = chat();
  talk.sampling.choices = 2;
  CHECK(refused(talk) == "n");
  talk = chat();
  talk.sampling.seed = 1;
  CHECK(refused(talk) == "seed");
  talk = chat();
  talk.sampling.presence_penalty = 0.5;
  CHECK(refused(talk) == "presence_penalty");
  talk = chat();
  talk.extras.emplace_back("logit_bias", Json{{"1", 5}});
  CHECK(refused(talk) == "logit_bias");
  talk = chat();
  talk.tools.push_back({"", "", nullptr, std::nullopt, nullptr, Opaque{Dialect::anthropic, {{"type", "w"}}}});
  CHECK(refused(talk) == "tools");
}

TEST_CASE("a part that only another dialect knows is never dropped") {
  const auto talk = chat({{Opaque{Dialect::anthropic, {{"type", "server_tool_use"}}}}});
  const auto body = codec().encode_request(talk, {"gpt-5", "openai", true});
  REQUIRE_FALSE(body);
  CHECK(body.error().message.find("server_tool_use") != std::string::npos);
}

TEST_CASE("effort goes where it was wished for, a permission to think only to models that do") {
  auto talk = chat();
  talk.thinking.effort = "low";
  CHECK(written(talk, {"some-model", "", false})["reasoning"] == Json{{"effort", "low"}});
  talk.origin = Dialect::anthropic;
  talk.thinking = {"", 8000, false, true, ""};
  CHECK_FALSE(written(talk, {"gpt-4o", "", false}).contains("reasoning"));
  CHECK(written(talk)["reasoning"] == Json({{"effort", "medium"}, {"summary", "auto"}}));
}

TEST_CASE("a model that thinks is not asked for a temperature where parameters may be dropped") {
  auto talk = chat();
  talk.sampling.temperature = 0.5;
  CHECK(written(talk)["temperature"] == 0.5);
  CHECK_FALSE(written(talk, {"openai/gpt-5-mini", "openrouter", true}).contains("temperature"));
}

TEST_CASE("extras go only to their own dialect") {
  auto talk = chat();
  talk.extras.emplace_back("chat_template_kwargs", Json::object());
  CHECK_FALSE(written(talk).contains("chat_template_kwargs"));
  talk.origin = Dialect::responses;
  talk.extras = {{"previous_response_id", "resp_1"}, {"reasoning", {{"context", "all_turns"}}}};
  talk.thinking.effort = "low";
  const auto out = written(talk);
  CHECK(out["previous_response_id"] == "resp_1");
  CHECK(out["reasoning"] == Json({{"effort", "low"}, {"context", "all_turns"}}));
  CHECK_FALSE(out.contains("store"));
}

}  // namespace troupe::dialects::responses
