#include "gateway/api/answer.hpp"

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::api;

TEST_CASE("retry-after is rounded up, in seconds and in milliseconds, and never zero") {
  std::string out;
  append_retry_after(out, std::chrono::microseconds(1'000'001));
  CHECK(out == "retry-after: 2\r\nretry-after-ms: 1001\r\n");
  out.clear();
  append_retry_after(out, Duration::zero());
  CHECK(out == "retry-after: 1\r\nretry-after-ms: 1\r\n");
}

TEST_CASE("what is left of a limit is told as OpenAI tells it") {
  std::string out;
  append_rate_limit(out, "requests", 60, 59, std::chrono::microseconds(119'500));
  CHECK(out ==
        "x-ratelimit-limit-requests: 60\r\nx-ratelimit-remaining-requests: 59\r\n"
        "x-ratelimit-reset-requests: 120ms\r\n");
}

TEST_CASE("what is left of a limit is told to Anthropic's clients as Anthropic tells it") {
  std::string out;
  const WallTime reset(std::chrono::seconds(1'779'202'781) + std::chrono::milliseconds(200));
  append_anthropic_limit(out, "tokens", 1000, -5, reset);
  CHECK(out ==
        "anthropic-ratelimit-tokens-limit: 1000\r\nanthropic-ratelimit-tokens-remaining: 0\r\n"
        "anthropic-ratelimit-tokens-reset: 2026-05-19T14:59:42Z\r\n");
}

TEST_CASE("a span is written in milliseconds below a second, else in whole units, rounded up") {
  const auto text = [](Duration span) {
    std::string out;
    append_span(out, span);
    return out;
  };
  CHECK(text(Duration::zero()) == "0ms");
  CHECK(text(std::chrono::microseconds(999'500)) == "1s");
  CHECK(text(std::chrono::milliseconds(5'001)) == "6s");
  CHECK(text(std::chrono::seconds(63)) == "1m3s");
  CHECK(text(std::chrono::seconds(86'340)) == "23h59m0s");
}

TEST_CASE("the route headers name who answered, and the cost only where it is known") {
  std::string out;
  append_route(out, {"req_1", "node-1", "openai", "gpt-4o", "primary-key", "fallback:1", 2,
                     std::chrono::microseconds(1500), Money{1'500'000}});
  CHECK(out.find("x-request-id: req_1\r\n") != std::string::npos);
  CHECK(out.find("x-troupe-provider: openai\r\nx-troupe-model: gpt-4o\r\nx-troupe-key: "
                 "primary-key\r\nx-troupe-route: fallback:1\r\n") != std::string::npos);
  CHECK(out.find("x-troupe-attempts: 2\r\n") != std::string::npos);
  CHECK(out.find("x-troupe-overhead-ms: 1.500\r\n") != std::string::npos);
  CHECK(out.find("x-troupe-cost-usd: 0.0000015\r\n") != std::string::npos);
  out.clear();
  append_route(out, {"req_2", "node-1", {}, {}, {}, {}, 0, Duration::zero(), std::nullopt});
  CHECK(out.find("x-troupe-provider") == std::string::npos);
  CHECK(out.find("x-troupe-cost-usd") == std::string::npos);
}

TEST_CASE("a status line has its words and a date") {
  std::string out;
  append_status(out, 429, "Sat, 21 Nov 2026 05:00:00 GMT");
  append_length(out, 12);
  CHECK(out ==
        "HTTP/1.1 429 Too Many Requests\r\ndate: Sat, 21 Nov 2026 05:00:00 GMT\r\ncontent-length: 12\r\n");
}
