#include "gateway/providers/embed.hpp"

#include "tests/gateway/providers/calls.hpp"

namespace troupe::providers {
namespace {

using config::ProviderType;
using nlohmann::json;

dialects::Request embed(const std::string& input = "\"a\"", const std::string& rest = "") {
  return asked(dialects::Operation::embeddings, R"({"model":"smart","input":)" + input + rest + "}");
}

}  // namespace

TEST_CASE("embeddings are asked for where each provider has them") {
  const auto target = [](ProviderType type, const std::string& model) {
    return called(embed(), provider(type, "https://x.example"), model).target;
  };
  CHECK(target(ProviderType::gemini, "gemini-embedding-001") ==
        "/models/gemini-embedding-001:batchEmbedContents");
  CHECK(target(ProviderType::cohere, "embed-v4.0") == "/v2/embed");
  CHECK(target(ProviderType::ollama, "all-minilm") == "/api/embed");
  CHECK(target(ProviderType::bedrock, "amazon.titan-embed-text-v2:0") ==
        "/model/amazon.titan-embed-text-v2%3A0/invoke");
  CHECK(target(ProviderType::bedrock, "eu.cohere.embed-v4:0") == "/model/eu.cohere.embed-v4%3A0/invoke");
}

TEST_CASE("models that do not embed, and tokens, are refused by name") {
  config::Key key;
  const auto refused = [&](ProviderType type, const std::string& model, const dialects::Request& request) {
    const auto call = adapter(type).call(request, model, provider(type, "https://x.example"), key);
    REQUIRE_FALSE(call);
    CHECK(call.error().fault == Fault::caller_bad_request);
    return call.error().param;
  };
  CHECK(refused(ProviderType::bedrock, "anthropic.claude-sonnet-5", embed()) == "model");
  CHECK(refused(ProviderType::anthropic, "claude-sonnet-5", embed()) == "model");
  for (const auto type : {ProviderType::gemini, ProviderType::cohere, ProviderType::ollama})
    CHECK(refused(type, "m", embed("[[1,2]]")) == "input");
  CHECK(refused(ProviderType::bedrock, "amazon.titan-embed-text-v2:0", embed(R"(["a","b"])")) == "input");
}

TEST_CASE("the answer is OpenAI's, in floats or in base64") {
  const std::string told = R"({"embeddings":[{"values":[1,-0.5]}]})";
  const auto floats = whole_of(embed(), provider(ProviderType::gemini), told);
  CHECK(floats["data"][0]["embedding"] == json::array({1, -0.5}));
  CHECK(floats["model"] == "smart");
  const auto packed =
      whole_of(embed("\"a\"", R"(,"encoding_format":"base64")"), provider(ProviderType::gemini), told);
  CHECK(packed["data"][0]["embedding"] == "AACAPwAAAL8=");
}

TEST_CASE("usage is what the provider tells, in the body or beside it") {
  const auto used = [](ProviderType type, const std::string& body, Headers headers = {}) {
    const auto answer = adapter(type).whole(embed(), provider(type), {200, std::move(headers)}, body);
    REQUIRE(answer);
    return answer->usage;
  };
  CHECK(used(ProviderType::bedrock, R"({"embedding":[1],"inputTextTokenCount":3})")->input.count == 3);
  const std::string cohere = R"({"embeddings":{"float":[[1]]}})";
  CHECK(used(ProviderType::bedrock, cohere, {{"x-amzn-bedrock-input-token-count", "4"}})->input.count == 4);
  CHECK(used(ProviderType::bedrock, cohere, {{"x-amzn-bedrock-input-token-count", "x"}})->estimated);
  CHECK(used(ProviderType::cohere,
             R"({"embeddings":{"float":[[1]]},"meta":{"billed_units":{"input_tokens":5}}})")
            ->input.count == 5);
  CHECK(used(ProviderType::ollama, R"({"embeddings":[[1]],"prompt_eval_count":6})")->input.count == 6);
  const auto guessed = used(ProviderType::gemini, R"({"embeddings":[{"values":[1]}]})");
  CHECK(guessed->estimated);
  CHECK(guessed->output.count == 0);
}

TEST_CASE("an answer that holds no vectors is a failure of the provider") {
  const auto fault = [](const std::string& body) {
    const auto answer =
        adapter(ProviderType::gemini).whole(embed(), provider(ProviderType::gemini), {200, {}}, body);
    REQUIRE_FALSE(answer);
    return answer.error().fault;
  };
  CHECK(fault("<html>") == Fault::provider_stream_malformed);
  CHECK(fault(R"({"error":{"code":429,"message":"slow","status":"RESOURCE_EXHAUSTED"}})") ==
        Fault::provider_rate_limited_requests);
}

}  // namespace troupe::providers
