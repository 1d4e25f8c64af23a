#include "gateway/mock/mock.hpp"

#include <algorithm>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "gateway/mock/json.hpp"
#include "tests/support/catch.hpp"

namespace asio = boost::asio;
using namespace troupe;
using mock::Json;

namespace {

struct StillClock final : Clock {
  Time at{std::chrono::seconds(1000)};
  Time now() const override { return at; }
  WallTime wall() const override { return WallTime(std::chrono::seconds(1735689600)); }
};

mock::Rules instant() {
  mock::Rules rules;
  rules.behaviour.ttft = Duration{};
  rules.behaviour.tokens_per_second = 0;
  rules.behaviour.tokens = 12;
  return rules;
}

/// The mock and one client on one io_context.
struct Theatre {
  StillClock clock;
  asio::io_context io;
  std::unique_ptr<mock::Server> server;

  Theatre() {
    mock::Options options;
    options.everyone = instant();
    options.keys["poor"] = instant();
    options.keys["poor"].rpm = 2;
    options.keys["dead"] = instant();
    options.keys["dead"].dead = true;
    server = *mock::Server::start(io, "127.0.0.1:0", options, clock);
  }

  asio::awaitable<void> converse(std::string bytes, std::string enough, std::string& got) {
    asio::ip::tcp::socket socket(io);
    const asio::ip::tcp::endpoint where(asio::ip::address_v4::loopback(), server->port());
    co_await socket.async_connect(where, asio::use_awaitable);
    boost::system::error_code error;
    auto quietly = asio::redirect_error(asio::use_awaitable, error);
    co_await asio::async_write(socket, asio::buffer(bytes), quietly);
    char piece[4096];
    while (!error && (enough.empty() || got.find(enough) == std::string::npos)) {
      const auto n = co_await socket.async_read_some(asio::buffer(piece), quietly);
      got.append(piece, n);
    }
  }

  std::string talk(const std::string& method, const std::string& target, const std::string& body = {},
                   const std::string& headers = {}, std::string enough = {}) {
    const auto bytes = method + " " + target + " HTTP/1.1\r\nHost: m\r\nConnection: close\r\n" + headers +
                       "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    std::string got;
    bool done = false;
    asio::co_spawn(io, converse(bytes, std::move(enough), got), [&](std::exception_ptr problem) {
      done = true;
      if (problem) std::rethrow_exception(problem);
    });
    while (!done) io.run_one();
    return got;
  }

  std::string chat(const std::string& model, bool stream, const std::string& headers = {},
                   std::string enough = {}) {
    const Json body{{"model", model},
                    {"stream", stream},
                    {"stream_options", {{"include_usage", true}}},
                    {"messages", Json::array({{{"role", "user"}, {"content", "hi"}}})}};
    return talk("POST", "/v1/chat/completions", body.dump(), headers, std::move(enough));
  }
};

int status(const std::string& answer) {
  return answer.size() < 12 ? 0 : std::stoi(answer.substr(9, 3));
}

Json body(const std::string& answer) {
  return Json::parse(answer.substr(answer.find("\r\n\r\n") + 4));
}

bool has(std::string_view text, std::string_view what) {
  return text.find(what) != text.npos;
}

const std::string kClaude =
    R"({"model":"mock-large","max_tokens":50,"messages":[{"role":"user","content":"hi"}]})";

}  // namespace

TEST_CASE("a chat completion has OpenAI's shape and usage that adds up") {
  Theatre theatre;
  const auto answer = theatre.chat("mock-small", false);
  REQUIRE(status(answer) == 200);
  const auto json = body(answer);
  CHECK(json["object"] == "chat.completion");
  CHECK(json["choices"][0]["finish_reason"] == "stop");
  CHECK(json["usage"]["prompt_tokens"] == 5);
  CHECK(json["usage"]["completion_tokens"] == 12);
  CHECK(json["usage"]["total_tokens"] == 17);
  CHECK(has(answer, "x-request-id: req_"));
}

TEST_CASE("a stream has a role, a delta per token, a finish, the usage and the end") {
  Theatre theatre;
  const auto answer = theatre.chat("mock-small", true);
  CHECK(has(answer, "text/event-stream"));
  CHECK(has(answer, R"("delta":{"role":"assistant")"));
  CHECK(has(answer, R"("delta":{"content":"Hello"})"));
  CHECK(has(answer, R"("finish_reason":"stop")"));
  CHECK(has(answer, R"("choices":[],"usage":{"prompt_tokens":5,"completion_tokens":12)"));
  CHECK(has(answer, "data: [DONE]\n\n\r\n0\r\n\r\n"));
}

