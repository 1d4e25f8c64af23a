// What conversations of other dialects look like to Gemini models.
#include "gateway/dialects/gemini/codec.hpp"
#include "gateway/dialects/json.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::dialects;

namespace {

Conversation talk_of(std::vector<Part> said = {{Text{"hi", {}, {}}}}) {
  Conversation talk;
  talk.messages.push_back({Role::user, std::move(said), ""});
  return talk;
}

Json encoded(const Conversation& talk, const std::string& model = "gemini-2.5-flash", bool drop = false) {
  const auto body = gemini::codec().encode_request(talk, {model, "", drop});
  if (!body) FAIL(body.error().message);
  return Json::parse(*body);
}

std::string refused(const Conversation& talk) {
  const auto body = gemini::codec().encode_request(talk, {"gemini-2.5-flash", "", false});
  REQUIRE_FALSE(body);
  CHECK(body.error().fault == Fault::caller_bad_request);
  return body.error().param;
}

ToolCall call(std::string id, std::string name, std::string arguments) {
  ToolCall out;
  out.id = std::move(id);
  out.name = std::move(name);
  out.arguments = std::move(arguments);
  return out;
}

ToolResult result(std::string id, std::string said) {
  ToolResult out;
  out.id = std::move(id);
  out.content.push_back({Text{std::move(said), {}, {}}});
  return out;
}

Conversation tool_loop() {
  auto talk = talk_of();
  talk.messages.push_back(
      {Role::assistant, {{call("c1", "a", R"({"x":1})")}, {call("c2", "b", "no json")}}, ""});
  talk.messages.push_back({Role::tool, {{result("c1", R"({"t":5})")}}, ""});
  talk.messages.push_back({Role::tool, {{result("c2", "sunny")}}, ""});
  return talk;
}

}  // namespace

TEST_CASE("system texts stand apart, and neighbours of one role are joined") {
  auto talk = talk_of();
  talk.messages.insert(talk.messages.begin(), {Role::system, {{Text{"be kind", {}, {}}}}, ""});
  talk.messages.push_back({Role::developer, {{Text{"be brief", {}, {}}}}, ""});
  talk.messages.push_back({Role::user, {{Text{"there", {}, {}}}}, ""});
  talk.messages.push_back({Role::assistant, {{Text{"yes", {}, {}}}}, ""});
  const auto body = encoded(talk);
  CHECK(body["systemInstruction"] == Json::parse(R"({"parts":[{"text":"be kind"},{"text":"be brief"}]})"));
  CHECK(body["contents"] == Json::parse(R"([{"role":"user","parts":[{"text":"hi"},{"text":"there"}]},
                                            {"role":"model","parts":[{"text":"yes"}]}])"));
  CHECK_FALSE(body.contains("model"));
}

TEST_CASE("calls of a step stand in one content and their named results in the next") {
  const auto contents = encoded(tool_loop())["contents"];
  REQUIRE(contents.size() == 3);
  CHECK(contents[1]["parts"] == Json::parse(R"([{"functionCall":{"name":"a","args":{"x":1}}},
                                    {"functionCall":{"name":"b","args":{"arguments":"no json"}}}])"));
  CHECK(contents[2] == Json::parse(R"({"role":"user","parts":[
      {"functionResponse":{"name":"a","response":{"t":5}}},
      {"functionResponse":{"name":"b","response":{"output":"sunny"}}}]})"));
}

TEST_CASE("from Gemini 3 on a step whose first call has no seal gets the documented stand-in") {
  const auto parts = encoded(tool_loop(), "gemini-3-pro-preview")["contents"][1]["parts"];
  CHECK(parts[0]["thoughtSignature"] == "skip_thought_signature_validator");
  CHECK_FALSE(parts[1].contains("thoughtSignature"));
  auto sealed = tool_loop();
  std::get<ToolCall>(sealed.messages[1].parts[0].is).signature = "S";
  CHECK(encoded(sealed, "gemini-3-pro-preview")["contents"][1]["parts"][0]["thoughtSignature"] == "S");
  CHECK(encoded(sealed)["contents"][1]["parts"][0]["thoughtSignature"] == "S");
}

TEST_CASE("a result without its call is refused") {
  auto talk = talk_of();
  talk.messages.push_back({Role::tool, {{result("lost", "x")}}, ""});
  CHECK(refused(talk) == "messages[1].content");
}

TEST_CASE("files of a result stand in it from Gemini 3 on, and beside it before") {
  auto talk = tool_loop();
  Media image;
  image.type = "image/png";
  image.data = "AAAA";
  std::get<ToolResult>(talk.messages[2].parts[0].is).content.push_back({image});
  const auto file = Json::parse(R"({"inlineData":{"mimeType":"image/png","data":"AAAA"}})");
  CHECK(encoded(talk)["contents"][2]["parts"][1] == file);
  CHECK(encoded(talk, "gemini-3-flash")["contents"][2]["parts"][0]["functionResponse"]["parts"][0] == file);
}

