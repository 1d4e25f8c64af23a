#include <iostream>

#include "core/random.hpp"
#include "gateway/dialects/request.hpp"
#include "tests/recorded/recordings.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace recorded;

namespace {

const std::vector<std::string> kOpenAiShaped{"openai",
                                             "groq",
                                             "deepseek",
                                             "together",
                                             "xai",
                                             "vllm",
                                             "cerebras",
                                             "openrouter",
                                             "mistral",
                                             "azure",
                                             "other-openai-compatible"};

/// The recorded request where it is one that we would accept, else a small one of the same kind.
dialects::Request request_of(const Exchange& exchange, bool include_usage) {
  auto request = dialects::parse_request(dialects::Operation::chat, exchange.request);
  if (!request) {
    request = dialects::parse_request(dialects::Operation::chat,
                                      R"({"model":"m","messages":[{"role":"user","content":"hi"}]})");
  }
  request->include_usage = include_usage;
  request->created = 1700000000;
  return std::move(*request);
}

struct Relayed {
  std::unique_ptr<providers::StreamReader> reader;
  std::string out;
  bool quiet_preamble = true;  ///< nothing but preamble came before content_started
};

Relayed relay(const providers::Adapter& adapter, const dialects::Request& request, const std::string& body,
              std::uint64_t seed) {
  Random random(seed);
  Relayed relayed{adapter.stream(request, {}), {}};
  for (std::size_t at = 0; at < body.size();) {
    const auto size = 1 + random.below(seed % 2 == 0 ? 7 : 700);
    const std::string piece = body.substr(at, size);
    relayed.reader->feed(piece, relayed.out);
    at += size;
  }
  relayed.reader->close(relayed.out);
  return relayed;
}

/// Without the choices of which there is nothing to say.
template <class Value>
std::map<int, Value> said(std::map<int, Value> all) {
  std::erase_if(all, [](const auto& one) { return one.second.empty(); });
  return all;
}

void check_same(const Story& ours, const Story& theirs) {
  CHECK(said(ours.text) == said(theirs.text));
  CHECK(said(ours.reasoning) == said(theirs.reasoning));
  CHECK(said(ours.calls) == said(theirs.calls));
  CHECK(ours.finish == theirs.finish);
}

/// Tool arguments as values: their spacing is nobody's business.
void normalise(Story& story) {
  for (auto& [choice, calls] : story.calls) {
    for (auto& call : calls)
      call.arguments = Json::parse(call.arguments.empty() ? "{}" : call.arguments).dump();
  }
}

void check_verdict(const providers::Adapter& adapter, const Exchange& exchange) {
  const auto verdict = adapter.failure(exchange.head, exchange.body);
  INFO(name(verdict.fault) << ": " << verdict.message);
  CHECK_FALSE(verdict.message.empty());
  CHECK(verdict.message.find("sk-fake") == std::string::npos);
  switch (exchange.head.status) {
    case 400:
      CHECK((verdict.fault == Fault::provider_bad_request ||
             verdict.fault == Fault::provider_context_too_long || verdict.fault == Fault::provider_key_dead));
      break;
    case 401:
    case 403:
      CHECK(verdict.fault == Fault::provider_key_dead);
      break;
    case 404:
      CHECK(verdict.fault == Fault::provider_model_missing);
      break;
    case 429:
      CHECK(traits(verdict.fault).retry_class == "rate_limited");
      break;
    default:
      CHECK(traits(verdict.fault).trips_breaker);
  }
}

}  // namespace

TEST_CASE("every recorded OpenAI-shaped stream reaches the caller whole") {
  if (!present()) return;
  const auto& adapter = providers::adapter(config::ProviderType::openai);
  int streams = 0;
  for (const auto& provider : kOpenAiShaped) {
    for (const auto& exchange : exchanges(provider, "/chat/completions")) {
      if (exchange.head.status != 200 || !exchange.stream()) continue;
      ++streams;
      const auto theirs = read_openai_stream(exchange.body);
      for (const bool usage : {true, false}) {
        for (std::uint64_t seed = 1; seed <= 6; ++seed) {
          const auto relayed = relay(adapter, request_of(exchange, usage), exchange.body, seed);
          INFO(provider << "/" << exchange.file << " seed " << seed);
          if (!theirs.error.empty()) {
            REQUIRE(relayed.reader->failure);
            CHECK(relayed.reader->failure->message == theirs.error);
            CHECK_FALSE(relayed.reader->ended);
            continue;
          }
          CHECK_FALSE(relayed.reader->failure);
          CHECK(relayed.reader->ended);
          CHECK(relayed.reader->content_started);
          CHECK(relayed.reader->usage == theirs.usage);
          const auto ours = read_openai_stream(relayed.out);
          check_same(ours, theirs);
          CHECK(ours.done);
          if (usage) CHECK(ours.usage == theirs.usage);
        }
      }
    }
  }
  std::cout << streams << " recorded OpenAI-shaped streams\n";
  CHECK(streams > 40);
}

