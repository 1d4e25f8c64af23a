#include "gateway/admin/pulse.hpp"

#include "tests/support/catch.hpp"

namespace troupe::admin {
namespace {

Time at(int second) {
  return Time(std::chrono::seconds(1000 + second));
}

TEST_CASE("rates are what happened in the last ten seconds") {
  Pulse pulse;
  Totals totals;
  for (int second = 0; second <= 30; ++second) {
    pulse.read(at(second), totals);
    if (second < 30) {
      totals.finished += second < 15 ? 100 : 2;
      totals.output += 50;
      totals.picos += 1'000'000'000;
    }
  }
  const auto rates = pulse.rates(at(30), totals);
  CHECK(rates.requests_per_s == Approx(2));
  CHECK(rates.tokens_out_per_s == Approx(50));
  CHECK(rates.usd_per_h == Approx(3.6));
}

TEST_CASE("failures and quantiles are of the last minute") {
  Pulse pulse;
  Totals totals;
  totals.failed = totals.finished = 1000;
  totals.first_token[10] = 1000;
  pulse.read(at(0), totals);
  pulse.read(at(60), totals);
  totals.finished += 10;
  totals.failed += 1;
  totals.first_token[40] += 10;
  const auto rates = pulse.rates(at(61), totals);
  CHECK(rates.failed_ratio == Approx(0.1));
  CHECK(*rates.first_token_p50_ms == Approx(Sketch::middle_ms(40)));
}

TEST_CASE("nothing is said where nothing is known") {
  const Pulse pulse;
  const auto rates = pulse.rates(at(0), {});
  CHECK(rates.requests_per_s == 0);
  CHECK_FALSE(rates.first_token_p50_ms);
}

}  // namespace
}  // namespace troupe::admin