TEST_CASE("messages have Anthropic's shape, whole and streamed") {
  Theatre theatre;
  const auto whole = body(theatre.talk("POST", "/v1/messages", kClaude));
  CHECK(whole["type"] == "message");
  CHECK(whole["content"][0]["type"] == "text");
  CHECK(whole["stop_reason"] == "end_turn");
  CHECK(whole["usage"]["output_tokens"] == 12);
  auto streamed = Json::parse(kClaude);
  streamed["stream"] = true;
  const auto answer = theatre.talk("POST", "/v1/messages", streamed.dump());
  CHECK(has(answer, "event: message_start\ndata: {\"type\":\"message_start\""));
  CHECK(has(answer, R"("delta":{"type":"text_delta","text":"Hello"})"));
  CHECK(has(answer, "event: message_stop\n"));
}

TEST_CASE("tokens are counted for Anthropic's clients") {
  Theatre theatre;
  CHECK(body(theatre.talk("POST", "/v1/messages/count_tokens", kClaude))["input_tokens"] == 5);
}

TEST_CASE("a key over its limit gets 429 with the exact wait, and is let in again when it has passed") {
  Theatre theatre;
  const std::string key = "Authorization: Bearer poor\r\n";
  CHECK(has(theatre.chat("m", false, key), "x-ratelimit-remaining-requests: 1\r\n"));
  CHECK(status(theatre.chat("m", false, key)) == 200);
  theatre.clock.at += std::chrono::seconds(20);
  const auto refused = theatre.chat("m", false, key);
  CHECK(status(refused) == 429);
  CHECK(has(refused, "retry-after: 40\r\n"));
  CHECK(body(refused)["error"]["code"] == "rate_limit_exceeded");
  theatre.clock.at += std::chrono::seconds(40);
  CHECK(status(theatre.chat("m", false, key)) == 200);
}

TEST_CASE("dead keys and the key 'invalid' are 401 in the caller's dialect") {
  Theatre theatre;
  CHECK(body(theatre.chat("m", false, "Authorization: Bearer dead\r\n"))["error"]["code"] ==
        "invalid_api_key");
  const auto answer = theatre.talk("POST", "/v1/messages", kClaude, "x-api-key: invalid\r\n");
  CHECK(status(answer) == 401);
  CHECK(body(answer)["error"]["type"] == "authentication_error");
}

TEST_CASE("a model's name asks for a failure") {
  Theatre theatre;
  CHECK(status(theatre.chat("mock-error-503", false)) == 503);
  CHECK(has(theatre.chat("mock-429", true), "retry-after-ms: 1000\r\n"));
  CHECK(body(theatre.chat("mock-context", false))["error"]["code"] == "context_length_exceeded");
  CHECK(body(theatre.chat("mock-missing", false))["error"]["code"] == "model_not_found");
  CHECK(theatre.chat("mock-reset", true).empty());
}

TEST_CASE("a cut stream has some tokens, no finish and no end") {
  Theatre theatre;
  const auto answer = theatre.chat("mock-cut", true, "x-mock-after: 2\r\n");
  CHECK(has(answer, R"({"content":" from"})"));
  CHECK_FALSE(has(answer, R"({"content":" the"})"));
  CHECK_FALSE(has(answer, "\r\n0\r\n\r\n"));
}

TEST_CASE("a truncated stream ends cleanly without its terminal event") {
  Theatre theatre;
  const auto answer = theatre.chat("mock-truncated", true);
  CHECK(answer.ends_with("\r\n0\r\n\r\n"));
  CHECK_FALSE(has(answer, "[DONE]"));
}

TEST_CASE("a malformed frame and an error event come inside the stream") {
  Theatre theatre;
  CHECK(has(theatre.chat("mock-malformed", true), "{\"delta\":{\"content\n\n"));
  CHECK(has(theatre.chat("mock-error-event", true), "data: {\"error\":{\"message\""));
}

TEST_CASE("a stalled stream ends when its client leaves, and counts as in flight until then") {
  Theatre theatre;
  theatre.chat("mock-stall", true, "x-mock-after: 1\r\n", "Hello");
  const auto in_flight = [&] {
    return body(theatre.talk("GET", "/mock/stats"))["keys"]["(none)"]["in_flight"].get<int>();
  };
  while (in_flight() > 0) theatre.io.poll();
  CHECK(in_flight() == 0);
}

