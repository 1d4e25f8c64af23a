// Every shape: what is asked is understood, and what is answered says the same, whole and streamed.
#include <boost/crc.hpp>

#include "gateway/mock/shape.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::mock;

namespace {

struct Question {
  Dialect dialect;
  const char* plain;
  const char* tool;  ///< the same with a tool whose call is forced
};

const Question kQuestions[] = {
    {Dialect::responses,
     R"({"model":"m","input":[{"role":"user","content":[{"type":"input_text","text":"hi you"}]}]})",
     R"({"model":"m","input":"hi","tools":[{"type":"web_search"},{"type":"function","name":"look","parameters":
        {"type":"object","properties":{"at":{"type":"string"}}}}],"tool_choice":{"type":"function","name":"look"}})"},
    {Dialect::gemini, R"({"contents":[{"role":"user","parts":[{"text":"hi you"}]}]})",
     R"({"contents":[{"parts":[{"text":"hi"}]}],"tools":[{"functionDeclarations":[{"name":"look","parametersJsonSchema":
        {"type":"object","properties":{"at":{"type":"string"}}}}]}],
        "toolConfig":{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["look"]}}})"},
    {Dialect::converse, R"({"messages":[{"role":"user","content":[{"text":"hi you"}]}]})",
     R"({"messages":[{"role":"user","content":[{"text":"hi"}]}],"toolConfig":{"tools":[{"toolSpec":{"name":"look",
        "inputSchema":{"json":{"type":"object","properties":{"at":{"type":"string"}}}}}}],"toolChoice":{"any":{}}}})"},
    {Dialect::cohere, R"({"model":"m","messages":[{"role":"user","content":"hi you"}]})",
     R"({"model":"m","messages":[{"role":"user","content":"hi"}],"tools":[{"type":"function","function":{"name":"look",
        "parameters":{"type":"object","properties":{"at":{"type":"string"}}}}}],"tool_choice":"REQUIRED"})"},
    {Dialect::ollama, R"({"model":"m","messages":[{"role":"user","content":"hi you"}]})",
     R"({"model":"m","messages":[{"role":"user","content":"use the tool"}],"tools":[{"type":"function","function":
        {"name":"look","parameters":{"type":"object","properties":{"at":{"type":"string"}}}}}]})"},
};

struct Said {
  Ask ask;
  Answer answer;
};

Said said(Dialect dialect, const char* body) {
  auto ask = shape(dialect).read(Json::parse(body));
  REQUIRE(ask);
  Random random(1);
  auto words = answer(*ask, 12, random, WallTime{});
  return {std::move(*ask), std::move(words)};
}

/// The payload of every frame, whatever the framing; both checksums of AWS' frames are looked at.
std::vector<Json> payloads(Dialect dialect, std::string_view bytes) {
  std::vector<Json> out;
  const auto number = [&](std::size_t at) {
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < 4; ++i) sum = sum << 8 | static_cast<unsigned char>(bytes[at + i]);
    return sum;
  };
  const auto checksum = [&](std::size_t size) {
    boost::crc_32_type sum;
    sum.process_bytes(bytes.data(), size);
    return sum.checksum();
  };
  while (dialect == Dialect::converse && !bytes.empty()) {
    const std::size_t total = number(0), headers = number(4);
    CHECK(number(8) == checksum(8));
    CHECK(number(total - 4) == checksum(total - 4));
    out.push_back(Json::parse(bytes.substr(12 + headers, total - headers - 16)));
    bytes.remove_prefix(total);
  }
  while (dialect != Dialect::converse && !bytes.empty()) {
    auto line = bytes.substr(0, bytes.find('\n'));
    bytes.remove_prefix(line.size() + 1);
    if (dialect == Dialect::gemini && line.size() > 1) CHECK(line.back() == '\r');
    if (line.starts_with("data: ")) line.remove_prefix(6);
    if (line.starts_with('{')) out.push_back(Json::parse(line));
  }
  return out;
}

std::string stream_of(const Frames& frames) {
  auto out = frames.opening;
  for (const auto& frame : frames.content) out += frame;
  return out + frames.closing;
}

/// All texts in a place of every payload, joined.
std::string joined(const std::vector<Json>& all, const char* place, const char* only_type = nullptr) {
  std::string out;
  for (const auto& one : all) {
    if (only_type && one.value("type", "") != only_type) continue;
    const Json::json_pointer at(place);
    if (one.contains(at) && one.at(at).is_string()) out += one.at(at).get<std::string>();
  }
  return out;
}

}  // namespace

