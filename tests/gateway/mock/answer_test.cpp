#include "gateway/mock/answer.hpp"

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::mock;

namespace {

Ask ask_of(const char* body) {
  auto ask = read_openai(Json::parse(body));
  REQUIRE(ask);
  return *ask;
}

Answer answer_to(const Ask& ask, std::int64_t tokens = 12) {
  Random random(1);
  return answer(ask, tokens, random, WallTime{});
}

const char* kTools = R"({"model":"m","messages":[{"role":"user","content":"What is the weather in Rome?"}],
  "tools":[{"type":"function","function":{"name":"get_time","parameters":{}}},
           {"type":"function","function":{"name":"get_weather","parameters":{"type":"object",
            "properties":{"city":{"type":"string"}}}}}]})";

}  // namespace

TEST_CASE("the same question gets the same words") {
  const auto ask = ask_of(R"({"model":"m","messages":[{"role":"user","content":"hi"}]})");
  CHECK(answer_to(ask).text() == answer_to(ask).text());
  CHECK(answer_to(ask).text() == R"(Hello from the mock. You said: "hi". Everything is in order here.)");
}

TEST_CASE("an answer has as many tokens as pieces, and no more than the caller allows") {
  auto ask = ask_of(R"({"model":"m","max_tokens":3,"messages":[{"role":"user","content":"one two"}]})");
  const auto out = answer_to(ask);
  CHECK(out.output_tokens == 3);
  CHECK(out.pieces.size() == 3);
  CHECK(out.cut_short);
  CHECK(out.input_tokens == 6);
}

TEST_CASE("a tool that the question is about is called with arguments of its schema") {
  const auto out = answer_to(ask_of(kTools));
  REQUIRE(out.tool);
  CHECK(out.tool->name == "get_weather");
  CHECK(Json::parse(out.tool->arguments) == Json{{"city", "example"}});
  CHECK(out.tool->id.starts_with("call_"));
}

TEST_CASE("tool_choice none calls no tool, required and a name call one") {
  auto ask = ask_of(kTools);
  ask.tool_choice = "none";
  CHECK_FALSE(answer_to(ask).tool);
  ask.last_text = "hi";
  ask.tool_choice = "auto";
  CHECK_FALSE(answer_to(ask).tool);
  ask.tool_choice = "required";
  CHECK(answer_to(ask).tool->name == "get_time");
  ask.tool_choice = "=get_weather";
  CHECK(answer_to(ask).tool->name == "get_weather");
}

TEST_CASE("a tool's result is answered in words") {
  auto ask = ask_of(kTools);
  ask.after_tool = true;
  ask.last_text = "22 degrees";
  CHECK(answer_to(ask).text().starts_with("The tool says: 22 degrees."));
}

TEST_CASE("a JSON schema is answered with JSON of that schema, in several pieces") {
  const auto out = answer_to(ask_of(R"({"model":"m","messages":[{"role":"user","content":"go"}],
    "response_format":{"type":"json_schema","json_schema":{"name":"x","schema":{"type":"object",
    "properties":{"title":{"type":"string"},"pages":{"type":"integer"}}}}}})"));
  CHECK(Json::parse(out.text()) == Json{{"title", "example"}, {"pages", 1}});
  CHECK(out.pieces.size() > 1);
}

TEST_CASE("images are counted and acknowledged") {
  const auto ask = ask_of(R"({"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"look"},
    {"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}}]}]})");
  CHECK(ask.images == 1);
  CHECK(answer_to(ask, 20).text().find("I looked at 1 image.") != std::string::npos);
}
