#include "gateway/dialects/seal.hpp"

#include <catch2/catch.hpp>

using namespace troupe::dialects;

TEST_CASE("a dialect's own seal stays as it is", "[seal]") {
  CHECK(write_seal(Dialect::anthropic, "EqQB+/=", Dialect::anthropic) == "EqQB+/=");
  const auto read = read_seal("EqQB+/=", Dialect::anthropic);
  CHECK(read.origin == Dialect::anthropic);
  CHECK(read.signature == "EqQB+/=");
}

TEST_CASE("another dialect's seal says whose it is and comes back whole", "[seal]") {
  for (const auto origin : kDialects) {
    for (const auto own : kDialects) {
      const auto read = read_seal(write_seal(origin, "gAAAA-_=", own), own);
      CHECK(read.origin == origin);
      CHECK(read.signature == "gAAAA-_=");
    }
  }
}

TEST_CASE("a mark before which no dialect is named is part of the seal", "[seal]") {
  const auto read = read_seal("nobody#abc", Dialect::gemini);
  CHECK(read.origin == Dialect::gemini);
  CHECK(read.signature == "nobody#abc");
}
