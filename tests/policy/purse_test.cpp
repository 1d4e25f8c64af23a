#include "actors/policy/purse.hpp"

#include "tests/support/catch.hpp"

using namespace troupe;
using policy::Purse;
using Taken = Purse::Taken;

namespace {

std::shared_ptr<Purse> purse_with(policy::Picos ready) {
  auto purse = std::make_shared<Purse>(7, "team", 1000, WallTime{});
  purse->credit(ready);
  return purse;
}

}  // namespace

TEST_CASE("a call reserves its estimate and pays what it cost; the rest is ready again") {
  const auto purse = purse_with(100);
  CHECK(purse->take(60) == Taken::yes);
  CHECK(purse->ready() == 40);
  CHECK(purse->reserved() == 60);
  purse->settle(60, 25);
  CHECK(purse->ready() == 75);
  CHECK(purse->reserved() == 0);
  CHECK(purse->spent() == 25);
}

TEST_CASE("what cost more than its estimate leaves a debt that stops the next call") {
  const auto purse = purse_with(100);
  REQUIRE(purse->take(100) == Taken::yes);
  purse->settle(100, 130);
  CHECK(purse->ready() == -30);
  CHECK(purse->take(1) == Taken::wait);
}

TEST_CASE("a call waits while more could come, and is refused when what is left anywhere is less") {
  const auto purse = purse_with(10);
  CHECK(purse->take(20) == Taken::wait);  // nobody knows what is left
  purse->expect(9);
  CHECK(purse->take(20) == Taken::exhausted);
  CHECK(purse->take(19) == Taken::wait);
  CHECK(purse->take(10) == Taken::yes);
}

TEST_CASE("what was turned away and the largest call are told once") {
  const auto purse = purse_with(10);
  CHECK(purse->take(20) == Taken::wait);
  CHECK(purse->take(15) == Taken::wait);
  CHECK(purse->take_missed() == 20);
  CHECK(purse->take_missed() == 0);
  CHECK(purse->take_largest() == 20);
  CHECK(purse->take_largest() == 0);
}

TEST_CASE("only what is ready beyond the kept part is drawn back") {
  const auto purse = purse_with(100);
  REQUIRE(purse->take(30) == Taken::yes);
  CHECK(purse->withdraw(20) == 50);
  CHECK(purse->withdraw(20) == 0);
  CHECK(purse->ready() == 20);
}