TEST_CASE("headers ask for trouble too, also on whole answers") {
  Theatre theatre;
  const auto answer = theatre.chat("m", false, "x-mock-act: cut\r\n");
  CHECK(status(answer) == 200);
  CHECK_FALSE(has(answer, "\r\n0\r\n\r\n"));
}

TEST_CASE("behaviour changes at run time, for one key or for all") {
  Theatre theatre;
  CHECK(status(theatre.talk("POST", "/mock/behaviour", R"({"key":"a","error_rate":1})")) == 200);
  CHECK(status(theatre.chat("m", false, "Authorization: Bearer a\r\n")) == 500);
  CHECK(status(theatre.chat("m", false)) == 200);
  CHECK(status(theatre.talk("POST", "/mock/behaviour", R"({"nonsense":1})")) == 400);
  CHECK(body(theatre.talk("GET", "/mock/behaviour"))["tokens"] == 12);
}

TEST_CASE("the statistics tell calls, the worst minute, models and statuses of each key") {
  Theatre theatre;
  for (int i = 0; i < 3; ++i) theatre.chat("m", false, "Authorization: Bearer poor\r\n");
  const auto page = body(theatre.talk("GET", "/mock/stats"))["keys"]["poor"];
  CHECK(page["calls"] == 3);
  CHECK(page["worst_60s"] == 3);
  CHECK(page["worst_served_60s"] == 2);
  CHECK(page["models"]["m"] == 2);
  CHECK(page["statuses"]["429"] == 1);
  theatre.talk("POST", "/mock/reset");
  CHECK(body(theatre.talk("GET", "/mock/stats"))["calls"] == 0);
}

TEST_CASE("what a provider saw is told without its keys") {
  Theatre theatre;
  theatre.chat("m", false, "Authorization: Bearer sk-secret-of-nobody-7890\r\n");
  const auto text = theatre.talk("GET", "/mock/seen");
  const auto keys = body(text)["keys"];
  const auto seen = std::find_if(keys.begin(), keys.end(), [](const Json& row) { return row["total"] == 1; });
  REQUIRE(seen != keys.end());
  CHECK((*seen)["key"] == "...7890");
  CHECK(text.find("secret") == std::string::npos);
}

TEST_CASE("bad input is 400 and unknown addresses are 404") {
  Theatre theatre;
  CHECK(status(theatre.talk("POST", "/v1/chat/completions", "{")) == 400);
  CHECK(status(theatre.talk("POST", "/v1/chat/completions", "[]")) == 400);
  CHECK(status(theatre.talk("POST", "/v1/embeddings", "nonsense")) == 400);
  CHECK(status(theatre.talk("POST", "/v1/nowhere", "{}")) == 404);
  CHECK(status(theatre.talk("GET", "/livez")) == 200);
  CHECK(body(theatre.talk("GET", "/v1/models"))["data"][0]["id"] == "mock-small");
}

TEST_CASE("embeddings have length one and are nearer for texts that share words") {
  Theatre theatre;
  const auto json = body(
      theatre.talk("POST", "/v1/embeddings", R"({"model":"e","input":["red house","red car","blue sky"]})"));
  const auto near = [&](int a, int b) {
    double sum = 0;
    for (int i = 0; i < 256; ++i)
      sum += json["data"][a]["embedding"][i].get<double>() * json["data"][b]["embedding"][i].get<double>();
    return sum;
  };
  CHECK(near(0, 0) == Approx(1).margin(1e-4));
  CHECK(near(0, 1) > near(0, 2));
  const auto packed = body(theatre.talk(
      "POST", "/v1/embeddings", R"({"model":"e","input":"x","encoding_format":"base64","dimensions":3})"));
  CHECK(packed["data"][0]["embedding"].get<std::string>().size() == 16);
}

TEST_CASE("a paced stream comes token by token") {
  Theatre theatre;
  const auto answer =
      theatre.chat("m", true, "x-mock-tps: 100000\r\nx-mock-tokens: 4\r\nx-mock-ttft-ms: 1\r\n");
  CHECK(has(answer, R"("completion_tokens":4)"));
  CHECK(has(answer, "[DONE]"));
}
