#include "gateway/providers/rate_limit_headers.hpp"

#include "gateway/providers/calendar.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::providers;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

WallTime at(std::string_view date) {
  return *parse_rfc3339(date);
}

LimitReport read(Headers headers) {
  return read_limits({200, std::move(headers)}, at("2026-08-19T14:39:00Z"));
}

}  // namespace

TEST_CASE("spans are read in every unit that providers use") {
  CHECK(parse_span("6ms") == milliseconds(6));
  CHECK(parse_span("0s") == milliseconds(0));
  CHECK(parse_span("1.2s") == milliseconds(1200));
  CHECK(parse_span("6m0s") == seconds(360));
  CHECK(parse_span("17m16.8s") == milliseconds(1036800));
  CHECK(parse_span("24h6m34s") == seconds(86794));
  CHECK(parse_span("48") == seconds(48));
  CHECK(parse_span("0.5") == milliseconds(500));
  for (const auto* bad : {"", "s", "5x", "-1s", "1s2", "inf", "nan", "1e9", "99999999999999h"}) {
    INFO(bad);
    CHECK_FALSE(parse_span(bad));
  }
}

TEST_CASE("OpenAI counts requests by the minute") {
  const auto report = read({{"x-ratelimit-limit-requests", "10000"},
                            {"x-ratelimit-remaining-requests", "9999"},
                            {"x-ratelimit-reset-requests", "6ms"},
                            {"x-ratelimit-limit-tokens", "200000"},
                            {"x-ratelimit-remaining-tokens", "199000"},
                            {"x-ratelimit-reset-tokens", "1m0s"}});
  CHECK(report.requests_minute.limit == 10000);
  CHECK(report.requests_minute.remaining == 9999);
  CHECK(report.requests_minute.reset == milliseconds(6));
  CHECK(report.tokens_minute.remaining == 199000);
  CHECK(report.tokens_minute.reset == seconds(60));
  CHECK_FALSE(report.requests_day.limit);
}

TEST_CASE("Groq counts requests by the day, and so does any window that refills in one") {
  const auto groq = read({{"x-groq-region", "yul"},
                          {"x-ratelimit-limit-requests", "1000"},
                          {"x-ratelimit-remaining-requests", "998"}});
  CHECK(groq.requests_day.limit == 1000);
  CHECK_FALSE(groq.requests_minute.limit);
  const auto slow = read({{"x-ratelimit-limit-requests", "1000"},
                          {"x-ratelimit-remaining-requests", "998"},
                          {"x-ratelimit-reset-requests", "2m52.8s"}});
  CHECK(slow.requests_day.remaining == 998);
  CHECK(slow.requests_day.reset == milliseconds(172800));
  CHECK_FALSE(slow.requests_minute.limit);
}

TEST_CASE("Anthropic gives dates, and its own split of tokens") {
  const auto report = read({{"anthropic-ratelimit-requests-limit", "50"},
                            {"anthropic-ratelimit-requests-remaining", "49"},
                            {"anthropic-ratelimit-requests-reset", "2026-08-19T14:39:18Z"},
                            {"anthropic-ratelimit-input-tokens-remaining", "30000"},
                            {"anthropic-ratelimit-output-tokens-limit", "8000"},
                            {"anthropic-ratelimit-tokens-reset", "2026-08-19T14:38:00Z"},
                            {"retry-after", "24"}});
  CHECK(report.requests_minute.limit == 50);
  CHECK(report.requests_minute.reset == seconds(18));
  CHECK(report.input_tokens_minute.remaining == 30000);
  CHECK(report.output_tokens_minute.limit == 8000);
  CHECK(report.tokens_minute.reset == seconds(0));
  CHECK(report.retry_after == seconds(24));
}

TEST_CASE("the other spellings: Azure, Mistral, Cerebras, Together, xAI") {
  CHECK(read({{"x-ratelimit-limit-requests", "250"},
              {"x-ratelimit-remaining-requests", "249"},
              {"x-ratelimit-reset-requests", "1"}})
            .requests_minute.reset == seconds(1));
  const auto mistral =
      read({{"x-ratelimit-limit-req-minute", "60"}, {"x-ratelimit-remaining-tokens-minute", "97292"}});
  CHECK(mistral.requests_minute.limit == 60);
  CHECK(mistral.tokens_minute.remaining == 97292);
  CHECK(read({{"ratelimitbysize-limit", "500000"}, {"ratelimitbysize-reset", "33"}}).tokens_minute.reset ==
        seconds(33));
  const auto cerebras =
      read({{"x-ratelimit-limit-requests-day", "14400"}, {"x-ratelimit-reset-tokens-minute", "12.5"}});
  CHECK(cerebras.requests_day.limit == 14400);
  CHECK(cerebras.tokens_minute.reset == milliseconds(12500));
  CHECK(read({{"x-ratelimit-limit", "2"}, {"x-ratelimit-remaining", "0"}}).requests_minute.limit == 120);
  CHECK(read({{"x-ratelimit-limit-requests", "1800"}}).requests_minute.limit == 1800);
}

TEST_CASE("headers that make no sense say nothing") {
  const auto report = read({{"x-ratelimit-limit-requests", "many"},
                            {"x-ratelimit-remaining-tokens", "-5"},
                            {"x-ratelimit-reset-tokens", "soon"},
                            {"retry-after", "later"}});
  CHECK_FALSE(report.requests_minute.limit);
  CHECK_FALSE(report.tokens_minute.remaining);
  CHECK_FALSE(report.tokens_minute.reset);
  CHECK_FALSE(report.retry_after);
}

TEST_CASE("dates are read in both forms") {
  CHECK(parse_http_date("Wed, 19 Aug 2026 14:39:18 GMT") == at("2026-08-19T14:39:18Z"));
  CHECK(parse_rfc3339("2026-08-19T16:39:18.250+02:00") == at("2026-08-19T14:39:18Z") + milliseconds(250));
  for (const auto* bad : {"", "Wed", "Wed, 32 Aug 2026 14:39:18 GMT", "Wed, 19 Foo 2026 14:39:18 GMT",
                          "2026-13-01T00:00:00Z", "2026-08-19T14:39:18", "2026-08-19T14:39:18+02"}) {
    INFO(bad);
    CHECK_FALSE(parse_http_date(bad));
    CHECK_FALSE(parse_rfc3339(bad));
  }
}
