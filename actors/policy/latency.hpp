#pragma once
// How fast, how reliable and how dear a key has been lately.
#include <array>
#include <bitset>
#include <cstdint>
#include <optional>

#include "core/time.hpp"
#include "core/units.hpp"

namespace troupe::policy {

/// Exponentially weighted mean: each sample counts one tenth, the first one in full.
class Ewma {
 public:
  void add(double sample) { value_ = value_ ? *value_ + 0.1 * (sample - *value_) : sample; }
  std::optional<double> value() const { return value_; }

 private:
  std::optional<double> value_;
};

/// Peak-EWMA of Finagle and linkerd: jumps to a slower sample at once, forgets with a time constant of 10 s,
/// also while idle, so that a key that was slow is tried again.
class PeakEwma {
 public:
  void add(Duration sample, Time now);
  /// Milliseconds; nullopt before the first sample.
  std::optional<double> value(Time now) const;

 private:
  std::optional<double> value_;
  Time at_{};
};

/// Quantiles of the last five to ten minutes: logarithmic bucket counts (10 % wide, 1 ms to about 17 min) in
/// two halves, of which the older is dropped every five minutes. The answer is the upper edge of its bucket.
class QuantileSketch {
 public:
  void add(Duration sample, Time now);
  /// `q` in 0..1; nullopt without samples.
  std::optional<Duration> quantile(double q, Time now) const;
  std::uint64_t count(Time now) const;

 private:
  static constexpr std::size_t kBuckets = 147;
  using Half = std::array<std::uint32_t, kBuckets>;
  int stale_halves(Time now) const;

  Half young_{}, old_{};
  Time young_since_{};
};

/// Of the last 100 results.
class SuccessRatio {
 public:
  void add(bool success);
  /// 0..1; 1 before the first result.
  double value() const;
  std::size_t count() const { return count_; }

 private:
  static constexpr std::size_t kLast = 100;
  std::bitset<kLast> good_;
  std::size_t next_ = 0, count_ = 0;
};

struct Quantiles {
  std::optional<Duration> p50, p95, p99;
};

struct LatencyView {
  Quantiles first_token, total;
  std::optional<double> first_token_ewma_ms, first_token_peak_ms, total_ewma_ms;
  double success_ratio = 1;           ///< of the last 100 calls
  std::optional<Money> average_cost;  ///< of calls with a known price
};

/// Everything of the above for one key. Only successes count as latencies: a fast error is not a fast key.
class Latency {
 public:
  void add(bool success, std::optional<Duration> first_token, std::optional<Duration> total,
           std::optional<Money> cost, Time now);

  std::optional<double> first_token_ms() const { return first_token_.value(); }
  std::optional<double> first_token_peak_ms(Time now) const { return peak_.value(now); }
  /// As of at most a second before the last success: routers ask for it with every call.
  std::optional<Duration> first_token_p95() const { return p95_; }
  std::optional<double> total_ms() const { return total_.value(); }
  double success_ratio() const { return ratio_.value(); }
  std::optional<Money> average_cost() const;
  LatencyView view(Time now) const;

 private:
  Ewma first_token_, total_, cost_;
  PeakEwma peak_;
  QuantileSketch first_tokens_, totals_;
  std::optional<Duration> p95_;
  Time p95_due_ = Time::min();
  SuccessRatio ratio_;
};

}  // namespace troupe::policy
