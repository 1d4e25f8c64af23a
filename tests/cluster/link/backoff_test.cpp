#include "cluster/link/backoff.hpp"

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::link;
using namespace std::chrono_literals;

TEST_CASE("pauses double from the first to the most, drawn from the upper half") {
  Random random(3);
  Backoff backoff(100ms, 5s);
  Duration whole = 100ms;
  for (int i = 0; i < 12; ++i) {
    const auto pause = backoff.next(random);
    CHECK(pause >= whole / 2);
    CHECK(pause <= whole);
    whole = std::min<Duration>(5s, 2 * whole);
  }
}

TEST_CASE("two nodes do not come back together") {
  Random one(1), other(2);
  Backoff a(100ms, 5s), b(100ms, 5s);
  CHECK(a.next(one) != b.next(other));
}

TEST_CASE("an answer begins the pauses again") {
  Random random(3);
  Backoff backoff(100ms, 5s);
  for (int i = 0; i < 10; ++i) backoff.next(random);
  backoff.reset();
  CHECK(backoff.next(random) <= 100ms);
}
