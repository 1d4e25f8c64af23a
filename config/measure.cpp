#include "config/measure.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>

namespace troupe::config {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t scale;
};

constexpr std::int64_t kSecond = 1'000'000'000;
// Largest last: format_* walks backwards and takes the first that divides.
constexpr std::array kDurations{
    Unit{"ns", 1},           Unit{"us", 1'000},         Unit{"ms", 1'000'000},     Unit{"s", kSecond},
    Unit{"m", 60 * kSecond}, Unit{"h", 3600 * kSecond}, Unit{"d", 86400 * kSecond}};
constexpr std::array kSizes{Unit{"B", 1},
                            Unit{"kB", 1'000},
                            Unit{"KB", 1'000},
                            Unit{"KiB", 1LL << 10},
                            Unit{"MB", 1'000'000},
                            Unit{"MiB", 1LL << 20},
                            Unit{"GB", 1'000'000'000},
                            Unit{"GiB", 1LL << 30},
                            Unit{"TB", 1'000'000'000'000},
                            Unit{"TiB", 1LL << 40}};

bool digit(char c) {
  return c >= '0' && c <= '9';
}

/// Digits only; nullopt when it overflows or holds anything else.
std::optional<std::int64_t> natural(std::string_view digits) {
  std::int64_t total = 0;
  for (const char c : digits) {
    const bool fits = digit(c) && !__builtin_mul_overflow(total, 10, &total) &&
                      !__builtin_add_overflow(total, c - '0', &total);
    if (!fits) return std::nullopt;
  }
  return total;
}

/// The part behind the point, times `scale`; nullopt when that is no whole number.
std::optional<std::int64_t> fraction(std::string_view digits, std::int64_t scale) {
  while (!digits.empty() && digits.back() == '0') digits.remove_suffix(1);
  const auto part = natural(digits);
  std::int64_t scaled = 0;
  if (digits.size() > 18 || !part || __builtin_mul_overflow(*part, scale, &scaled)) return std::nullopt;
  for (std::size_t at = 0; at < digits.size(); ++at) {
    if (scaled % 10 != 0) return std::nullopt;
    scaled /= 10;
  }
  return scaled;
}

/// `digits[.digits]` times `scale`, exactly; nullopt when it is no such number, is not whole, or overflows.
std::optional<std::int64_t> scaled(std::string_view number, std::int64_t scale) {
  const auto dot = number.find('.');
  if (number.empty() || dot == 0 || dot + 1 == number.size()) return std::nullopt;
  const auto whole = natural(number.substr(0, dot));
  const auto part = fraction(dot == std::string_view::npos ? "" : number.substr(dot + 1), scale);
  std::int64_t total = 0;
  const bool fits = whole && part && !__builtin_mul_overflow(*whole, scale, &total) &&
                    !__builtin_add_overflow(total, *part, &total);
  return fits ? std::optional(total) : std::nullopt;
}

template <std::size_t N>
std::optional<std::int64_t> measured(std::string_view text, const std::array<Unit, N>& units) {
  const auto end = std::find_if(text.begin(), text.end(), [](char c) { return !digit(c) && c != '.'; });
  const auto split = static_cast<std::size_t>(end - text.begin());
  for (const auto& unit : units) {
    if (text.substr(split) == unit.name) return scaled(text.substr(0, split), unit.scale);
  }
  return std::nullopt;
}

}  // namespace

std::optional<Duration> parse_duration(std::string_view text) {
  const auto nanos = measured(text, kDurations);
  if (!nanos) return std::nullopt;
  return Duration(*nanos);
}

std::string format_duration(Duration span) {
  if (span.count() == 0) return "0s";
  for (auto unit = kDurations.rbegin(); unit != kDurations.rend(); ++unit) {
    if (span.count() % unit->scale == 0) return fmt::format("{}{}", span.count() / unit->scale, unit->name);
  }
  return fmt::format("{}ns", span.count());
}

std::optional<std::int64_t> parse_size(std::string_view text) {
  return measured(text, kSizes);
}

std::string format_size(std::int64_t bytes) {
  for (const auto& unit : {kSizes[9], kSizes[7], kSizes[5], kSizes[3]}) {
    if (bytes != 0 && bytes % unit.scale == 0) return fmt::format("{}{}", bytes / unit.scale, unit.name);
  }
  return fmt::format("{}B", bytes);
}

std::optional<Ppm> parse_ppm(std::string_view text) {
  static constexpr std::string_view kUnit = "ppm";
  if (!text.ends_with(kUnit) || text.size() == kUnit.size()) return std::nullopt;
  const auto parts = natural(text.substr(0, text.size() - kUnit.size()));
  return parts ? std::optional(Ppm{*parts}) : std::nullopt;
}

std::string format_ppm(Ppm rate) {
  return fmt::format("{}ppm", rate.parts);
}

std::optional<double> parse_real(std::string_view text) {
  const bool plain = !text.empty() && text.size() <= 32 && std::any_of(text.begin(), text.end(), digit) &&
                     std::all_of(text.begin(), text.end(),
                                 [](char c) { return digit(c) || c == '.' || c == '-' || c == '+'; });
  if (!plain) return std::nullopt;
  const std::string copy(text);
  char* end = nullptr;
  const double number = std::strtod(copy.c_str(), &end);
  if (end != copy.c_str() + copy.size()) return std::nullopt;
  return number;
}

std::string format_real(double number) {
  return fmt::format("{:.10g}", number);
}

std::optional<double> parse_share(std::string_view text) {
  if (text.empty() || text.back() != '%') return parse_real(text);
  const auto percent = parse_real(text.substr(0, text.size() - 1));
  if (!percent) return std::nullopt;
  return *percent / 100;
}

std::string format_share(double share) {
  return fmt::format("{:.10g}%", share * 100);
}

std::optional<std::int64_t> parse_whole(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<bool> parse_flag(std::string_view text) {
  if (text == "true" || text == "on" || text == "yes") return true;
  if (text == "false" || text == "off" || text == "no") return false;
  return std::nullopt;
}

std::optional<Money> parse_price(std::string_view text) {
  if (!text.empty() && text.front() == '$') text.remove_prefix(1);
  static constexpr std::string_view kUnit = "/Mtok";
  if (text.size() <= kUnit.size() || text.substr(text.size() - kUnit.size()) != kUnit) return std::nullopt;
  // A dollar per million tokens is a million pico-dollars per token.
  const auto picos = scaled(text.substr(0, text.size() - kUnit.size()), 1'000'000);
  if (!picos) return std::nullopt;
  return Money{*picos};
}

std::string format_price(Money per_token) {
  auto number = fmt::format("{}.{:06}", per_token.picos / 1'000'000, per_token.picos % 1'000'000);
  while (number.back() == '0') number.pop_back();
  if (number.back() == '.') number.pop_back();
  return number + "/Mtok";
}

std::optional<WallTime> parse_moment(std::string_view text) {
  // 0123-56-89T12:45:78Z
  const bool whole = text.size() == 20;
  if (!whole && text.size() != 10) return std::nullopt;
  const auto number = [&](std::size_t at, std::size_t digits) {
    int value = -1;
    const auto* end = text.data() + at + digits;
    const auto read = std::from_chars(text.data() + at, end, value);
    return read.ec == std::errc{} && read.ptr == end && value >= 0 ? value : -1;
  };
  if (text[4] != '-' || text[7] != '-') return std::nullopt;
  const std::chrono::year_month_day day{std::chrono::year(number(0, 4)),
                                        std::chrono::month(static_cast<unsigned>(number(5, 2))),
                                        std::chrono::day(static_cast<unsigned>(number(8, 2)))};
  if (!day.ok() || number(0, 4) < 1970 || number(0, 4) > 2200) return std::nullopt;
  WallTime at = std::chrono::sys_days(day);
  if (!whole) return at;
  if (text[10] != 'T' || text[13] != ':' || text[16] != ':' || text[19] != 'Z') return std::nullopt;
  const int hour = number(11, 2), minute = number(14, 2), second = number(17, 2);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return std::nullopt;
  return at + std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::seconds(second);
}

std::string format_moment(WallTime at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  auto out = fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                         static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  const auto rest = std::chrono::duration_cast<std::chrono::seconds>(at - day).count();
  if (rest != 0) out += fmt::format("T{:02}:{:02}:{:02}Z", rest / 3600, rest / 60 % 60, rest % 60);
  return out;
}

}  // namespace troupe::config
