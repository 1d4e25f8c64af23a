#pragma once
// Numbers that one thread writes and any thread reads: plain loads and stores, no locked instruction. A
// reader may see a histogram's count a moment before its sum, which Prometheus tolerates.
#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstdint>

namespace troupe::admin {

/// Only grows, except that gauges are the difference of two counters.
class Counter {
 public:
  using Plain = std::uint64_t;
  void add(std::uint64_t n = 1) { value_.store(value() + n, std::memory_order_relaxed); }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }
  void add_to(Plain& out) const { out += value(); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

/// Signed sum, for money in pico-dollars.
class Sum {
 public:
  void add(std::int64_t n) { value_.store(value() + n, std::memory_order_relaxed); }
  std::int64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::int64_t> value_{0};
};

/// What a histogram holds, merged: `counts[i]` observations at or below bound i and above bound i-1; the last
/// is above all bounds.
template <std::size_t N>
struct HistogramData {
  std::array<std::uint64_t, N + 1> counts{};
  double sum = 0;
};

/// Upper bounds are a constant of the type.
template <const auto& Bounds>
class Histogram {
 public:
  static constexpr const auto& bounds = Bounds;
  using Plain = HistogramData<Bounds.size()>;

  void observe(double value) {
    const auto at = std::lower_bound(Bounds.begin(), Bounds.end(), value) - Bounds.begin();
    counts_[static_cast<std::size_t>(at)].add();
    sum_.store(sum_.load(std::memory_order_relaxed) + value, std::memory_order_relaxed);
  }
  void add_to(Plain& out) const {
    for (std::size_t i = 0; i < counts_.size(); ++i) out.counts[i] += counts_[i].value();
    out.sum += sum_.load(std::memory_order_relaxed);
  }

 private:
  std::array<Counter, Bounds.size() + 1> counts_;
  std::atomic<double> sum_{0};
};

/// Times in buckets that grow by 15 %: a quantile is right within 8 %, from 0.1 ms to 15 minutes. Differences
/// of two readings give the quantiles of the time between them.
class Sketch {
 public:
  static constexpr std::size_t kBuckets = 116;
  using Plain = std::array<std::uint64_t, kBuckets>;

  void observe_ms(double millis) { counts_[bucket(millis)].add(); }
  void add_to(Plain& out) const {
    for (std::size_t i = 0; i < kBuckets; ++i) out[i] += counts_[i].value();
  }

  /// The middle of bucket `i` in milliseconds.
  static double middle_ms(std::size_t i) { return 0.1 * std::pow(1.15, static_cast<double>(i) - 0.5); }

 private:
  static std::size_t bucket(double millis) {
    if (!(millis > 0.1)) return 0;
    const double at = std::ceil(std::log(millis / 0.1) / std::log(1.15));
    return static_cast<std::size_t>(std::min(at, static_cast<double>(kBuckets - 1)));
  }
  std::array<Counter, kBuckets> counts_;
};

}  // namespace troupe::admin
