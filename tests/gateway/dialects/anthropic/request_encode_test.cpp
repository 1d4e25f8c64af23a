#include "gateway/dialects/anthropic/codec.hpp"
#include "gateway/dialects/json.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::dialects;

namespace {

Part said(const std::string& words) {
  Text out;
  out.text = words;
  return {std::move(out)};
}

Part called(const std::string& id, const std::string& name, const std::string& arguments) {
  ToolCall out;
  out.id = id;
  out.name = name;
  out.arguments = arguments;
  return {std::move(out)};
}

Part answered(const std::string& id, std::vector<Part> content) {
  ToolResult out;
  out.id = id;
  out.content = std::move(content);
  return {std::move(out)};
}

Part sealed(Dialect origin, const std::string& signature) {
  Reasoning out;
  out.text = "hm";
  out.origin = origin;
  out.signature = signature;
  return {std::move(out)};
}

/// A chat client's conversation that begins with "hi".
Conversation chat(std::vector<Message> more = {}) {
  Conversation talk;
  talk.origin = Dialect::chat;
  talk.messages.push_back({Role::user, {said("hi")}, ""});
  for (auto& message : more) talk.messages.push_back(std::move(message));
  return talk;
}

Json encoded(const Conversation& talk, const std::string& model = "claude-sonnet-4-5", bool drop = false) {
  const auto body = anthropic::codec().encode_request(talk, {model, "", drop});
  if (!body) FAIL(body.error().message);
  return Json::parse(*body);
}

std::string refused(const Conversation& talk) {
  const auto body = anthropic::codec().encode_request(talk, {"claude-sonnet-4-5", "", false});
  REQUIRE_FALSE(body);
  CHECK(body.error().fault == Fault::caller_bad_request);
  CHECK(body.error().message.find(body.error().param) != std::string::npos);
  return body.error().param;
}

std::string dropped(const Conversation& talk) {
  const auto body = anthropic::codec().encode_request(talk, {"claude-sonnet-4-5", "", true});
  return body ? "" : body.error().param;
}

}  // namespace

TEST_CASE("a request names the provider's model and has a limit") {
  auto talk = chat();
  talk.model = "alias";
  talk.stream = true;
  CHECK(encoded(talk) ==
        Json::parse(R"({"model":"claude-sonnet-4-5","max_tokens":4096,"stream":true,)"
                    R"("messages":[{"role":"user","content":[{"type":"text","text":"hi"}]}]})"));
  talk.sampling.max_output = 9;
  CHECK(encoded(talk)["max_tokens"] == 9);
}

TEST_CASE("system and developer messages become the system text, wherever they stand") {
  const auto out = encoded(chat(
      {{Role::system, {said("a")}, ""}, {Role::developer, {said("b")}, ""}, {Role::user, {said("?")}, ""}}));
  CHECK(out["system"] == Json::parse(R"([{"type":"text","text":"a"},{"type":"text","text":"b"}])"));
  REQUIRE(out["messages"].size() == 1);
  CHECK(out["messages"][0]["content"].size() == 2);
}

TEST_CASE("all results of a turn stand first in one user message") {
  const auto out =
      encoded(chat({{Role::assistant, {called("c.1", "f", R"({"a":1})"), called("c2", "g", "")}, ""},
                    {Role::tool, {answered("c.1", {said("one")})}, ""},
                    {Role::user, {said("and?")}, ""},
                    {Role::tool, {answered("c2", {said("two"), said("2")})}, ""}}));
  CHECK(out["messages"] == Json::parse(R"([{"role":"user","content":[{"type":"text","text":"hi"}]},
    {"role":"assistant","content":[{"type":"tool_use","id":"c_1","name":"f","input":{"a":1}},{"type":"tool_use","id":"c2","name":"g","input":{}}]},
    {"role":"user","content":[{"type":"tool_result","tool_use_id":"c_1","content":"one"},
      {"type":"tool_result","tool_use_id":"c2","content":[{"type":"text","text":"two"},{"type":"text","text":"2"}]},{"type":"text","text":"and?"}]}])"));
}

TEST_CASE("arguments that are no object are sent as one") {
  const auto out = encoded(chat({{Role::assistant, {called("c", "f", "{oops")}, ""}}));
  CHECK(out["messages"][1]["content"][0]["input"] == Json{{"arguments", "{oops"}});
}

