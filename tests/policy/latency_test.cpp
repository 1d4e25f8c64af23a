#include "actors/policy/latency.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "tests/policy/property.hpp"

using namespace troupe;
using namespace std::chrono_literals;
using namespace troupe::policy;

namespace {
const Time kStart{100h};
}

TEST_CASE("an average starts at its first sample and follows by tenths") {
  Ewma ewma;
  CHECK_FALSE(ewma.value());
  ewma.add(100);
  ewma.add(200);
  CHECK(*ewma.value() == Approx(110));
}

TEST_CASE("a peak is taken at once and forgotten within tens of seconds") {
  PeakEwma peak;
  peak.add(100ms, kStart);
  peak.add(2s, kStart + 1s);
  CHECK(*peak.value(kStart + 1s) == Approx(2000));
  CHECK(*peak.value(kStart + 11s) == Approx(2000 / std::exp(1)).epsilon(0.001));
  peak.add(100ms, kStart + 61s);
  CHECK(*peak.value(kStart + 61s) < 110);
}

TEST_CASE("a quantile is at most a tenth above the exact one") {
  testing::holds([] {
    auto samples = *rc::gen::nonEmpty(rc::gen::container<std::vector<int>>(rc::gen::inRange(1, 100'000)));
    QuantileSketch sketch;
    for (const int ms : samples) sketch.add(std::chrono::milliseconds(ms), kStart);
    std::sort(samples.begin(), samples.end());
    for (const double q : {0.5, 0.95, 0.99}) {
      const auto rank = static_cast<std::size_t>(std::ceil(q * static_cast<double>(samples.size())));
      const double exact = samples[std::max<std::size_t>(1, rank) - 1];
      const double told = static_cast<double>(sketch.quantile(q, kStart)->count()) / 1e6;
      RC_ASSERT(told >= exact * 0.999);
      RC_ASSERT(told <= exact * 1.101);
    }
  });
}

TEST_CASE("quantiles forget after ten minutes") {
  QuantileSketch sketch;
  CHECK_FALSE(sketch.quantile(0.5, kStart));
  sketch.add(1s, kStart);
  sketch.add(1s, kStart + 4min);
  CHECK(sketch.count(kStart + 5min) == 2);
  sketch.add(2s, kStart + 6min);
  CHECK(sketch.count(kStart + 6min) == 3);
  CHECK(sketch.count(kStart + 11min) == 1);
  CHECK_FALSE(sketch.quantile(0.5, kStart + 30min));
}

TEST_CASE("the success ratio is of the last hundred") {
  SuccessRatio ratio;
  CHECK(ratio.value() == 1);
  for (int i = 0; i < 50; ++i) ratio.add(false);
  CHECK(ratio.value() == 0);
  for (int i = 0; i < 75; ++i) ratio.add(true);
  CHECK(ratio.value() == Approx(0.75));
  CHECK(ratio.count() == 100);
}

TEST_CASE("failures count in the ratio and not as latencies, and a cost is averaged when known") {
  Latency latency;
  latency.add(true, 100ms, 1s, Money{5000}, kStart);
  latency.add(true, 100ms, 1s, std::nullopt, kStart);
  latency.add(false, 1ms, 1ms, std::nullopt, kStart);
  const auto view = latency.view(kStart);
  CHECK(*view.first_token_ewma_ms == Approx(100));
  CHECK(view.success_ratio == Approx(2.0 / 3));
  CHECK(view.average_cost == Money{5000});
  CHECK(*view.total.p99 >= 1s);
}

TEST_CASE("the ninety-fifth percentile for routers is at most a second old") {
  Latency latency;
  latency.add(true, 100ms, 1s, {}, kStart);
  latency.add(true, 9s, 10s, {}, kStart + 500ms);
  CHECK(*latency.first_token_p95() < 200ms);
  latency.add(true, 100ms, 1s, {}, kStart + 1s);
  CHECK(*latency.first_token_p95() >= 9s);
}
