#include "core/hash.hpp"

#include <catch2/catch.hpp>

using troupe::fnv1a;

TEST_CASE("a hash is the published FNV-1a", "[hash]") {
  CHECK(fnv1a("") == 0xcbf29ce484222325U);
  CHECK(fnv1a("a") == 0xaf63dc4c8601ec8cU);
  CHECK(fnv1a("foobar") == 0x85944171f73967e8U);
  CHECK(fnv1a("\xff") == 0xaf64724c8602eb6eU);  // a byte, whatever the sign of char
}

TEST_CASE("a hash goes on from an earlier text", "[hash]") {
  CHECK(fnv1a("bar", fnv1a("foo")) == fnv1a("foobar"));
}
