#include "cluster/treasury/purses.hpp"

#include "tests/support/catch.hpp"

using namespace troupe::money;
using troupe::policy::Purse;
using troupe::policy::TouchedPurses;

namespace {

std::shared_ptr<Purse> purse(std::uint64_t id) {
  return std::make_shared<Purse>(id, "", 0, troupe::WallTime{});
}

}  // namespace

TEST_CASE("a purse is found by its owner, and one more leaves the others where they are") {
  Purses all;
  CHECK_FALSE(all.find("a"));
  for (int i = 0; i < 1000; ++i) all.put("user=" + std::to_string(i), purse(static_cast<std::uint64_t>(i)));
  for (int i = 0; i < 1000; ++i)
    REQUIRE(all.find("user=" + std::to_string(i))->id() == static_cast<std::uint64_t>(i));
  all.put("user=7", purse(77));
  CHECK(all.find("user=7")->id() == 77);
}

TEST_CASE("purses that replace others are there alone") {
  Purses all;
  all.put("a", purse(1));
  all.put("b", purse(2));
  all.replace({{"b", purse(3)}, {"c", purse(4)}});
  CHECK_FALSE(all.find("a"));
  CHECK(all.find("b")->id() == 3);
  CHECK(all.find("c")->id() == 4);
  all.replace({});
  CHECK_FALSE(all.find("b"));
}

TEST_CASE("a purse that rests tells of its next use, and of that alone") {
  const auto touched = std::make_shared<TouchedPurses>();
  Purse one(7, "o", 100, troupe::WallTime{}, touched);
  one.credit(100);
  CHECK(one.take(10) == Purse::Taken::yes);
  CHECK(touched->take().empty());
  one.rest();
  CHECK(one.take(10) == Purse::Taken::yes);
  CHECK(one.take(10) == Purse::Taken::yes);
  CHECK(touched->take() == std::vector<std::uint64_t>{7});
  one.rest();
  one.settle(10, 10);
  CHECK(touched->take() == std::vector<std::uint64_t>{7});
  one.rest();
  CHECK(one.take(1000) != Purse::Taken::yes);
  CHECK(touched->take() == std::vector<std::uint64_t>{7});
}
