#include "gateway/admin/counters.hpp"

#include "gateway/admin/pulse.hpp"
#include "tests/support/catch.hpp"

namespace troupe::admin {
namespace {

inline constexpr std::array kBounds{1., 10.};

TEST_CASE("a histogram counts an observation at its bound into that bucket") {
  Histogram<kBounds> histogram;
  for (const double value : {0.5, 1., 10., 11.}) histogram.observe(value);
  Histogram<kBounds>::Plain data;
  histogram.add_to(data);
  CHECK(data.counts == std::array<std::uint64_t, 3>{2, 1, 1});
  CHECK(data.sum == Approx(22.5));
}

TEST_CASE("a sketch gives quantiles within eight percent") {
  Sketch sketch;
  for (int i = 1; i <= 1000; ++i) sketch.observe_ms(i);
  Sketch::Plain data{};
  sketch.add_to(data);
  CHECK(*quantile_ms(data, 0.5) == Approx(500).epsilon(0.08));
  CHECK(*quantile_ms(data, 0.99) == Approx(990).epsilon(0.08));
}

TEST_CASE("a sketch takes times outside of its range") {
  Sketch sketch;
  sketch.observe_ms(0);
  sketch.observe_ms(-5);
  sketch.observe_ms(1e12);
  Sketch::Plain data{};
  sketch.add_to(data);
  CHECK(data.front() == 2);
  CHECK(data.back() == 1);
}

TEST_CASE("there is no quantile of nothing") {
  CHECK_FALSE(quantile_ms(Sketch::Plain{}, 0.5));
}

}  // namespace
}  // namespace troupe::admin