TEST_CASE("a history with calls declares their tools even when none are offered any more") {
  const auto out = encoded(chat({{Role::assistant, {called("c", "f", "{}"), called("d", "f", "{}")}, ""}}));
  REQUIRE(out["tools"].size() == 1);
  CHECK(out["tools"][0] == Json::parse(R"({"name":"f","input_schema":{"type":"object","properties":{}}})"));
  CHECK(out["tool_choice"] == Json{{"type", "none"}});
}

TEST_CASE("tool choices and parallel calls are renamed") {
  auto talk = chat();
  talk.tools.push_back({});
  talk.tools[0].name = "f";
  using Mode = ToolChoice::Mode;
  const auto choice = [&](Mode mode, std::optional<bool> parallel) {
    talk.choice = {mode, mode == Mode::named ? "f" : "", parallel};
    return encoded(talk).value("tool_choice", Json());
  };
  CHECK(choice(Mode::unset, true).is_null());
  CHECK(choice(Mode::automatic, std::nullopt) == Json{{"type", "auto"}});
  CHECK(choice(Mode::none, false) == Json{{"type", "none"}});
  CHECK(choice(Mode::required, false) == Json{{"type", "any"}, {"disable_parallel_tool_use", true}});
  CHECK(choice(Mode::named, std::nullopt) == Json{{"type", "tool"}, {"name", "f"}});
  CHECK(choice(Mode::unset, false) == Json{{"type", "auto"}, {"disable_parallel_tool_use", true}});
  talk.tools[0].parameters = {{"properties", {{"a", {{"type", "string"}}}}}};
  CHECK(encoded(talk)["tools"][0]["input_schema"]["type"] == "object");
  talk.tools.clear();
  CHECK(choice(Mode::automatic, std::nullopt).is_null());
}

TEST_CASE("only Anthropic's seals go back, and no thought without one") {
  const auto out = encoded(chat({{Role::assistant,
                                  {sealed(Dialect::anthropic, "s"), sealed(Dialect::responses, "r"),
                                   sealed(Dialect::chat, ""), sealed(Dialect::converse, "b"), said("x")},
                                  ""},
                                 {Role::user, {said("?")}, ""}}));
  const auto& content = out["messages"][1]["content"];
  REQUIRE(content.size() == 3);
  CHECK(content[0] == Json{{"type", "thinking"}, {"thinking", "hm"}, {"signature", "s"}});
  CHECK(content[1]["signature"] == "b");
}

TEST_CASE("images and documents are sent as sources, and their kind is guessed where nobody says it") {
  Media png, pdf, note, file;
  png.data = "iVBORw0KGgo=";
  pdf.kind = note.kind = file.kind = Media::Kind::document;
  pdf.type = "application/pdf";
  pdf.data = "BBBB";
  pdf.name = "a.pdf";
  note.type = "text/markdown";
  note.data = "SGVsbG8h";
  file.file_id = "file_1";
  const auto out = encoded(chat({{Role::user, {{png}, {pdf}, {note}, {file}}, ""}}));
  CHECK(out["messages"][0]["content"] == Json::parse(R"([{"type":"text","text":"hi"},
    {"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBORw0KGgo="}},
    {"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"BBBB"},"title":"a.pdf"},
    {"type":"document","source":{"type":"text","media_type":"text/plain","data":"Hello!"}},
    {"type":"document","source":{"type":"file","file_id":"file_1"}}])"));
}

TEST_CASE("what Anthropic cannot read is refused by its place") {
  Media sound, far, foreign;
  sound.kind = Media::Kind::audio;
  sound.data = "AAAA";
  far.url = "gs://bucket/a.png";
  foreign.file_id = "file-abc";
  for (const auto& media : {sound, far, foreign}) {
    CHECK(refused(chat({{Role::user, {{media}}, ""}})) == "messages[1].content");
    CHECK(dropped(chat({{Role::user, {{media}}, ""}})) == "messages[1].content");
  }
  const Opaque block{Dialect::chat, {{"type", "input_video"}}};
  auto talk = chat({{Role::user, {{block}}, ""}});
  CHECK(refused(talk) == "messages[1].content");
  talk.origin = Dialect::responses;
  CHECK(refused(talk) == "input");
  CHECK(refused(chat({{Role::system, {{far}}, ""}})) == "messages[1].content");
  Conversation alone;
  alone.messages.push_back({Role::system, {said("alone")}, ""});
  CHECK(refused(alone) == "messages");
}

