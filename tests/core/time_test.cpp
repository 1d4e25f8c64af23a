#include "core/time.hpp"

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace std::chrono_literals;

TEST_CASE("waits round up, and never below zero") {
  CHECK(ceil_millis(1ns) == 1);
  CHECK(ceil_millis(1ms) == 1);
  CHECK(ceil_millis(1001us) == 2);
  CHECK(ceil_millis(-5s) == 0);
  CHECK(ceil_seconds(1ms) == 1);
  CHECK(ceil_seconds(60s) == 60);
  CHECK(ceil_seconds(0s) == 0);
}

TEST_CASE("the machine's monotonic clock does not run backwards") {
  const auto first = real_clock().now();
  CHECK(real_clock().now() >= first);
  CHECK(real_clock().wall().time_since_epoch() > 0s);
}
