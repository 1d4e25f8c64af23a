#include "gateway/dialects/time_text.hpp"

#include <fmt/format.h>
#include <charconv>
#include <chrono>
#include <optional>

namespace troupe::dialects {
namespace {

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t size) {
  int value = 0;
  if (text.size() < at + size) return std::nullopt;
  const auto* end = text.data() + at + size;
  const auto read = std::from_chars(text.data() + at, end, value);
  return read.ec == std::errc{} && read.ptr == end && value >= 0 ? std::optional(value) : std::nullopt;
}

}  // namespace

std::int64_t read_time(std::string_view text) {
  const auto year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
  const auto hour = digits(text, 11, 2), minute = digits(text, 14, 2), second = digits(text, 17, 2);
  if (!year || !month || !day || !hour || !minute || !second) return 0;
  const auto date = std::chrono::year(*year) / *month / *day;
  if (!date.ok()) return 0;
  const auto days = std::chrono::sys_days(date).time_since_epoch();
  return std::chrono::seconds(days).count() + *hour * 3600 + *minute * 60 + *second;
}

std::string write_time(std::int64_t seconds) {
  constexpr std::int64_t kDay = 86'400, kYear9999 = 253'402'300'799;
  if (seconds <= 0 || seconds > kYear9999) return {};
  const std::chrono::sys_days day{std::chrono::days(seconds / kDay)};
  const std::chrono::year_month_day date(day);
  const auto rest = seconds % kDay;
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), rest / 3600,
                     rest / 60 % 60, rest % 60);
}

}  // namespace troupe::dialects
