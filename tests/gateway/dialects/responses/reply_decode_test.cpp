#include "gateway/dialects/json.hpp"
#include "gateway/dialects/responses/codec.hpp"
#include "tests/support/catch.hpp"

namespace troupe::dialects::responses {

TEST_CASE("a response is read with its thoughts, texts, calls and counts") {
  const auto reply = codec().decode_reply(R"({"id":"resp_1","object":"response","created_at":9,"model":"gpt",
    "status":"completed","service_tier":"default","error":null,"output":[
    {"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"hm"}],"encrypted_content":"gAAA"},
    {"type":"reasoning","id":"rs_2","summary":[],"content":[{"type":"reasoning_text","text":"plain"}]},
    {"type":"message","id":"msg_1","content":[
      {"type":"output_text","text":"ä b","logprobs":[{"token":"x","logprob":-1}],"annotations":[
        {"type":"url_citation","start_index":2,"end_index":3,"url":"https://a.example","title":"A"}]},
      {"type":"refusal","refusal":"no"}]},
    {"type":"web_search_call","id":"ws_1"},
    {"type":"function_call","call_id":"c1","name":"look","arguments":"{}"}],
    "usage":{"input_tokens":10,"input_tokens_details":{"cached_tokens":4,"cache_write_tokens":2},
    "output_tokens":5,"output_tokens_details":{"reasoning_tokens":3},"total_tokens":15}})");
  REQUIRE(reply);
  CHECK(reply->id == "resp_1");
  CHECK(reply->model == "gpt");
  CHECK(reply->created == 9);
  CHECK(reply->service_tier == "default");
  CHECK(reply->finish == Finish::tools);
  CHECK(reply->usage == Usage{{10}, {5}, {4}, {2}, {3}, {0}, false});
  REQUIRE(reply->parts.size() == 6);
  CHECK(std::get<Reasoning>(reply->parts[0].is).summary);
  CHECK(std::get<Reasoning>(reply->parts[1].is).text == "plain");
  CHECK_FALSE(std::get<Reasoning>(reply->parts[1].is).summary);
  const auto& said = std::get<Text>(reply->parts[2].is);
  CHECK(said.text.substr(3) == "b");
  CHECK(said.citations.at(0).start == 3);
  CHECK(said.citations.at(0).end == 4);
  CHECK(std::get<Refusal>(reply->parts[3].is).text == "no");
  CHECK(std::get<Opaque>(reply->parts[4].is).json["id"] == "ws_1");
  CHECK(std::get<ToolCall>(reply->parts[5].is).id == "c1");
  CHECK(reply->logprobs["content"].size() == 1);
}

TEST_CASE("what is no response is malformed") {
  for (const auto* body : {"", "[]", "{}", "{", R"({"output":5})", R"({"error":{"code":"x","message":"m"}})",
                           R"({"status":"failed","output":[],"error":{"code":"server_error","message":"m"}})",
                           R"({"output":[],"error":"text"})"}) {
    const auto reply = codec().decode_reply(body);
    REQUIRE_FALSE(reply);
    CHECK(reply.error().fault == Fault::provider_stream_malformed);
  }
  CHECK_FALSE(codec().decode_reply(R"({"output":)" + std::string(3000, '[') + std::string(3000, ']') + "}"));
}

TEST_CASE("members of wrong types are passed over") {
  const auto reply = codec().decode_reply(R"({"id":5,"model":[],"created_at":"x","status":7,"output":[
    3,{"type":"message","content":7},{"type":"message","content":[4,{"type":"output_text","text":9,"annotations":[1]}]},
    {"type":"function_call","arguments":{"a":1}},{"type":"reasoning","summary":"x","content":5}],
    "usage":{"input_tokens":-4,"output_tokens":"x","input_tokens_details":[]}})");
  REQUIRE(reply);
  CHECK(reply->finish == Finish::unknown);
  REQUIRE(reply->parts.size() == 2);  // a thought that says nothing is none
  CHECK(std::get<ToolCall>(reply->parts[1].is).arguments == R"({"a":1})");
  CHECK(reply->usage == Usage{});
}

TEST_CASE("an answer that failed in the middle keeps what was said") {
  const auto reply = codec().decode_reply(R"({"status":"failed","error":{"code":"server_error","message":"m"},
    "output":[{"type":"message","content":[{"type":"output_text","text":"He"}]}]})");
  REQUIRE(reply);
  CHECK(reply->finish == Finish::failed);
  CHECK(reply->finish_detail == "m");
  CHECK_FALSE(reply->usage);
}

}  // namespace troupe::dialects::responses
