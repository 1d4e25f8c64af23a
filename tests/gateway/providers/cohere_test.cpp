#include "gateway/providers/cohere.hpp"

#include "tests/gateway/providers/calls.hpp"

namespace troupe::providers {
namespace {

const auto kCohereKey = config::ProviderType::cohere;
const std::string kUsage = R"("usage":{"billed_units":{"input_tokens":12,"output_tokens":7},)"
                           R"("tokens":{"input_tokens":507,"output_tokens":10},"cached_tokens":448})";

}  // namespace

TEST_CASE("Cohere is called on its second version, wherever the base URL leaves that") {
  CHECK(adapter(kCohereKey).origin(provider(kCohereKey)).host == "api.cohere.com");
  const auto call = called(chat(), provider(kCohereKey));
  CHECK(call.target == "/v2/chat");
  CHECK(call.headers.find("Authorization: Bearer sk-1\r\n") != std::string::npos);
  CHECK(nlohmann::json::parse(call.body)["model"] == "the-model");
  CHECK(called(chat(), provider(kCohereKey, "https://x.example/v2/")).target == "/v2/chat");
  CHECK(called(chat(), provider(kCohereKey, "https://x.example/cohere")).target == "/cohere/v2/chat");
}

TEST_CASE("the caller is told the tokens, the books what is billed") {
  const auto body = R"({"id":"r","message":{"role":"assistant","content":[{"type":"text","text":"Hi."}]},)"
                    R"("finish_reason":"COMPLETE",)" +
                    kUsage + "}";
  const auto answer = adapter(kCohereKey).whole(chat(), provider(kCohereKey), {200, {}}, body);
  REQUIRE(answer);
  REQUIRE(answer->usage);
  CHECK(answer->usage->input.count == 12);
  CHECK(answer->usage->output.count == 7);
  const auto told = nlohmann::json::parse(answer->body);
  CHECK(told["usage"]["prompt_tokens"] == 507);
  CHECK(told["usage"]["prompt_tokens_details"]["cached_tokens"] == 448);
  CHECK(told["model"] == "smart");
}

TEST_CASE("the same holds of a stream") {
  const auto request = chat(R"(,"stream":true,"stream_options":{"include_usage":true})");
  const auto reader = adapter(kCohereKey).stream(request, provider(kCohereKey));
  std::string out;
  reader->feed("event: message-start\ndata: {\"id\":\"r\",\"type\":\"message-start\",\"delta\":{}}\n\n", out);
  CHECK_FALSE(reader->content_started);
  reader->feed(
      "data: "
      "{\"type\":\"content-delta\",\"index\":0,\"delta\":{\"message\":{\"content\":{\"text\":\"Hi.\"}}}}\n\n",
      out);
  CHECK(reader->content_started);
  reader->feed(
      "data: {\"type\":\"message-end\",\"delta\":{\"finish_reason\":\"COMPLETE\"," + kUsage + "}}\n\n", out);
  CHECK(reader->ended);
  REQUIRE(reader->usage);
  CHECK(reader->usage->input.count == 12);
  CHECK(out.find("\"prompt_tokens\":507") != std::string::npos);
  CHECK(out.find("[DONE]") != std::string::npos);
}

TEST_CASE("a stream of Cohere's that breaks says so") {
  const auto reader = adapter(kCohereKey).stream(chat(R"(,"stream":true)"), provider(kCohereKey));
  std::string out;
  reader->feed("data: {\"type\":\"message-start\",\"delta\":{}}\n\n", out);
  reader->close(out);
  REQUIRE(reader->failure);
  CHECK(reader->failure->fault == Fault::provider_stream_cut);
  CHECK_FALSE(reader->ended);
}

TEST_CASE("Cohere's errors are understood") {
  const auto verdict = [&](int status, const std::string& body) {
    return adapter(kCohereKey).failure({status, {}}, body).fault;
  };
  CHECK(
      verdict(
          400,
          R"({"error_type":"TOO_MANY_TOKENS","id":"x","message":"too many tokens: size limit exceeded"})") ==
      Fault::provider_context_too_long);
  CHECK(verdict(401, R"({"id":"x","message":"Incorrect API key provided"})") == Fault::provider_key_dead);
  CHECK(verdict(404, R"({"id":"x","message":"model 'nonexistent' not found"})") ==
        Fault::provider_model_missing);
}

}  // namespace troupe::providers