TEST_CASE("every recorded OpenAI-shaped answer passes byte for byte, its usage read") {
  if (!present()) return;
  const auto& adapter = providers::adapter(config::ProviderType::openai);
  int answers = 0, errors = 0;
  for (const auto& provider : kOpenAiShaped) {
    for (const auto& exchange : exchanges(provider, "/chat/completions")) {
      if (exchange.stream()) continue;
      INFO(provider << "/" << exchange.file << " " << exchange.body.substr(0, 600));
      if (exchange.head.status != 200) {
        ++errors;
        check_verdict(adapter, exchange);
        continue;
      }
      const auto whole = adapter.whole(request_of(exchange, false), {}, exchange.head, exchange.body);
      const auto document = Json::parse(exchange.body);
      if (document.contains("error")) {
        // An error that was recorded with status 200.
        ++errors;
        REQUIRE_FALSE(whole);
        CHECK(whole.error().fault == Fault::provider_content_refused);
        continue;
      }
      ++answers;
      REQUIRE(whole);
      CHECK(whole->body == exchange.body);
      CHECK(whole->usage == read_openai(document).usage);
      CHECK(whole->model == document["model"].get<std::string>());
    }
  }
  std::cout << answers << " recorded OpenAI-shaped answers, " << errors << " errors\n";
  CHECK(answers > 100);
  CHECK(errors > 10);
}

TEST_CASE("every recorded Anthropic stream is told again as OpenAI chunks") {
  if (!present()) return;
  const auto& adapter = providers::adapter(config::ProviderType::anthropic);
  int streams = 0;
  for (const auto& exchange : exchanges("anthropic", "/v1/messages")) {
    if (exchange.head.status != 200 || !exchange.stream()) continue;
    ++streams;
    auto theirs = read_anthropic_stream(exchange.body);
    normalise(theirs);
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
      const auto relayed = relay(adapter, request_of(exchange, true), exchange.body, seed);
      INFO(exchange.file << " seed " << seed);
      REQUIRE_FALSE(relayed.reader->failure);
      CHECK(relayed.reader->ended);
      CHECK(relayed.reader->usage == theirs.usage);
      auto ours = read_openai_stream(relayed.out);
      normalise(ours);
      check_same(ours, theirs);
      CHECK(ours.done);
      REQUIRE(ours.usage);
      CHECK(ours.usage->input == theirs.usage->input);
      CHECK(ours.usage->output == theirs.usage->output);
      std::string id;
      for (const auto& data : data_of(relayed.out)) {
        if (data == "[DONE]") continue;
        const auto chunk = Json::parse(data);
        CHECK(chunk["created"] == 1700000000);
        if (id.empty()) id = chunk["id"];
        CHECK(chunk["id"] == id);
      }
    }
  }
  std::cout << streams << " recorded Anthropic streams\n";
  CHECK(streams > 25);
}

TEST_CASE("every recorded Anthropic answer is told again in OpenAI's shape") {
  if (!present()) return;
  const auto& adapter = providers::adapter(config::ProviderType::anthropic);
  int answers = 0, errors = 0;
  for (const auto& exchange : exchanges("anthropic", "/v1/messages")) {
    if (exchange.stream()) continue;
    INFO(exchange.file);
    if (exchange.head.status != 200) {
      ++errors;
      check_verdict(adapter, exchange);
      continue;
    }
    ++answers;
    const auto whole = adapter.whole(request_of(exchange, false), {}, exchange.head, exchange.body);
    REQUIRE(whole);
    auto theirs = read_anthropic(Json::parse(exchange.body));
    auto ours = read_openai(Json::parse(whole->body));
    normalise(ours);
    check_same(ours, theirs);
    CHECK(whole->usage == theirs.usage);
  }
  std::cout << answers << " recorded Anthropic answers, " << errors << " errors\n";
  CHECK(answers > 30);
}

