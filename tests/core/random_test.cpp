#include "core/random.hpp"

#include "tests/support/catch.hpp"

using namespace troupe;

TEST_CASE("the same seed gives the same run, another seed another") {
  Random a(7), b(7), c(8);
  bool differs = false;
  for (int i = 0; i < 100; ++i) {
    const auto value = a.next();
    CHECK(value == b.next());
    differs = differs || value != c.next();
  }
  CHECK(differs);
}

TEST_CASE("below stays below its bound and reaches every value of a small one") {
  Random random(1);
  int seen[5] = {};
  for (int i = 0; i < 1000; ++i) {
    const auto value = random.below(5);
    REQUIRE(value < 5);
    ++seen[value];
  }
  for (const int count : seen) CHECK(count > 100);
  CHECK(random.below(0) == 0);
  CHECK(random.below(1) == 0);
}

TEST_CASE("unit is in [0, 1) with a mean of a half") {
  Random random(1);
  double sum = 0;
  for (int i = 0; i < 10'000; ++i) {
    const double value = random.unit();
    REQUIRE(value >= 0);
    REQUIRE(value < 1);
    sum += value;
  }
  CHECK(sum / 10'000 == Approx(0.5).margin(0.02));
}

TEST_CASE("a seed of zero is as good as any") {
  Random random(0);
  CHECK(random.next() != 0);
  CHECK(random.next() != random.next());
}