TEST_CASE("a text is the same whole and in pieces, in every shape") {
  for (const auto& question : kQuestions) {
    const auto [ask, words] = said(question.dialect, question.plain);
    INFO(static_cast<int>(question.dialect));
    CHECK(ask.last_text == "hi you");
    CHECK(words.text().find("hi you") != std::string::npos);
    const auto& write = shape(question.dialect);
    CHECK(write.whole(ask, words).find(dump(words.text())) != std::string::npos);
    const auto all = payloads(question.dialect, stream_of(write.frames(ask, words)));
    REQUIRE(all.size() >= words.pieces.size());
    const char* place = question.dialect == Dialect::responses  ? "/delta"
                        : question.dialect == Dialect::gemini   ? "/candidates/0/content/parts/0/text"
                        : question.dialect == Dialect::converse ? "/delta/text"
                        : question.dialect == Dialect::cohere   ? "/delta/message/content/text"
                                                                : "/message/content";
    CHECK(joined(all, place) == words.text());
  }
}

TEST_CASE("a call of a tool is there with its arguments, in every shape") {
  for (const auto& question : kQuestions) {
    const auto [ask, words] = said(question.dialect, question.tool);
    INFO(static_cast<int>(question.dialect));
    REQUIRE(words.tool);
    CHECK(words.tool->name == "look");
    CHECK(Json::parse(words.tool->arguments).contains("at"));
    const auto& write = shape(question.dialect);
    const auto whole = Json::parse(write.whole(ask, words));
    CHECK(dump(whole).find("\"look\"") != std::string::npos);
    const auto streamed = stream_of(write.frames(ask, words));
    CHECK(streamed.find("\"look\"") != std::string::npos);
    const auto all = payloads(question.dialect, streamed);
    if (question.dialect == Dialect::converse)
      CHECK(joined(all, "/delta/toolUse/input") == words.tool->arguments);
    if (question.dialect == Dialect::responses)
      CHECK(joined(all, "/delta", "response.function_call_arguments.delta") == words.tool->arguments);
    if (question.dialect == Dialect::cohere)
      CHECK(joined(all, "/delta/message/tool_calls/function/arguments") == words.tool->arguments);
  }
}

TEST_CASE("an answer that was cut by the caller's limit says so in the words of its shape") {
  const std::pair<Dialect, const char*> rows[] = {{Dialect::responses, "max_output_tokens"},
                                                  {Dialect::gemini, "MAX_TOKENS"},
                                                  {Dialect::converse, "max_tokens"},
                                                  {Dialect::cohere, "MAX_TOKENS"},
                                                  {Dialect::ollama, "length"}};
  for (const auto& [dialect, word] : rows) {
    auto [ask, words] = said(dialect, kQuestions[static_cast<std::size_t>(dialect) - 2].plain);
    words.cut_short = true;
    CHECK(shape(dialect).whole(ask, words).find('"' + std::string(word) + '"') != std::string::npos);
    CHECK(stream_of(shape(dialect).frames(ask, words)).find('"' + std::string(word) + '"') !=
          std::string::npos);
  }
}

TEST_CASE("a refusal is told as the provider tells it") {
  const Trouble trouble{429, "Slow down.", "requests", "rate_limit_exceeded", "", std::chrono::seconds(3)};
  const auto body = [&](Dialect dialect) { return Json::parse(failed({}, dialect, trouble, "req_1").body); };
  CHECK(body(Dialect::gemini)["error"]["status"] == "RESOURCE_EXHAUSTED");
  CHECK(body(Dialect::gemini)["error"]["details"][0]["retryDelay"] == "3s");
  CHECK(body(Dialect::converse)["message"] == "Slow down.");
  CHECK(body(Dialect::cohere)["id"] == "req_1");
  CHECK(body(Dialect::ollama)["error"] == "Slow down.");
  CHECK(body(Dialect::responses)["error"]["code"] == "rate_limit_exceeded");
  bool typed = false;
  for (const auto& [name, value] : failed({}, Dialect::converse, trouble, "req_1").headers)
    typed = typed || (name == "x-amzn-errortype" && value.starts_with("ThrottlingException:"));
  CHECK(typed);
}

TEST_CASE("a question that is none is refused in every shape") {
  for (const auto& question : kQuestions) {
    for (const auto* body : {"{}", "[]", "null", R"({"messages":1,"input":1,"contents":1,"model":1})"})
      CHECK_FALSE(shape(question.dialect).read(Json::parse(body)));
  }
}

TEST_CASE("the result of a tool is told on, in every shape") {
  const std::pair<Dialect, const char*> rows[] = {
      {Dialect::responses,
       R"({"model":"m","input":[{"type":"function_call_output","call_id":"c","output":"rain"}]})"},
      {Dialect::gemini,
       R"({"contents":[{"parts":[{"functionResponse":{"name":"f","response":{"output":"rain"}}}]}]})"},
      {Dialect::converse,
       R"({"messages":[{"content":[{"toolResult":{"toolUseId":"c","content":[{"text":"rain"}]}}]}]})"},
      {Dialect::cohere, R"({"model":"m","messages":[{"role":"tool","tool_call_id":"c","content":"rain"}]})"},
      {Dialect::ollama, R"({"model":"m","messages":[{"role":"tool","content":"rain"}]})"}};
  for (const auto& [dialect, body] : rows) {
    const auto [ask, words] = said(dialect, body);
    CHECK(ask.after_tool);
    CHECK(words.text().find("rain") != std::string::npos);
  }
}
