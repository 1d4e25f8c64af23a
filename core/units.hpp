#pragma once
// Quantities that must not be mixed up, and money that is never a double.
#include <compare>
#include <cstdint>
#include <optional>
#include <string>

namespace troupe {

/// A count of model tokens. Never negative in a settled usage.
struct Tokens {
  std::int64_t count = 0;
  friend constexpr auto operator<=>(Tokens, Tokens) = default;
  friend constexpr Tokens operator+(Tokens a, Tokens b) { return {a.count + b.count}; }
  friend constexpr Tokens operator-(Tokens a, Tokens b) { return {a.count - b.count}; }
  constexpr Tokens& operator+=(Tokens o) {
    count += o.count;
    return *this;
  }
};

/// US dollars as an integer of pico-dollars (1e-12): one cached token of the cheapest model is still a whole
/// number. Range: 9.2 million dollars either way.
struct Money {
  std::int64_t picos = 0;
  friend constexpr auto operator<=>(Money, Money) = default;
  friend constexpr Money operator+(Money a, Money b) { return {a.picos + b.picos}; }
  friend constexpr Money operator-(Money a, Money b) { return {a.picos - b.picos}; }
  friend constexpr Money operator*(Money price, Tokens n) { return {price.picos * n.count}; }
  constexpr Money& operator+=(Money o) {
    picos += o.picos;
    return *this;
  }
  /// Whole micro-dollars, rounded up so that a cost is never understated.
  constexpr std::int64_t micros_up() const { return (picos + 999'999) / 1'000'000; }
  /// For metrics and display only.
  constexpr double dollars() const { return static_cast<double>(picos) * 1e-12; }
};

/// A configured or catalogue price or cap in dollars; rounds to the nearest pico-dollar.
Money from_dollars(double dollars);

/// "0.000123" (dollars, six to twelve decimals as needed, no trailing zeros beyond six).
std::string format_dollars(Money money);

/// What one call used, in OpenAI's sense: `input` includes cached reads and writes, `output` includes
/// reasoning. `estimated` is true when the provider gave no figures and ours stand in.
struct Usage {
  Tokens input, output, cached_read, cached_write, reasoning;
  /// The part of `cached_write` with a one-hour lifetime (Anthropic prices it at twice the input price).
  Tokens cached_write_1h;
  bool estimated = false;
  friend constexpr bool operator==(const Usage&, const Usage&) = default;
};

}  // namespace troupe
