#include "actors/policy/concurrency.hpp"

#include "tests/support/catch.hpp"

using troupe::policy::Concurrency;

TEST_CASE("calls under way fit up to the cap, and again when one has ended") {
  Concurrency calls(2);
  calls.take();
  CHECK(calls.headroom() == Approx(0.5));
  calls.take();
  CHECK_FALSE(calls.fits());
  CHECK(calls.headroom() == 0);
  calls.release();
  CHECK(calls.fits());
}

TEST_CASE("a cap below what is under way admits nothing until enough have ended") {
  Concurrency calls;
  for (int i = 0; i < 3; ++i) calls.take();
  CHECK(calls.fits());
  calls.set_limit(2);
  calls.release();
  CHECK_FALSE(calls.fits());
  calls.release();
  CHECK(calls.fits());
}
