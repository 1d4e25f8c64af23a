#include "gateway/cache/wish.hpp"

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace std::chrono_literals;

TEST_CASE("a caller without a wish gets what is there, and leaves its answer") {
  const auto wish = cache::read_wish("");
  REQUIRE(wish);
  CHECK(wish->look);
  CHECK(wish->store);
  CHECK_FALSE(wish->ttl);
}

TEST_CASE("no-store leaves the cache alone altogether; no-cache only takes nothing from it") {
  CHECK_FALSE(cache::read_wish("no-store")->store);
  CHECK_FALSE(cache::read_wish("no-store")->look);
  CHECK(cache::read_wish("no-cache")->store);
  CHECK_FALSE(cache::read_wish("no-cache")->look);
}

TEST_CASE("ttl is in seconds, within a month, and wishes can stand together") {
  CHECK(cache::read_wish("ttl=60")->ttl == 60s);
  CHECK(cache::read_wish("ttl=0")->ttl == 0s);
  CHECK(cache::read_wish("ttl=999999999999")->ttl == cache::kLongestTtl);
  const auto both = cache::read_wish("no-cache, ttl=5");
  REQUIRE(both);
  CHECK_FALSE(both->look);
  CHECK(both->ttl == 5s);
}

TEST_CASE("what is not understood is not guessed at") {
  for (const auto* text :
       {"no-storage", "ttl=", "ttl=-1", "ttl=1m", "ttl=99999999999999999999", "no-store,", ","}) {
    CAPTURE(text);
    CHECK_FALSE(cache::read_wish(text));
  }
}