TEST_CASE("a recorded stream that is cut anywhere before its end never ends cleanly") {
  if (!present()) return;
  Random random(11);
  const auto check = [&](const providers::Adapter& adapter, const Exchange& exchange, std::string_view last) {
    const auto end = exchange.body.rfind(last);
    if (exchange.head.status != 200 || !exchange.stream() || end == std::string::npos) return;
    const auto cut = random.below(end);
    const auto request = request_of(exchange, true);
    const auto relayed = relay(adapter, request, exchange.body.substr(0, cut), 3);
    INFO(exchange.provider << "/" << exchange.file << " cut at " << cut);
    CHECK((relayed.reader->failure || relayed.reader->ended));
    // Clean only when every choice had finished already.
    if (relayed.reader->ended) CHECK_FALSE(read_openai_stream(relayed.out).finish.empty());
    if (!relayed.reader->ended) CHECK(relayed.out.find("[DONE]") == std::string::npos);
  };
  for (const auto& provider : kOpenAiShaped) {
    for (const auto& exchange : exchanges(provider, "/chat/completions")) {
      check(providers::adapter(config::ProviderType::openai), exchange, "data: [DONE]");
    }
  }
  for (const auto& exchange : exchanges("anthropic", "/v1/messages")) {
    check(providers::adapter(config::ProviderType::anthropic), exchange, "event: message_stop");
  }
}

TEST_CASE("recorded requests are understood and spliced") {
  if (!present()) return;
  int requests = 0;
  for (const auto& provider : kOpenAiShaped) {
    for (const auto& exchange : exchanges(provider, "/chat/completions")) {
      if (exchange.request.empty() || !Json::accept(exchange.request)) continue;
      auto wanted = Json::parse(exchange.request);
      if (!wanted.contains("model") || !wanted.contains("messages") || wanted["messages"].empty()) continue;
      INFO(provider << "/" << exchange.file);
      const auto request = dialects::parse_request(dialects::Operation::chat, exchange.request);
      REQUIRE(request);
      ++requests;
      const auto spliced = dialects::splice_request(*request, "other");
      wanted["model"] = "other";
      if (request->stream) wanted["stream_options"]["include_usage"] = true;
      CHECK(Json::parse(spliced) == wanted);
    }
  }
  std::cout << requests << " recorded requests\n";
}

TEST_CASE("recorded requests are translated for Anthropic, or refused by name") {
  if (!present()) return;
  const auto& adapter = providers::adapter(config::ProviderType::anthropic);
  config::Provider provider;
  config::Key key;
  int translated = 0;
  for (const auto& from : kOpenAiShaped) {
    for (const auto& exchange : exchanges(from, "/chat/completions")) {
      const auto request = dialects::parse_request(dialects::Operation::chat, exchange.request);
      if (!request) continue;
      const auto call = adapter.call(*request, "claude-sonnet-4-5", provider, key);
      INFO(from << "/" << exchange.file << " " << exchange.request.substr(0, 400));
      if (!call) {
        INFO(call.error().message);
        CHECK_FALSE(call.error().param.empty());
        continue;
      }
      ++translated;
      const auto body = Json::parse(call->body);
      std::string last;
      for (const auto& message : body["messages"]) {
        CHECK(message["role"] != last);
        last = message["role"];
        CHECK_FALSE(message["content"].empty());
      }
      CHECK(body["max_tokens"].get<int>() > 0);
    }
  }
  std::cout << translated << " recorded requests translated for Anthropic\n";
  CHECK(translated > 80);
}

TEST_CASE("limits of every recorded answer are read") {
  if (!present()) return;
  const WallTime wall = WallTime(std::chrono::sys_days(std::chrono::year(2026) / 7 / 1).time_since_epoch());
  const auto read = [&](const std::string& provider, const std::string& path) {
    int with = 0;
    for (const auto& exchange : exchanges(provider, path)) {
      const auto report = providers::adapter(config::ProviderType::openai).limits(exchange.head, wall);
      INFO(exchange.file);
      const bool told = !exchange.head.find("x-ratelimit-limit-requests").empty() ||
                        !exchange.head.find("anthropic-ratelimit-requests-limit").empty();
      if (!told) continue;
      ++with;
      // A request limit of 10000 of which one comes back in 8.64 s is OpenAI's own per day.
      const bool day = provider == "groq" || exchange.file.rfind("elastic-otel__test_chat_tools", 0) == 0;
      CHECK(report.requests_day.limit.has_value() == day);
      CHECK(report.requests_minute.limit.has_value() != day);
      CHECK(report.tokens_minute.remaining);
    }
    return with;
  };
  CHECK(read("openai", "/chat/completions") > 10);
  CHECK(read("groq", "/chat/completions") > 1);
  CHECK(read("anthropic", "/v1/messages") > 20);
}
