#include "gateway/providers/calendar.hpp"

#include <charconv>

namespace troupe::providers {
namespace {

/// Takes digits and literals off the front of a text; `ok` falls when something does not fit.
struct Cursor {
  std::string_view text;
  bool ok = true;

  int digits(std::size_t size) {
    int number = 0;
    const auto part = text.substr(0, size);
    const auto* end = part.data() + part.size();
    const auto [at, error] = std::from_chars(part.data(), end, number);
    ok = ok && part.size() == size && error == std::errc{} && at == end && number >= 0;
    text.remove_prefix(part.size());
    return number;
  }
  void literal(std::string_view wanted) {
    ok = ok && text.substr(0, wanted.size()) == wanted;
    text.remove_prefix(std::min(wanted.size(), text.size()));
  }
};

std::optional<WallTime> instant(int year, int month, int day, int hour, int minute, int second) {
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok() || year < 1970 || year > 2200 || hour > 23 || minute > 59 || second > 60)
    return std::nullopt;
  return WallTime(std::chrono::sys_days(date).time_since_epoch()) + std::chrono::hours(hour) +
         std::chrono::minutes(minute) + std::chrono::seconds(second);
}

Duration fraction(Cursor& at) {
  if (at.text.empty() || at.text.front() != '.') return Duration{0};
  at.text.remove_prefix(1);
  Duration sum{0}, unit = std::chrono::milliseconds(100);
  while (!at.text.empty() && at.text.front() >= '0' && at.text.front() <= '9') {
    sum += unit * (at.text.front() - '0');
    unit /= 10;
    at.text.remove_prefix(1);
  }
  return sum;
}

}  // namespace

std::optional<WallTime> parse_rfc3339(std::string_view text) {
  Cursor at{text};
  const int year = at.digits(4);
  at.literal("-");
  const int month = at.digits(2);
  at.literal("-");
  const int day = at.digits(2);
  at.literal("T");
  const int hour = at.digits(2);
  at.literal(":");
  const int minute = at.digits(2);
  at.literal(":");
  const int second = at.digits(2);
  if (!at.ok) return std::nullopt;
  const auto parts = fraction(at);
  auto offset = std::chrono::minutes(0);
  if (at.text != "Z" && at.text != "z") {
    const int sign = at.text.substr(0, 1) == "-" ? -1 : 1;
    at.literal(sign < 0 ? "-" : "+");
    const int hours = at.digits(2);
    at.literal(":");
    offset = sign * (std::chrono::hours(hours) + std::chrono::minutes(at.digits(2)));
    if (!at.ok || !at.text.empty()) return std::nullopt;
  }
  const auto whole = instant(year, month, day, hour, minute, second);
  return whole ? std::optional(*whole + parts - offset) : std::nullopt;
}

std::optional<WallTime> parse_http_date(std::string_view text) {
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  Cursor at{text.substr(std::min<std::size_t>(3, text.size()))};
  at.literal(", ");
  const int day = at.digits(2);
  at.literal(" ");
  const auto month = kMonths.find(at.text.substr(0, 3));
  at.text.remove_prefix(std::min<std::size_t>(3, at.text.size()));
  at.literal(" ");
  const int year = at.digits(4);
  at.literal(" ");
  const int hour = at.digits(2);
  at.literal(":");
  const int minute = at.digits(2);
  at.literal(":");
  const int second = at.digits(2);
  at.literal(" GMT");
  if (!at.ok || !at.text.empty() || month == kMonths.npos || month % 3 != 0) return std::nullopt;
  return instant(year, static_cast<int>(month / 3) + 1, day, hour, minute, second);
}

}  // namespace troupe::providers
