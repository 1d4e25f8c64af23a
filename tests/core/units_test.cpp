#include "core/units.hpp"

#include "tests/support/catch.hpp"

using namespace troupe;

TEST_CASE("money prints with six decimals, more where they say something") {
  CHECK(format_dollars({0}) == "0.000000");
  CHECK(format_dollars(from_dollars(1.5)) == "1.500000");
  CHECK(format_dollars({1}) == "0.000000000001");
  CHECK(format_dollars({123'456'700}) == "0.0001234567");
  CHECK(format_dollars({-2'500'000'000'000}) == "-2.500000");
  CHECK(format_dollars({INT64_MIN}) == "-9223372.036854775808");
}

TEST_CASE("dollars round to the nearest pico-dollar") {
  CHECK(from_dollars(2.5e-6) == Money{2'500'000});
  CHECK(from_dollars(0.1) == Money{100'000'000'000});
  CHECK(from_dollars(-1e-12) == Money{-1});
}

TEST_CASE("micro-dollars never understate a cost") {
  CHECK(Money{0}.micros_up() == 0);
  CHECK(Money{1}.micros_up() == 1);
  CHECK(Money{1'000'000}.micros_up() == 1);
  CHECK(Money{1'000'001}.micros_up() == 2);
}

TEST_CASE("a price times tokens is exact, and quantities compare") {
  CHECK(Money{2'500'000} * Tokens{3} == Money{7'500'000});
  CHECK(Tokens{3} + Tokens{4} - Tokens{2} == Tokens{5});
  CHECK(Tokens{3} < Tokens{4});
  CHECK(Money{5} > Money{4});
}
