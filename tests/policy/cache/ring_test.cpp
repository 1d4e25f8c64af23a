#include "actors/policy/cache/ring.hpp"

#include <map>

#include "tests/support/catch.hpp"

using namespace troupe::cache;

namespace {

Digest nth(std::uint64_t n) {
  return {n * 0x9E3779B97F4A7C15U, n, 0, 0};
}

}  // namespace

TEST_CASE("a node on its own owns everything") {
  const Ring ring("n1");
  CHECK(ring.alone());
  CHECK(ring.owner(nth(5)) == "n1");
}

TEST_CASE("every node names the same owner, and each has its part") {
  const Ring one("n1", {"n3", "n2", "n2"}), two("n2", {"n1", "n3"});
  CHECK_FALSE(one.alone());
  CHECK(one.has("n3"));
  CHECK_FALSE(one.has("n4"));
  std::map<std::string, int> parts;
  for (std::uint64_t i = 0; i < 3000; ++i) {
    CHECK(one.owner(nth(i)) == two.owner(nth(i)));
    ++parts[one.owner(nth(i))];
  }
  for (const auto& [name, part] : parts) CHECK(std::abs(part - 1000) < 120);
}

TEST_CASE("a node that goes moves only what was its own") {
  const Ring before("n1", {"n2", "n3"}), after("n1", {"n2"});
  for (std::uint64_t i = 0; i < 1000; ++i) {
    if (before.owner(nth(i)) != "n3") CHECK(after.owner(nth(i)) == before.owner(nth(i)));
  }
}

TEST_CASE("the owner is the same in every build") {
  const Ring ring("n1", {"n2", "n3"});
  std::string owners;
  for (std::uint64_t i = 1; i <= 12; ++i) owners += ring.owner(nth(i))[1];
  CHECK(owners == "111322112232");
}
