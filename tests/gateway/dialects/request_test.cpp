#include "gateway/dialects/request.hpp"

#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"

using namespace troupe;
using dialects::parse_request;
using dialects::splice_request;
using Json = nlohmann::json;

namespace {

constexpr auto kMessages = R"("messages":[{"role":"user","content":"hi"}])";

std::string with(const std::string& rest) {
  return std::string(R"({"model":"smart",)") + kMessages + (rest.empty() ? "" : "," + rest) + "}";
}

Error error_of(const std::string& body) {
  const auto parsed = parse_request(dialects::Operation::chat, body);
  INFO(body);
  REQUIRE_FALSE(parsed);
  CHECK(parsed.error().fault == Fault::caller_bad_request);
  return parsed.error();
}

std::string spliced(const std::string& body, std::string_view model = "gpt-4o") {
  const auto parsed = parse_request(dialects::Operation::chat, body);
  INFO(body);
  REQUIRE(parsed);
  auto out = splice_request(*parsed, model);
  REQUIRE(Json::accept(out));
  return out;
}

}  // namespace

TEST_CASE("a request is understood without changing it") {
  const std::string body =
      R"( {"model" : "sm\u0061rt" , "messages":[{"role":"system","content":"be brief"},{"role":"user","content":[)"
      R"({"type":"text","text":"what is this?"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}],)"
      R"("tools":[{"type":"function","function":{"name":"f"}}],"stream":true,"n":2,"user":"u1","max_tokens":5,)"
      R"("max_completion_tokens":7,"response_format":{"type":"json_schema","json_schema":{}}})";
  const auto request = parse_request(dialects::Operation::chat, body);
  REQUIRE(request);
  CHECK(request->body == body);
  CHECK(request->model == "smart");
  CHECK(request->stream);
  CHECK_FALSE(request->include_usage);
  CHECK(request->tools);
  CHECK(request->images);
  CHECK(request->json_schema);
  CHECK(request->messages == 2);
  CHECK(request->max_output == 7);
  CHECK(request->choices == 2);
  CHECK(request->user == "u1");
  CHECK(request->input_estimate.count > 800);
  CHECK(request->input_estimate.count < 850);
}

TEST_CASE("text is estimated at four bytes a token and images at a fixed price") {
  const auto words = std::string(4000, 'x');
  const auto plain =
      parse_request(dialects::Operation::chat,
                    R"({"model":"m","messages":[{"role":"user","content":")" + words + R"("}]})");
  REQUIRE(plain);
  CHECK(plain->input_estimate.count == 1003);
  const auto image = parse_request(
      dialects::Operation::chat,
      R"({"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":")" +
          words + R"("}}]}]})");
  REQUIRE(image);
  CHECK(image->input_estimate.count == 803);
  const auto escaped =
      parse_request(dialects::Operation::chat,
                    R"({"model":"m","messages":[{"role":"user","content":"\u4f60\u597d\n\ud83d\ude00"}]})");
  REQUIRE(escaped);
  CHECK(escaped->input_estimate.count == 3 + 11 / 4);
}

TEST_CASE("the body must be one JSON object in UTF-8") {
  for (const auto* body : {"",
                           " ",
                           "{",
                           R"({"model":"m","messages":[]}x)",
                           R"({"a":1}{"b":2})",
                           R"({"a" 1})",
                           R"({"a":1,})",
                           R"({"a":[1 2]})",
                           R"({"a":[1,]})",
                           R"({"a":[1}})",
                           R"({"a":tru})",
                           R"({"a":01})",
                           R"({"a":1.})",
                           R"({"a":+1})",
                           R"({"a":"\x"})",
                           R"({"a":"\ud800"})",
                           R"({"a":"\u12g4"})",
                           "{\"a\":\"\xff\"}",
                           "{\"a\":\"\n\"}",
                           R"({"a":"b"c})",
                           R"({"a":{"b":1})",
                           R"({"a":"b)",
                           R"({a:1})",
                           R"({"a"::1})",
                           R"({"a":1:2})",
                           R"({,"a":1})",
                           R"({"a":nan})"}) {
    const auto error = error_of(body);
    INFO(body << " -> " << error.message);
    CHECK(error.message.find("We could not parse the JSON body of your request") == 0);
    CHECK(error.code == "invalid_json");
  }
  for (const auto* body : {"[]", "nonsense", "1", "\"text\"", "null", "true"})
    CHECK(error_of(body).message.find("expected a JSON object") != std::string::npos);
}

