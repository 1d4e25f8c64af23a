#include "gateway/providers/ollama.hpp"

#include "tests/gateway/providers/calls.hpp"

namespace troupe::providers {
namespace {

config::Provider ollama(const std::string& base_url = "") {
  return provider(config::ProviderType::ollama, base_url);
}

const std::string kAnswer =
    R"({"model":"llama3.2","created_at":"2025-06-09T18:55:26Z","message":{"role":"assistant","content":"Hi."},)"
    R"("done":true,"done_reason":"stop","prompt_eval_count":5,"eval_count":2})";

}  // namespace

TEST_CASE("Ollama is spoken to natively, unless the base URL is where it looks like OpenAI") {
  CHECK(called(chat(), ollama()).target == "/api/chat");
  CHECK(called(chat(), ollama("http://gpu:11434")).target == "/api/chat");
  CHECK(called(chat(), ollama("https://ollama.com/api/")).target == "/api/chat");
  CHECK(called(chat(), ollama("http://gpu:11434/v1")).target == "/v1/chat/completions");
  CHECK(called(chat(), ollama("http://gpu:11434/v1/")).target == "/v1/chat/completions");
  CHECK(adapter(config::ProviderType::ollama).origin(ollama()).authority() == "127.0.0.1:11434");
}

TEST_CASE("completions go to where Ollama has them") {
  const auto request = asked(dialects::Operation::completions, R"({"model":"m","prompt":"a"})");
  CHECK(called(request, ollama()).target == "/v1/completions");
  CHECK(called(request, ollama("http://gpu:11434/")).target == "/v1/completions");
  CHECK(called(request, ollama("http://gpu/ollama/api")).target == "/ollama/v1/completions");
  const std::string body = R"({"choices":[{"text":"b"}],"model":"m"})";
  CHECK(whole_of(request, ollama(), body)["choices"][0]["text"] == "b");
}

TEST_CASE("answers and streams are those of the shape that was called") {
  CHECK(whole_of(chat(), ollama(), kAnswer)["choices"][0]["message"]["content"] == "Hi.");
  CHECK(whole_of(chat(), ollama(), kAnswer)["usage"]["total_tokens"] == 7);
  const auto openai = R"({"choices":[{"message":{"content":"Ho."}}]})";
  CHECK(whole_of(chat(), ollama("http://gpu:11434/v1"), openai)["choices"][0]["message"]["content"] == "Ho.");
  std::string out;
  const auto reader = adapter(config::ProviderType::ollama).stream(chat(R"(,"stream":true)"), ollama());
  reader->feed(kAnswer + "\n", out);
  CHECK(reader->ended);
  CHECK(reader->usage->input.count == 5);
  CHECK(out.find("Hi.") != std::string::npos);
}

TEST_CASE("a stream of Ollama's is told by its lines, or by its events") {
  const auto& it = adapter(config::ProviderType::ollama);
  CHECK(it.streams({200, {{"content-type", "application/x-ndjson"}}}));
  CHECK(it.streams({200, {{"content-type", "text/event-stream"}}}));
  CHECK_FALSE(it.streams({200, {{"content-type", "application/json; charset=utf-8"}}}));
}

TEST_CASE("Ollama's errors are understood, in the middle of a stream too") {
  const auto& it = adapter(config::ProviderType::ollama);
  CHECK(it.failure({404, {}}, R"({"error":"model 'x' not found"})").fault == Fault::provider_model_missing);
  CHECK(it.failure({404, {}}, R"({"error":"model 'x' not found"})").message == "model 'x' not found");
  std::string out;
  const auto reader = it.stream(chat(R"(,"stream":true)"), ollama());
  reader->feed("{\"error\":\"llama runner process has terminated\"}\n", out);
  REQUIRE(reader->failure);
  CHECK(reader->failure->message.find("terminated") != std::string::npos);
}

}  // namespace troupe::providers
