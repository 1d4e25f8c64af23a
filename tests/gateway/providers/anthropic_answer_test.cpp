#include <nlohmann/json.hpp>

#include "gateway/providers/adapter.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::providers;
using Json = nlohmann::json;

namespace {

Result<WholeAnswer> whole(const std::string& body, Headers headers = {}) {
  return adapter(config::ProviderType::anthropic).whole({}, {}, {200, std::move(headers)}, body);
}

Json answer(const std::string& content, const std::string& stop = R"("end_turn")",
            const std::string& rest = "") {
  const auto made =
      whole(R"({"id":"msg_1","type":"message","role":"assistant","model":"claude-x","content":[)" + content +
            R"(],"stop_reason":)" + stop + R"(,"usage":{"input_tokens":10,"output_tokens":4})" + rest + "}");
  REQUIRE(made);
  return Json::parse(made->body);
}

}  // namespace

TEST_CASE("text, calls and thinking find their places") {
  const auto out = answer(
      R"({"type":"thinking","thinking":"hm","signature":"sig"},{"type":"text","text":"a "},{"type":"text","text":"b"},)"
      R"({"type":"tool_use","id":"t1","name":"f","input":{"x":[1,2.5,"é"]}})",
      R"("tool_use")");
  CHECK(out["object"] == "chat.completion");
  CHECK(out["id"] == "msg_1");
  CHECK(out["model"] == "claude-x");
  const auto& choice = out["choices"][0];
  CHECK(choice["finish_reason"] == "tool_calls");
  CHECK(choice["message"]["content"] == "a b");
  CHECK(choice["message"]["reasoning_content"] == "hm");
  CHECK(choice["message"]["reasoning_details"][0]["signature"] == "sig");
  const auto& call = choice["message"]["tool_calls"][0];
  CHECK(call["id"] == "t1");
  CHECK(call["type"] == "function");
  CHECK(call["function"]["name"] == "f");
  CHECK(Json::parse(call["function"]["arguments"].get<std::string>()) == Json::parse(R"({"x":[1,2.5,"é"]})"));
  CHECK(
      out["usage"] ==
      Json::parse(
          R"({"prompt_tokens":10,"completion_tokens":4,"total_tokens":14,"prompt_tokens_details":{"cached_tokens":0,"cache_write_tokens":0},"completion_tokens_details":{"reasoning_tokens":0}})"));
}

TEST_CASE("content is null when there are only calls, and a text when there is nothing") {
  CHECK(answer(R"({"type":"tool_use","id":"t","name":"f","input":{}})",
               R"("tool_use")")["choices"][0]["message"]["content"]
            .is_null());
  CHECK(answer("")["choices"][0]["message"]["content"] == "");
}

TEST_CASE("stop reasons are OpenAI's") {
  struct Row {
    std::string theirs, ours;
  };
  for (const auto& row :
       {Row{"end_turn", "stop"}, Row{"stop_sequence", "stop"}, Row{"max_tokens", "length"},
        Row{"model_context_window_exceeded", "length"}, Row{"tool_use", "tool_calls"},
        Row{"refusal", "content_filter"}, Row{"pause_turn", "stop"}, Row{"new_reason", "stop"}}) {
    CHECK(answer("", '"' + row.theirs + '"')["choices"][0]["finish_reason"] == row.ours);
  }
  CHECK(answer("", R"("refusal")",
               R"(,"stop_details":{"explanation":"policy"})")["choices"][0]["message"]["refusal"] ==
        "policy");
}

TEST_CASE("citations and server tools are not lost") {
  const auto out = answer(
      R"({"type":"server_tool_use","id":"s","name":"web_search","input":{"query":"q"}},)"
      R"({"type":"text","text":"found","citations":[{"type":"web_search_result_location","url":"https://x","title":"X"},{"type":"char_location","cited_text":"c"}]})");
  const auto& message = out["choices"][0]["message"];
  CHECK(
      message["annotations"] ==
      Json::parse(
          R"([{"type":"url_citation","url_citation":{"start_index":0,"end_index":5,"url":"https://x","title":"X"}}])"));
  CHECK(message["anthropic"]["citations"].size() == 2);
  CHECK(message["anthropic"]["blocks"][0]["name"] == "web_search");
}

TEST_CASE("the prompt includes what the cache read and wrote") {
  const auto made = whole(
      R"({"type":"message","content":[],"usage":{"input_tokens":10,"cache_read_input_tokens":100,"cache_creation_input_tokens":30,)"
      R"("cache_creation":{"ephemeral_5m_input_tokens":10,"ephemeral_1h_input_tokens":20},"output_tokens":7,"output_tokens_details":{"thinking_tokens":3}}})");
  REQUIRE(made);
  CHECK(made->usage == Usage{{140}, {7}, {100}, {30}, {3}, {20}, false});
}

TEST_CASE("the time of an answer is the session's, else the provider's") {
  dialects::Request request;
  request.created = 5;
  const auto& anthropic = adapter(config::ProviderType::anthropic);
  const std::string body = R"({"type":"message","content":[]})";
  CHECK(Json::parse(anthropic.whole(request, {}, {200, {{"date", "Thu, 01 Jan 1970 00:01:00 GMT"}}}, body)
                        ->body)["created"] == 5);
  CHECK(Json::parse(whole(body, {{"date", "Thu, 01 Jan 1970 00:01:00 GMT"}})->body)["created"] == 60);
}

TEST_CASE("a 200 that is no message is a failure") {
  CHECK(whole("oops").error().fault == Fault::provider_stream_malformed);
  CHECK(whole("{}").error().fault == Fault::provider_server_error);
  CHECK(
      whole(R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})").error().fault ==
      Fault::provider_overloaded);
}
