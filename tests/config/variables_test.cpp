#include "config/variables.hpp"

#include "tests/config/support.hpp"
#include "tests/support/catch.hpp"

using namespace troupe::config;

TEST_CASE("variables, defaults and files are put in") {
  const auto w = world({{"A", "1"}, {"EMPTY", ""}, {"NESTED", "${A}"}}, {{"/run/s", "secret\r\n\n"}});
  CHECK(*expand("x${A}y${A}", w) == "x1y1");
  CHECK(*expand("${B:-two}", w) == "two");
  CHECK(*expand("${EMPTY:-two}", w) == "two");
  CHECK(*expand("${EMPTY}", w) == "");
  CHECK(*expand("${B:-}", w) == "");
  CHECK(*expand("${file:/run/s}", w) == "secret");
  CHECK(*expand("${NESTED}", w) == "${A}");
  CHECK(*expand("$A $ {A}", w) == "$A $ {A}");
  CHECK(*expand("$${A}", w) == "${A}");
}

TEST_CASE("what cannot be put in says so, without any value") {
  const auto w = world({{"A", "1"}}, {{"/big", std::string((64 << 10) + 1, 'x')}});
  CHECK(expand("${B}", w).error().message == "the environment variable B is not set");
  CHECK(expand("${file:/none}", w).error().message == "cannot read the file \"/none\"");
  CHECK_FALSE(expand("${file:/big}", w));
  CHECK_FALSE(expand("${A", w));
  CHECK_FALSE(expand("${}", w));
  CHECK_FALSE(expand("${1A}", w));
  CHECK_FALSE(expand("${A B}", w));
}

TEST_CASE("an expansion has a limit") {
  std::string many;
  for (int i = 0; i < 2000; ++i) many += "${A}";
  CHECK_FALSE(expand(many, world({{"A", std::string(1000, 'x')}})));
}
