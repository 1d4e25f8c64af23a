#include "actors/policy/latency.hpp"

#include <algorithm>
#include <cmath>

namespace troupe::policy {
namespace {

constexpr double kWidth = 1.1;  // of a bucket: its upper edge over its lower
constexpr Duration kHalf = std::chrono::minutes(5);
constexpr double kDecayMs = 10'000;

double millis(Duration span) {
  return static_cast<double>(span.count()) / 1e6;
}

std::size_t bucket_of(Duration sample, std::size_t count) {
  static const double kLogWidth = std::log(kWidth);
  const double ms = millis(sample);
  if (ms <= 1) return 0;
  return std::min(count - 1, static_cast<std::size_t>(std::ceil(std::log(ms) / kLogWidth)));
}

Duration upper_edge(std::size_t bucket) {
  return Duration(static_cast<std::int64_t>(std::pow(kWidth, static_cast<double>(bucket)) * 1e6));
}

}  // namespace

void PeakEwma::add(Duration sample, Time now) {
  const double ms = millis(sample);
  if (!value_ || ms > *value_) {
    value_ = ms;
  } else {
    const double keep = std::exp(-millis(now - at_) / kDecayMs);
    value_ = *value_ * keep + ms * (1 - keep);
  }
  at_ = now;
}

std::optional<double> PeakEwma::value(Time now) const {
  if (!value_) return std::nullopt;
  return *value_ * std::exp(-millis(now - at_) / kDecayMs);
}

int QuantileSketch::stale_halves(Time now) const {
  return static_cast<int>(std::clamp<std::int64_t>((now - young_since_) / kHalf, 0, 2));
}

void QuantileSketch::add(Duration sample, Time now) {
  if (const int stale = stale_halves(now)) {
    old_ = stale == 1 ? young_ : Half{};
    young_ = {};
    young_since_ = stale == 1 ? young_since_ + kHalf : now;
  }
  ++young_[bucket_of(sample, kBuckets)];
}

std::uint64_t QuantileSketch::count(Time now) const {
  const int stale = stale_halves(now);
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < kBuckets; ++i) {
    if (stale < 2) total += young_[i];
    if (stale < 1) total += old_[i];
  }
  return total;
}

std::optional<Duration> QuantileSketch::quantile(double q, Time now) const {
  const auto total = count(now);
  if (total == 0) return std::nullopt;
  const auto rank =
      std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(q * static_cast<double>(total))));
  const bool both = stale_halves(now) == 0;
  std::uint64_t passed = 0;
  for (std::size_t i = 0; i < kBuckets; ++i) {
    passed += young_[i] + (both ? old_[i] : 0);
    if (passed >= rank) return upper_edge(i);
  }
  return upper_edge(kBuckets - 1);
}

void SuccessRatio::add(bool success) {
  good_[next_] = success;
  next_ = (next_ + 1) % kLast;
  count_ = std::min(kLast, count_ + 1);
}

double SuccessRatio::value() const {
  return count_ == 0 ? 1 : static_cast<double>(good_.count()) / static_cast<double>(count_);
}

void Latency::add(bool success, std::optional<Duration> first_token, std::optional<Duration> total,
                  std::optional<Money> cost, Time now) {
  ratio_.add(success);
  if (!success) return;
  if (first_token) {
    first_token_.add(millis(*first_token));
    peak_.add(*first_token, now);
    first_tokens_.add(*first_token, now);
    if (now >= p95_due_) {
      p95_ = first_tokens_.quantile(0.95, now);
      p95_due_ = now + std::chrono::seconds(1);
    }
  }
  if (total) {
    total_.add(millis(*total));
    totals_.add(*total, now);
  }
  if (cost) cost_.add(static_cast<double>(cost->picos));
}

std::optional<Money> Latency::average_cost() const {
  if (!cost_.value()) return std::nullopt;
  return Money{std::llround(*cost_.value())};
}

LatencyView Latency::view(Time now) const {
  const auto quantiles = [now](const QuantileSketch& s) {
    return Quantiles{s.quantile(0.5, now), s.quantile(0.95, now), s.quantile(0.99, now)};
  };
  return {quantiles(first_tokens_), quantiles(totals_), first_token_.value(), peak_.value(now),
          total_.value(),           ratio_.value(),     average_cost()};
}

}  // namespace troupe::policy
