#pragma once
// Rates from counters: what happened between two readings.
#include <deque>
#include <optional>

#include "core/time.hpp"
#include "gateway/admin/shard.hpp"

namespace troupe::admin {

struct Rates {
  double requests_per_s = 0, failed_ratio = 0, tokens_in_per_s = 0, tokens_out_per_s = 0, usd_per_h = 0;
  std::optional<double> first_token_p50_ms, first_token_p99_ms;  ///< nullopt: none in the window
};

/// The time below which a share `q` of the observations lies; nullopt without any.
std::optional<double> quantile_ms(const Sketch::Plain& sketch, double q);

/// Keeps a reading per second of the last minute. Rates are over the last 10 s, quantiles and the failed
/// ratio over the last minute; less where less is known.
class Pulse {
 public:
  static constexpr Duration kRates = std::chrono::seconds(10), kQuantiles = std::chrono::seconds(60);
  /// Takes a reading; one that comes less than 900 ms after the last one replaces nothing and is not kept.
  void read(Time now, const Totals& totals);
  /// Between kept readings and `totals`.
  Rates rates(Time now, const Totals& totals) const;

 private:
  struct Reading {
    Time at;
    Totals totals;
  };
  const Reading* oldest_within(Time now, Duration span) const;
  std::deque<Reading> readings_;
};

}  // namespace troupe::admin