TEST_CASE("a wrong field is named in OpenAI's words") {
  struct Row {
    std::string body, param, message;
  };
  const Row rows[] = {
      {R"({"messages":[{"role":"user"}]})", "model", "You must provide a model parameter."},
      {R"({"model":1})", "model", "Invalid type for 'model': expected a string, but got an integer instead."},
      {R"({"model":"m"})", "messages", "Missing required parameter: 'messages'."},
      {R"({"model":"m","messages":"hi"})", "messages",
       "Invalid type for 'messages': expected an array of objects, but got a string instead."},
      {R"({"model":"m","messages":[]})", "messages",
       "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array "
       "instead."},
      {R"({"model":"m","messages":["hi"]})", "messages[0]",
       "Invalid type for 'messages[0]': expected an object, but got a string instead."},
      {R"({"model":"m","messages":[{"role":"user"},{"content":"x"}]})", "messages[1].role",
       "Missing required parameter: 'messages[1].role'."},
      {R"({"model":"m","messages":[{"role":"user","content":5}]})", "messages[0].content",
       "Invalid type for 'messages[0].content': expected one of a string or array of objects, but got an "
       "integer instead."},
      {R"({"model":"m","messages":[{"role":"user","content":["a"]}]})", "messages[0].content[0]",
       "Invalid type for 'messages[0].content[0]': expected an object, but got a string instead."},
      {with(R"("stream":"yes")"), "stream",
       "Invalid type for 'stream': expected a boolean, but got a string instead."},
      {with(R"("n":1.5)"), "n", "Invalid type for 'n': expected an integer, but got a decimal instead."},
      {with(R"("max_tokens":0)"), "max_tokens",
       "Invalid 'max_tokens': integer below minimum value. Expected a value >= 1, but got 0 instead."},
      {with(R"("tools":{})"), "tools",
       "Invalid type for 'tools': expected an array of objects, but got an object instead."},
      {with(R"("stream_options":true)"), "stream_options",
       "Invalid type for 'stream_options': expected an object, but got a boolean instead."},
      {with(R"("fallback":"maybe")"), "fallback",
       "Invalid type for 'fallback': expected \"on\", \"off\" or a boolean, but got a string instead."},
  };
  for (const auto& row : rows) {
    const auto error = error_of(row.body);
    CHECK(error.param == row.param);
    CHECK(error.message == row.message);
  }
}

TEST_CASE("a Responses request may leave its input to what the provider keeps") {
  const auto with_own = [](const char* member) {
    return parse_request(dialects::Operation::responses, std::string(R"({"model":"m",)") + member + "}");
  };
  CHECK(with_own(R"("prompt":{"id":"pmpt_1"})"));
  CHECK(with_own(R"("previous_response_id":"resp_1")"));
  CHECK(with_own(R"("conversation":"conv_1")"));
  CHECK_FALSE(with_own(R"("prompt":null)"));
  CHECK_FALSE(with_own(R"("instructions":"be brief")"));
}

TEST_CASE("a field that stands twice is refused where it matters and passed where it does not") {
  CHECK(error_of(with(R"("model":"other")")).param == "model");
  CHECK(error_of(with(R"("mod\u0065l":"other")")).param == "model");
  CHECK(error_of(with(R"("stream":true,"stream":false)")).param == "stream");
  CHECK(error_of(with(R"("stream_options":{"include_usage":true,"include_usage":false})")).param ==
        "stream_options.include_usage");
  CHECK(parse_request(dialects::Operation::chat, with(R"("seed":1,"seed":2)")));
}

TEST_CASE("a body nested too deeply is refused before it costs anything") {
  for (const int depth : {300, 100000}) {
    const auto body = with("\"x\":" + std::string(depth, '[') + std::string(depth, ']'));
    CHECK(error_of(body).message.find("256 levels") != std::string::npos);
  }
  CHECK(parse_request(dialects::Operation::chat,
                      with("\"x\":" + std::string(200, '[') + std::string(200, ']'))));
}

TEST_CASE("numbers of any size are the provider's business") {
  CHECK(parse_request(dialects::Operation::chat,
                      with(R"("seed":123456789012345678901234567890,"x":-0.5e+10,"y":1E400)")));
}