TEST_CASE("media go by their bytes or their address, always with a type") {
  Media bytes, address, known;
  bytes.kind = Media::Kind::document;
  bytes.data = "JVBERi0x";
  address.url = "https://x.example/cat.png?size=1";
  known.file_id = "file-1";
  const auto parts = encoded(talk_of({{bytes}, {address}}))["contents"][0]["parts"];
  CHECK(parts[0]["inlineData"] == Json::parse(R"({"mimeType":"application/pdf","data":"JVBERi0x"})"));
  CHECK(parts[1]["fileData"] ==
        Json::parse(R"({"mimeType":"image/png","fileUri":"https://x.example/cat.png?size=1"})"));
  CHECK(refused(talk_of({{known}})) == "messages[0].content");
}

TEST_CASE("only Google's own seals go back") {
  auto talk = talk_of();
  const Reasoning own{"hm", "S", "", Dialect::gemini, false, false};
  const Reasoning on_text{"", "U", "", Dialect::gemini, true, false};
  const Reasoning foreign{"ha", "E", "", Dialect::anthropic, false, false};
  const Reasoning plain{"well", "", "", Dialect::chat, false, false};
  talk.messages.push_back(
      {Role::assistant, {{foreign}, {plain}, {own}, {Text{"yes", {}, {}}}, {on_text}}, ""});
  CHECK(encoded(talk)["contents"][1]["parts"] ==
        Json::parse(R"([{"text":"hm","thought":true,"thoughtSignature":"S"},
                        {"text":"yes","thoughtSignature":"U"}])"));
}

TEST_CASE("tools keep their schemas and the choice its meaning") {
  auto talk = talk_of();
  Tool tool;
  tool.name = "a";
  tool.description = "does";
  tool.parameters =
      Json::parse(R"({"type":"object","properties":{"x":{"type":"string"}},"additionalProperties":false})");
  talk.tools.push_back(tool);
  tool.parameters = Json::parse(R"({"type":"object","properties":{}})");
  talk.tools.push_back(tool);
  talk.choice = {ToolChoice::Mode::named, "a", false};
  const auto body = encoded(talk);
  const auto functions = body["tools"][0]["functionDeclarations"];
  CHECK(functions[0]["parametersJsonSchema"] == talk.tools[0].parameters);
  CHECK_FALSE(functions[1].contains("parametersJsonSchema"));
  CHECK(body["toolConfig"] ==
        Json::parse(R"({"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["a"]}})"));
  talk.tools[1].own = Opaque{Dialect::anthropic, {{"type", "web_search_20250305"}}};
  CHECK(refused(talk) == "tools[1].type");
  CHECK(encoded(talk, "gemini-2.5-flash", true)["tools"][0]["functionDeclarations"].size() == 1);
}

TEST_CASE("settings have their places; what cannot be had is refused or dropped") {
  auto talk = talk_of();
  talk.sampling.temperature = 7;
  talk.sampling.top_p = 0.5;
  talk.sampling.max_output = 10;
  talk.sampling.seed = 4;
  talk.sampling.stop = {"a"};
  talk.format = {Format::Kind::schema, "n", "", {{"type", "object"}}, true};
  CHECK(encoded(talk)["generationConfig"] ==
        Json::parse(R"({"temperature":2.0,"topP":0.5,"maxOutputTokens":10,"seed":4,"stopSequences":["a"],
                        "responseMimeType":"application/json","responseJsonSchema":{"type":"object"}})"));
  const auto without = [&](auto change) {
    auto copy = talk_of();
    change(copy);
    CHECK_FALSE(encoded(copy, "gemini-2.5-flash", true).contains("logit_bias"));
    return refused(copy);
  };
  CHECK(without([](auto& c) { c.sampling.choices = 2; }) == "n");
  CHECK(without([](auto& c) { c.sampling.logprobs = true; }) == "logprobs");
  CHECK(without([](auto& c) { c.sampling.seed = 1LL << 40; }) == "seed");
  CHECK(without([](auto& c) { c.sampling.stop.assign(6, "x"); }) == "stop");
  CHECK(without([](auto& c) { c.extras.emplace_back("logit_bias", Json{{"1", 2}}); }) == "logit_bias");
  auto stored = talk_of();
  stored.extras.emplace_back("previous_response_id", "r");
  const auto dropped = gemini::codec().encode_request(stored, {"gemini-2.5-flash", "", true});
  REQUIRE_FALSE(dropped);
  CHECK(dropped.error().param == "previous_response_id");
}

TEST_CASE("effort is a budget to Gemini 2.5, a level to Gemini 3, and nothing before") {
  auto talk = talk_of();
  const auto thinking = [&](const std::string& model) {
    const auto body = encoded(talk, model);
    return body.contains("generationConfig") ? body["generationConfig"].value("thinkingConfig", Json())
                                             : Json();
  };
  CHECK(thinking("gemini-2.5-flash").is_null());
  talk.thinking.effort = "medium";
  CHECK(thinking("gemini-2.5-flash") == Json::parse(R"({"thinkingBudget":8192,"includeThoughts":true})"));
  CHECK(thinking("gemini-3-flash-preview") ==
        Json::parse(R"({"thinkingLevel":"medium","includeThoughts":true})"));
  CHECK(thinking("gemini-3-pro-preview")["thinkingLevel"] == "high");
  CHECK(thinking("gemini-3.1-pro-preview")["thinkingLevel"] == "medium");
  CHECK(thinking("gemini-2.0-flash").is_null());
  CHECK(thinking("gemma-3").is_null());
  talk.thinking.effort = "none";
  CHECK(thinking("gemini-2.5-flash") == Json::parse(R"({"thinkingBudget":0})"));
  CHECK(thinking("gemini-2.5-pro") == Json::parse(R"({"thinkingBudget":128})"));
  CHECK(thinking("gemini-3-pro-preview") == Json::parse(R"({"thinkingLevel":"low"})"));
  talk.thinking = {};
  talk.thinking.adaptive = true;
  CHECK(thinking("gemini-flash-latest")["thinkingBudget"] == -1);
}

TEST_CASE("what only another dialect knows is refused") {
  CHECK(refused(talk_of({{Opaque{Dialect::anthropic, {{"type", "server_tool_use"}}}}})) ==
        "messages[0].content");
}
