#include "gateway/providers/rate_limit_headers.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "gateway/providers/calendar.hpp"

namespace troupe::providers {
namespace {

using Window = LimitReport::Window;
using std::chrono::hours;
using std::chrono::seconds;

std::optional<std::int64_t> count(std::string_view text) {
  double number = 0;
  const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  // Together and Mistral write whole numbers with decimals at times.
  if (error != std::errc{} || at != text.data() + text.size() || number < 0 || number > 1e15)
    return std::nullopt;
  return static_cast<std::int64_t>(number);
}

/// Where a header's value goes.
enum class Field : std::uint8_t { limit, remaining, reset };

void set(Window& window, Field field, std::string_view value, WallTime wall) {
  switch (field) {
    case Field::limit:
      window.limit = count(value);
      return;
    case Field::remaining:
      window.remaining = count(value);
      return;
    case Field::reset:
      window.reset = parse_span(value);
      if (const auto date = parse_rfc3339(value))
        window.reset = std::max(Duration{0}, Duration(*date - wall));
      return;
  }
}

struct Row {
  std::string_view name;
  Window LimitReport::*window;
  Field field;
};

#define TROUPE_ROWS(before, after, window)                                         \
  Row{before "limit" after, &LimitReport::window, Field::limit},                   \
      Row{before "remaining" after, &LimitReport::window, Field::remaining}, Row { \
    before "reset" after, &LimitReport::window, Field::reset                       \
  }
#define TROUPE_ANTHROPIC(what, window)                                                             \
  Row{"anthropic-ratelimit-" what "-limit", &LimitReport::window, Field::limit},                   \
      Row{"anthropic-ratelimit-" what "-remaining", &LimitReport::window, Field::remaining}, Row { \
    "anthropic-ratelimit-" what "-reset", &LimitReport::window, Field::reset                       \
  }

constexpr std::array kRows{
    TROUPE_ROWS("x-ratelimit-", "-requests", requests_minute),
    TROUPE_ROWS("x-ratelimit-", "-tokens", tokens_minute),
    TROUPE_ROWS("x-ratelimit-", "-req-minute", requests_minute),
    TROUPE_ROWS("x-ratelimit-", "-tokens-minute", tokens_minute),
    TROUPE_ROWS("x-ratelimit-", "-requests-minute", requests_minute),
    TROUPE_ROWS("x-ratelimit-", "-requests-day", requests_day),
    TROUPE_ROWS("x-ratelimit-", "-tokens-day", tokens_day),
    TROUPE_ROWS("ratelimitbysize-", "", tokens_minute),
    TROUPE_ROWS("x-ratelimitbysize-", "-minute", tokens_minute),
    TROUPE_ANTHROPIC("requests", requests_minute),
    TROUPE_ANTHROPIC("tokens", tokens_minute),
    TROUPE_ANTHROPIC("input-tokens", input_tokens_minute),
    TROUPE_ANTHROPIC("output-tokens", output_tokens_minute),
};

/// A window that refills evenly tells its length: what was used comes back within `reset`, or a little less
/// when some of it came back already.
bool refills_in_a_day(const Window& window) {
  if (!window.limit || !window.remaining || !window.reset || *window.limit <= *window.remaining) return false;
  const auto used = static_cast<double>(*window.limit - *window.remaining);
  const auto length =
      std::chrono::duration<double>(*window.reset).count() * static_cast<double>(*window.limit) / used;
  return length > 43200 && length < 88200;
}

/// OpenAI's names for requests mean a minute there and a day at Groq (and on OpenAI's free tier).
void sort_out_days(LimitReport& report, const AnswerHead& head) {
  auto& minute = report.requests_minute;
  if (head.find("x-ratelimit-limit-requests").empty()) return;
  const bool groq = !head.find("x-groq-region").empty();
  const bool far = minute.reset && *minute.reset > hours(1);
  if (!groq && !far && !refills_in_a_day(minute)) return;
  report.requests_day = minute;
  minute = {};
}

}  // namespace

LimitReport read_limits(const AnswerHead& head, WallTime wall) {
  LimitReport report;
  for (const auto& [name, value] : head.headers) {
    if (name.find("ratelimit") == std::string::npos) continue;
    for (const auto& row : kRows) {
      if (row.name == name) set(report.*row.window, row.field, value, wall);
    }
  }
  // Together: requests per second, without a unit in the name. Its second is over before anyone can use the
  // rest.
  if (const auto limit = count(head.find("x-ratelimit-limit")); limit && !report.requests_minute.limit) {
    report.requests_minute.limit = *limit * 60;
  }
  sort_out_days(report, head);
  report.retry_after = read_retry_after(head, wall);
  return report;
}

std::optional<Duration> read_retry_after(const AnswerHead& head, std::optional<WallTime> wall) {
  std::optional<Duration> wait;
  if (const auto text = head.find("retry-after-ms"); !text.empty()) {
    if (auto span = parse_span(text)) wait = *span / 1000;
  } else if (const auto after = head.find("retry-after"); !after.empty()) {
    wait = parse_span(after);
    const auto date = wait ? std::nullopt : parse_http_date(after);
    if (date && wall) wait = *date - *wall;
  }
  return wait && *wait > Duration{0} ? wait : std::nullopt;
}

std::optional<Duration> parse_span(std::string_view text) {
  struct Unit {
    std::string_view name;
    double seconds;
  };
  static constexpr std::array<Unit, 8> units{{{"ms", 1e-3},
                                              {"us", 1e-6},
                                              {"\xC2\xB5s", 1e-6},
                                              {"ns", 1e-9},
                                              {"h", 3600},
                                              {"m", 60},
                                              {"s", 1},
                                              {"d", 86400}}};
  double total = 0;
  bool bare = true;
  if (text.empty()) return std::nullopt;
  while (!text.empty()) {
    double number = 0;
    const auto [at, error] =
        std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    if (error != std::errc{} || !(number >= 0)) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(at - text.data()));
    if (text.empty() && bare)
      return number < 1e9 ? std::optional(Duration(std::llround(number * 1e9))) : std::nullopt;
    const Unit* unit = nullptr;
    for (const auto& candidate : units) {
      if (!unit && text.substr(0, candidate.name.size()) == candidate.name) unit = &candidate;
    }
    if (!unit) return std::nullopt;
    total += number * unit->seconds;
    text.remove_prefix(unit->name.size());
    bare = false;
  }
  if (!(total < 1e9)) return std::nullopt;
  return Duration(std::llround(total * 1e9));
}

}  // namespace troupe::providers
