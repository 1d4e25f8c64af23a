// Answers that were kept without their request: the shapes that providers' SDKs are tested with.
#include <iostream>

#include "tests/recorded/recordings.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace recorded;

namespace {

const std::vector<std::string> kProviders{"openai", "anthropic",  "groq",    "deepseek",
                                          "xai",    "openrouter", "mistral", "other-openai-compatible"};

dialects::Request small_request() {
  auto request = dialects::parse_request(dialects::Operation::chat,
                                         R"({"model":"m","messages":[{"role":"user","content":"hi"}]})");
  request->include_usage = true;
  return std::move(*request);
}

bool has(const std::string& text, const char* word) {
  return text.find(word) != std::string::npos;
}

}  // namespace

TEST_CASE("streams that were kept alone are read to their end") {
  if (!present()) return;
  int streams = 0;
  for (const auto& provider : kProviders) {
    for (auto loose : loose_answers(provider)) {
      // One file holds two answers in a row.
      if (const auto stop = loose.body.find("{\"type\":\"message_stop\""); stop != loose.body.npos) {
        loose.body.resize(loose.body.find("\n\n", stop) + 2);
      }
      const bool anthropic = has(loose.body, "message_start");
      if (!loose.stream || (!anthropic && !has(loose.body, "\"delta\":"))) continue;
      if (has(loose.body, "response.created")) continue;
      ++streams;
      INFO(loose.file);
      const auto type = anthropic ? config::ProviderType::anthropic : config::ProviderType::openai;
      const auto request = small_request();
      const auto reader = providers::adapter(type).stream(request, {});
      std::string out;
      for (std::size_t at = 0; at < loose.body.size(); at += 113) {
        const auto piece = loose.body.substr(at, 113);
        reader->feed(piece, out);
      }
      reader->close(out);
      CHECK((reader->ended || reader->failure));
      const auto ours = read_openai_stream(out);
      auto theirs = anthropic ? read_anthropic_stream(loose.body) : read_openai_stream(loose.body);
      CHECK(ours.text.begin()->second == theirs.text.begin()->second);
      if (reader->ended) CHECK(reader->usage == theirs.usage);
      if (reader->failure) std::cout << loose.file << ": " << reader->failure->message << "\n";
    }
  }
  std::cout << streams << " streams kept alone\n";
  CHECK(streams > 30);
}

TEST_CASE("whole answers that were kept alone are read") {
  if (!present()) return;
  int answers = 0;
  for (const auto& provider : kProviders) {
    for (const auto& loose : loose_answers(provider)) {
      if (loose.stream || !Json::accept(loose.body)) continue;
      const auto document = Json::parse(loose.body);
      const bool anthropic = document.value("type", "") == "message";
      const bool chat = document.contains("choices") && document["choices"][0].contains("message");
      if (!anthropic && !chat) continue;
      ++answers;
      INFO(loose.file);
      providers::AnswerHead head;
      head.status = 200;
      const auto type = anthropic ? config::ProviderType::anthropic : config::ProviderType::openai;
      const auto whole = providers::adapter(type).whole(small_request(), {}, head, loose.body);
      REQUIRE(whole);
      const auto theirs = anthropic ? read_anthropic(document) : read_openai(document);
      const auto ours = read_openai(Json::parse(whole->body));
      CHECK(whole->usage == theirs.usage);
      CHECK(ours.finish == theirs.finish);
      const auto text = [](const Story& story) {
        return story.text.empty() ? std::string() : story.text.begin()->second;
      };
      CHECK(text(ours) == text(theirs));
    }
  }
  std::cout << answers << " answers kept alone\n";
  CHECK(answers > 30);
}