TEST_CASE("parameters without a counterpart are refused by name, or dropped where that is allowed") {
  const auto check = [](const std::string& name, auto set) {
    auto talk = chat();
    set(talk);
    CHECK(refused(talk) == name);
    CHECK(dropped(talk).empty());
  };
  check("n", [](auto& talk) { talk.sampling.choices = 2; });
  check("logprobs", [](auto& talk) { talk.sampling.logprobs = true; });
  check("top_logprobs", [](auto& talk) { talk.sampling.top_logprobs = 3; });
  check("seed", [](auto& talk) { talk.sampling.seed = 1; });
  check("presence_penalty", [](auto& talk) { talk.sampling.presence_penalty = 0.5; });
  check("frequency_penalty", [](auto& talk) { talk.sampling.frequency_penalty = -0.5; });
  check("stop", [](auto& talk) { talk.sampling.stop = {"END", "\n"}; });
  check("logit_bias", [](auto& talk) { talk.extras.emplace_back("logit_bias", Json{{"1", 2}}); });
  check("functions", [](auto& talk) { talk.extras.emplace_back("functions", Json::array({1})); });
  check("tools[0].type", [](auto& talk) {
    talk.tools.push_back({});
    talk.tools[0].own = Opaque{Dialect::responses, {{"type", "image_generation"}}};
  });
  auto talk = chat();
  talk.sampling.choices = 1;
  talk.sampling.presence_penalty = 0;
  talk.extras = {{"logit_bias", Json::object()}, {"client_metadata", {{"a", 1}}}};
  CHECK_FALSE(encoded(talk).contains("client_metadata"));
  talk.extras = {{"previous_response_id", "resp_1"}};  // the conversation itself: never dropped
  CHECK(refused(talk) == "previous_response_id");
  CHECK(dropped(talk) == "previous_response_id");
}

TEST_CASE("sampling is kept within Anthropic's ranges") {
  auto talk = chat();
  talk.sampling.temperature = 1.7;
  talk.sampling.top_k = 5;
  talk.sampling.stop = {"END"};
  talk.user = "u";
  const auto out = encoded(talk);
  CHECK(out["temperature"] == 1);
  CHECK(out["top_k"] == 5);
  CHECK(out["stop_sequences"] == Json::array({"END"}));
  CHECK(out["metadata"] == Json{{"user_id", "u"}});
  talk.sampling.top_p = 0.5;  // with a temperature that changes nothing
  CHECK_FALSE(encoded(talk).contains("temperature"));
  CHECK(encoded(talk)["top_p"] == 0.5);
  talk.sampling.temperature = 0.2;
  talk.sampling.top_p = 1;
  CHECK(encoded(talk)["temperature"] == 0.2);
  CHECK_FALSE(encoded(talk).contains("top_p"));
  CHECK(encoded(talk, "claude-opus-4-7").contains("temperature"));
  CHECK_FALSE(encoded(talk, "claude-opus-4-7", true).contains("temperature"));
}

TEST_CASE("answer formats become a schema or an instruction") {
  auto talk = chat();
  talk.format = {Format::Kind::schema, "x", "", {{"type", "object"}}, true};
  CHECK(encoded(talk)["output_config"] ==
        Json::parse(R"({"format":{"type":"json_schema","schema":{"type":"object"}}})"));
  talk.format = {Format::Kind::json, "", "", nullptr, std::nullopt};
  CHECK(encoded(talk)["system"][0]["text"].get<std::string>().find("JSON") != std::string::npos);
}

TEST_CASE("a prefill does not end in white space") {
  CHECK(encoded(chat({{Role::assistant, {said("So: \n")}, ""}}))["messages"][1]["content"][0]["text"] ==
        "So:");
  CHECK(encoded(chat({{Role::assistant, {said("  ")}, ""}}))["messages"].size() == 1);
}

TEST_CASE("citations go back only where Anthropic gave them") {
  Text text;
  text.text = "x";
  text.citations.push_back({"https://a", "A", "q", 0, 1, Dialect::chat, nullptr});
  text.citations.push_back({"", "", "", 0, 1, Dialect::anthropic, {{"type", "char_location"}}});
  const auto out = encoded(chat({{Role::assistant, {{text}}, ""}, {Role::user, {said("?")}, ""}}));
  CHECK(out["messages"][1]["content"][0]["citations"] == Json::parse(R"([{"type":"char_location"}])"));
}
