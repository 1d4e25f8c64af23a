#include "gateway/providers/vertex.hpp"

#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::providers;
using dialects::Operation;
using Json = nlohmann::json;

namespace {

config::Provider google() {
  config::Provider provider;
  provider.type = config::ProviderType::vertex;
  provider.project = "p-1";
  provider.region = "europe-west4";
  return provider;
}

UpstreamCall call_of(Operation operation, const std::string& body, std::string_view model,
                     const std::string& secret = {}) {
  auto request = dialects::parse_request(operation, body);
  REQUIRE(request);
  request->pass_on = {{"anthropic-version", "2023-06-01"}, {"anthropic-beta", "b-1"}};
  config::Key key;
  key.secret = config::Secret(secret);
  auto call = adapter(config::ProviderType::vertex, model).call(*request, model, google(), key);
  REQUIRE(call);
  return *call;
}

constexpr auto kChat = R"({"model":"m","messages":[{"role":"user","content":"hi"}],"stream":true})";

}  // namespace

TEST_CASE("Vertex lives where the location says") {
  auto provider = google();
  const auto host = [&](std::string_view region) {
    provider.region = region;
    return adapter(config::ProviderType::vertex).origin(provider).host;
  };
  CHECK(host("europe-west4") == "europe-west4-aiplatform.googleapis.com");
  CHECK(host("") == "aiplatform.googleapis.com");
  CHECK(host("global") == "aiplatform.googleapis.com");
  CHECK(host("us") == "aiplatform.us.rep.googleapis.com");
}

TEST_CASE("Google's own models are asked for by generateContent in the project's location") {
  const auto call = call_of(Operation::chat, kChat, "gemini-2.5-flash");
  CHECK(call.target ==
        "/v1/projects/p-1/locations/europe-west4/publishers/google/models/"
        "gemini-2.5-flash:streamGenerateContent?alt=sse");
  CHECK(Json::parse(call.body)["contents"][0]["parts"][0]["text"] == "hi");
  CHECK(call.headers.find("anthropic") == std::string::npos);
}

TEST_CASE("Claude on Vertex has its version in the body and its model in the path") {
  const auto translated = call_of(Operation::chat, kChat, "claude-sonnet-4-5@20250929");
  CHECK(translated.target ==
        "/v1/projects/p-1/locations/europe-west4/publishers/anthropic/models/"
        "claude-sonnet-4-5@20250929:streamRawPredict");
  auto body = Json::parse(translated.body);
  CHECK_FALSE(body.contains("model"));
  CHECK(body["anthropic_version"] == "vertex-2023-10-16");
  CHECK(body["messages"].size() == 1);
}

TEST_CASE("an Anthropic request to Claude on Vertex keeps every byte but the model") {
  const auto spliced = call_of(
      Operation::messages, R"({"max_tokens": 5, "mod\u0065l" : "m", "x":1.50,"messages":[]})", "claude-x");
  CHECK(spliced.body ==
        R"({"max_tokens": 5, "anthropic_version":"vertex-2023-10-16", "x":1.50,"messages":[]})");
  CHECK(spliced.headers.find("anthropic-beta: b-1\r\n") != std::string::npos);
  CHECK(spliced.headers.find("anthropic-version:") == std::string::npos);
}

TEST_CASE("partner models go by the OpenAI-shaped endpoint") {
  const auto call = call_of(Operation::chat, kChat, "meta/llama-4-maverick-maas");
  CHECK(call.target == "/v1/projects/p-1/locations/europe-west4/endpoints/openapi/chat/completions");
  CHECK(Json::parse(call.body)["model"] == "meta/llama-4-maverick-maas");
}

TEST_CASE("an API key is a header, a credential file is none") {
  CHECK(call_of(Operation::chat, kChat, "gemini-x", "AIza").headers.find("x-goog-api-key: AIza\r\n") !=
        std::string::npos);
  const auto file = call_of(Operation::chat, kChat, "gemini-x", R"({"type":"service_account"})");
  CHECK(file.headers.find("service_account") == std::string::npos);
}

TEST_CASE("embeddings are predicted by Google's own models, and by no other") {
  const auto call = call_of(Operation::embeddings, R"({"model":"m","input":"a"})", "text-embedding-005");
  CHECK(call.target ==
        "/v1/projects/p-1/locations/europe-west4/publishers/google/models/text-embedding-005:predict");
  CHECK(Json::parse(call.body)["instances"][0]["content"] == "a");
  const auto request = dialects::parse_request(Operation::embeddings, R"({"model":"m","input":"a"})");
  CHECK_FALSE(adapter(config::ProviderType::vertex, "claude-x").call(*request, "claude-x", google(), {}));
}
