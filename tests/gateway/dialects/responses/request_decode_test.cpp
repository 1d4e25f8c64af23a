#include "gateway/dialects/responses/codec.hpp"
#include "gateway/dialects/responses/decode.hpp"
#include "tests/support/catch.hpp"

namespace troupe::dialects::responses {
namespace {

Conversation read(const Json& body) {
  auto talk = codec().decode_request(body.dump());
  if (!talk) FAIL(talk.error().message);
  return *talk;
}

Error refusal(std::string_view body) {
  const auto talk = codec().decode_request(body);
  REQUIRE_FALSE(talk);
  CHECK(talk.error().fault == Fault::caller_bad_request);
  return talk.error();
}

const Json* extra_of(const Conversation& talk, std::string_view name) {
  for (const auto& [key, value] : talk.extras) {
    if (key == name) return &value;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("a text as input is one message of the user's, and instructions are the system's") {
  const auto talk = read({{"model", "m"}, {"input", "Hi"}, {"instructions", "Be brief."}, {"stream", true}});
  REQUIRE(talk.messages.size() == 2);
  CHECK(talk.origin == Dialect::responses);
  CHECK(talk.model == "m");
  CHECK(talk.stream);
  CHECK(talk.messages[0].role == Role::system);
  CHECK(std::get<Text>(talk.messages[0].parts.at(0).is).text == "Be brief.");
  CHECK(talk.messages[1].role == Role::user);
  CHECK(std::get<Text>(talk.messages[1].parts.at(0).is).text == "Hi");
}

TEST_CASE("settings of a Responses request stand in the model") {
  const auto talk = read({{"model", "m"},
                          {"input", "x"},
                          {"temperature", 0.5},
                          {"top_p", 0.9},
                          {"max_output_tokens", 64},
                          {"top_logprobs", 2},
                          {"parallel_tool_calls", false},
                          {"tool_choice", "required"},
                          {"reasoning", {{"effort", "high"}, {"summary", "auto"}, {"context", "all_turns"}}},
                          {"text", {{"format", {{"type", "json_object"}}}, {"verbosity", "low"}}},
                          {"store", false},
                          {"include", {"reasoning.encrypted_content", "message.output_text.logprobs"}},
                          {"prompt_cache_key", "k"},
                          {"service_tier", "flex"},
                          {"metadata", {{"a", "b"}}},
                          {"user", "u"},
                          {"truncation", "auto"},
                          {"background", nullptr}});
  CHECK(talk.sampling.temperature == 0.5);
  CHECK(talk.sampling.top_p == 0.9);
  CHECK(talk.sampling.max_output == 64);
  CHECK(talk.sampling.top_logprobs == 2);
  CHECK(talk.sampling.logprobs);
  CHECK(talk.choice.parallel == false);
  CHECK(talk.choice.mode == ToolChoice::Mode::required);
  CHECK(talk.thinking.effort == "high");
  CHECK(talk.thinking.summary == "auto");
  CHECK(talk.thinking.shown == true);
  CHECK(talk.format.kind == Format::Kind::json);
  CHECK(talk.verbosity == "low");
  CHECK(talk.store == false);
  CHECK(talk.cache_key == "k");
  CHECK(talk.service_tier == "flex");
  CHECK(talk.metadata == Json{{"a", "b"}});
  CHECK(talk.user == "u");
  REQUIRE(extra_of(talk, "include"));
  CHECK(extra_of(talk, "include")->size() == 2);
  REQUIRE(extra_of(talk, "reasoning"));
  CHECK(*extra_of(talk, "reasoning") == Json{{"context", "all_turns"}});
  REQUIRE(extra_of(talk, "truncation"));
  CHECK_FALSE(extra_of(talk, "text"));
  CHECK_FALSE(extra_of(talk, "background"));  // null is not said
}

TEST_CASE("a schema for the answer is taken with its name and strictness") {
  const Json schema = {{"type", "object"}};
  const Json format = {{"type", "json_schema"}, {"name", "n"}, {"schema", schema}, {"strict", true}};
  const auto talk = read({{"model", "m"}, {"input", "x"}, {"text", {{"format", format}}}});
  CHECK(talk.format.kind == Format::Kind::schema);
  CHECK(talk.format.name == "n");
  CHECK(talk.format.schema == schema);
  CHECK(talk.format.strict == true);
}

TEST_CASE("function tools are flat, and every other tool is only its provider's") {
  const Json function = {{"type", "function"},
                         {"name", "look"},
                         {"description", "Looks."},
                         {"parameters", {{"type", "object"}}},
                         {"strict", true}};
  const Json search = {{"type", "web_search"}, {"search_context_size", "low"}};
  const auto talk = read({{"model", "m"},
                          {"input", "x"},
                          {"tools", {function, search}},
                          {"tool_choice", {{"type", "function"}, {"name", "look"}}}});
  REQUIRE(talk.tools.size() == 2);
  CHECK(talk.tools[0].name == "look");
  CHECK(talk.tools[0].strict == true);
  CHECK_FALSE(talk.tools[0].own);
  REQUIRE(talk.tools[1].own);
  CHECK(*talk.tools[1].own == Opaque{Dialect::responses, search});
  CHECK(talk.choice.mode == ToolChoice::Mode::named);
  CHECK(talk.choice.name == "look");
}

TEST_CASE("tools of a namespace bear both names, and so do the calls that were made of them") {
  const Json look = {{"type", "function"}, {"name", "look"}, {"strict", false}};
  const Json eyes = {
      {"type", "namespace"}, {"name", "eyes"}, {"description", "Sees."}, {"tools", {look, look}}};
  const Json call = {{"type", "function_call"},
                     {"call_id", "c"},
                     {"name", "look"},
                     {"namespace", "eyes"},
                     {"arguments", "{}"}};
  const auto talk = read({{"model", "m"}, {"input", Json::array({call})}, {"tools", {look, eyes}}});
  REQUIRE(talk.tools.size() == 3);
  CHECK(talk.tools[0].name == "look");
  CHECK(talk.tools[1].name == "eyes__look");
  CHECK(talk.tools[1].space == ToolSpace{"eyes", "Sees."});
  CHECK(std::get<ToolCall>(talk.messages.at(0).parts.at(0).is).name == "eyes__look");
  const auto written = codec().encode_request(talk, {"m", "openai", false});
  REQUIRE(written);
  const auto body = Json::parse(*written);
  CHECK(body["tools"] == Json::array({look, eyes}));
  CHECK(body["input"][0] == call);
  CHECK(refusal(R"({"input":"x","tools":[{"type":"namespace","name":"e"}]})").param == "tools[0].tools");
  CHECK(refusal(R"({"input":"x","tools":[{"type":"namespace","tools":[]}]})").param == "tools[0].name");
}

TEST_CASE("of allowed tools only those are offered") {
  const auto tool = [](const char* name) { return Json{{"type", "function"}, {"name", name}}; };
  const Json choice = {{"type", "allowed_tools"}, {"mode", "required"}, {"tools", {tool("b")}}};
  const auto talk =
      read({{"model", "m"}, {"input", "x"}, {"tools", {tool("a"), tool("b")}}, {"tool_choice", choice}});
  REQUIRE(talk.tools.size() == 1);
  CHECK(talk.tools[0].name == "b");
  CHECK(talk.choice.mode == ToolChoice::Mode::required);
}

TEST_CASE("the choice of a tool that the provider runs is kept for the provider") {
  const auto talk = read({{"model", "m"}, {"input", "x"}, {"tool_choice", {{"type", "file_search"}}}});
  CHECK(talk.choice.mode == ToolChoice::Mode::unset);
  REQUIRE(extra_of(talk, "tool_choice"));
}

TEST_CASE("a request that is wrong is refused by the name of its field") {
  CHECK(refusal("[]").code == "invalid_json");
  CHECK(refusal("{").code == "invalid_json");
  CHECK(refusal(R"({"input":"\ud800"})").code == "invalid_json");
  CHECK(refusal(std::string(5000, '[') + std::string(5000, ']')).code == "invalid_json");
  CHECK(refusal(R"({"input":5})").param == "input");
  CHECK(refusal(R"({"input":["x"]})").param == "input[0]");
  CHECK(refusal(R"({"input":[{"content":"x"}]})").param == "input[0].type");
  CHECK(refusal(R"({"input":[{"role":"king","content":"x"}]})").param == "input[0].role");
  CHECK(refusal(R"({"input":[{"role":"user"}]})").param == "input[0].content");
  CHECK(refusal(R"({"input":[{"role":"user","content":[{"type":"input_text"}]}]})").param ==
        "input[0].content[0].text");
  CHECK(refusal(R"({"input":[{"role":"user","content":[{"type":"input_image"}]}]})").param ==
        "input[0].content[0].image_url");
  CHECK(refusal(R"({"input":[{"role":"user","content":[{"type":"input_file"}]}]})").param ==
        "input[0].content[0].file_data");
  CHECK(refusal(R"({"input":[{"role":"user","content":[7]}]})").param == "input[0].content[0].type");
  CHECK(refusal(R"({"input":[{"type":"function_call","name":"f"}]})").param == "input[0].call_id");
  CHECK(refusal(R"({"input":[{"type":"function_call","call_id":"f"}]})").param == "input[0].name");
  CHECK(refusal(R"({"input":[{"type":"function_call_output"}]})").param == "input[0].call_id");
  CHECK(refusal(R"({"input":"x","temperature":"hot"})").param == "temperature");
  CHECK(refusal(R"({"input":"x","max_output_tokens":1.5})").param == "max_output_tokens");
  CHECK(refusal(R"({"input":"x","stream":"yes"})").param == "stream");
  CHECK(refusal(R"({"input":"x","tools":{}})").param == "tools");
  CHECK(refusal(R"({"input":"x","tools":[{"type":"function","function":{"name":"f"}}]})").param ==
        "tools[0].name");
  CHECK(refusal(R"({"input":"x","tool_choice":"any"})").param == "tool_choice");
  CHECK(refusal(R"({"input":"x","text":{"format":{"type":"xml"}}})").param == "text.format.type");
  CHECK(refusal(R"({"input":"x","text":{"format":{"type":"json_schema"}}})").param == "text.format.schema");
}

TEST_CASE("Troupe's own fields are not the provider's") {
  const auto talk = read({{"model", "m"}, {"input", "x"}, {"max_cost", 1}, {"fallback", {"a"}}});
  CHECK(talk.extras.empty());
}

}  // namespace troupe::dialects::responses