TEST_CASE("splicing replaces the model and keeps every other byte") {
  const auto body =
      R"({ "temperature": 0.10, "model" : "smart",  "messages":[{"role":"user","content":"h\u00e9"}] , "x":1e2 })";
  CHECK(
      spliced(body) ==
      R"({ "temperature": 0.10, "model" : "gpt-4o",  "messages":[{"role":"user","content":"h\u00e9"}] , "x":1e2 })");
  CHECK(spliced(body, "a\"b\\c").find(R"("model" : "a\"b\\c")") != std::string::npos);
}

TEST_CASE("our own fields are read and do not reach the provider") {
  const auto request = parse_request(dialects::Operation::chat,
                                     with(R"("max_cost":0.25,"max_latency_ms":900,"fallback":"off")"));
  REQUIRE(request);
  CHECK(request->max_cost_usd == Approx(0.25));
  CHECK(request->max_latency_ms == 900);
  CHECK(request->fallback == false);
  const auto wanted = std::string(R"({"model":"gpt-4o",)") + kMessages + "}";
  CHECK(splice_request(*request, "gpt-4o") == wanted);
  CHECK(spliced(std::string(R"({"max_cost":1,"fallback":false,"model":"m",)") + kMessages + "}") == wanted);
  CHECK(spliced(std::string(R"({"model":"m","max_cost":1,)") + kMessages + R"(,"fallback":true})") == wanted);
  CHECK(spliced(std::string(R"({"model":"m",)") + kMessages + " , \"max_latency_ms\" : 5 }") ==
        std::string(R"({"model":"gpt-4o",)") + kMessages + " }");
}

TEST_CASE("usage is asked for in every stream, wherever the options stand") {
  const auto of = [](const std::string& rest) { return Json::parse(spliced(with(rest)))["stream_options"]; };
  const auto on = Json{{"include_usage", true}};
  CHECK(of(R"("stream":true)") == on);
  CHECK(of(R"("stream":true,"stream_options":null)") == on);
  CHECK(of(R"("stream":true,"stream_options":{ })") == on);
  CHECK(of(R"("stream":true,"stream_options":{"include_usage":false})") == on);
  CHECK(of(R"("stream":true,"stream_options":{"include_usage": null })") == on);
  CHECK(of(R"("stream":true,"stream_options":{"include_obfuscation":false})") ==
        Json{{"include_usage", true}, {"include_obfuscation", false}});
  CHECK(of(R"("stream":false)").is_null());
  const auto asked = with(R"("stream":true,"stream_options":{"include_usage":true})");
  CHECK(parse_request(dialects::Operation::chat, asked)->include_usage);
  CHECK(spliced(asked, "smart") == asked);
  CHECK(Json::parse(spliced(std::string(R"({"max_cost":1,"stream":true,"model":"m",)") + kMessages +
                            "}"))["stream_options"] == on);
}

TEST_CASE("every endpoint's request is understood in its own words") {
  using dialects::Operation;
  const auto messages = parse_request(
      Operation::messages,
      R"({"model":"m","system":[{"type":"text","text":"0123456789abcdef"}],"max_tokens":9,"metadata":{"user_id":"u7"},)"
      R"("tools":[{"name":"f"}],"messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64",)"
      R"("data":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}}]}]})");
  REQUIRE(messages);
  CHECK(messages->images);
  CHECK(messages->tools);
  CHECK(messages->user == "u7");
  CHECK(messages->max_output == 9);
  CHECK(messages->messages == 1);
  CHECK(messages->input_estimate.count > 800);
  CHECK(messages->input_estimate.count < 900);
  const auto responses =
      parse_request(Operation::responses,
                    R"({"model":"m","input":"0123456789abcdef","max_output_tokens":5,"stream":true})");
  REQUIRE(responses);
  CHECK(responses->stream);
  CHECK(responses->max_output == 5);
  const auto ids = parse_request(Operation::embeddings, R"({"model":"m","input":[[1,2,3],[4]]})");
  REQUIRE(ids);
  CHECK(ids->input_estimate.count == 4);
  CHECK(parse_request(Operation::completions, R"({"model":"m","prompt":"p"})"));
  CHECK(parse_request(Operation::messages, R"({"model":"m"})").error().param == "messages");
  CHECK(parse_request(Operation::responses, R"({"model":"m"})").error().param == "input");
  CHECK(parse_request(Operation::responses, R"({"model":"m","input":7})").error().param == "input");
}

TEST_CASE("only chat and completions are asked for their usage") {
  using dialects::Operation;
  const auto body = R"({"model":"a","max_cost":1,"stream":true,"messages":[]})";
  const auto messages = parse_request(Operation::messages, body);
  REQUIRE(messages);
  CHECK(splice_request(*messages, "b") == R"({"model":"b","stream":true,"messages":[]})");
}
