#include "actors/policy/floor.hpp"

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::policy;
using namespace std::chrono_literals;

namespace {

struct Own {
  explicit Own(LimitKind kind, Units units = 3) : floor(kind, 60s, slots) {
    lease->prolong(Time(4000s));
    slots->grant(units);
  }
  std::shared_ptr<Lease> lease = std::make_shared<Lease>();
  std::shared_ptr<Permits> slots = std::make_shared<Permits>(LimitKind::floor, lease);
  Floor floor;
};

}  // namespace

TEST_CASE("a slot of a floor serves one request in any window, again and again") {
  Own it(LimitKind::window);
  for (int i = 0; i < 3; ++i) CHECK(it.floor.take(1, Time(100s + i * 10s)));
  CHECK_FALSE(it.floor.take(1, Time(159s)));
  CHECK(it.floor.take(1, Time(160s)));
  CHECK_FALSE(it.floor.take(1, Time(169s)));
  CHECK(it.floor.take(1, Time(170s)));
}

TEST_CASE("a floor of tokens cools what a call used, from its end, and frees the rest at once") {
  Own it(LimitKind::counted_at_end, 1000);
  REQUIRE(it.floor.take(800, Time(100s)));
  CHECK_FALSE(it.floor.take(300, Time(100s)));
  it.floor.end(800, 500, Time(120s));
  CHECK(it.floor.available(Time(179s)) == 500);
  CHECK(it.floor.available(Time(180s)) == 1000);
}

TEST_CASE("a call that used more tokens than it took leaves the floor a debt until they cool") {
  Own it(LimitKind::counted_at_end, 1000);
  REQUIRE(it.floor.take(900, Time(100s)));
  it.floor.end(900, 1200, Time(110s));
  CHECK(it.slots->free() == -200);
  CHECK(it.floor.available(Time(169s)) == 0);
  CHECK(it.floor.available(Time(170s)) == 1000);
}

TEST_CASE("a place of a floor is free when its call ends") {
  Own it(LimitKind::concurrency, 1);
  REQUIRE(it.floor.take(1, Time(100s)));
  CHECK_FALSE(it.floor.take(1, Time(101s)));
  it.floor.end(1, 1, Time(102s));
  CHECK(it.floor.take(1, Time(102s)));
}

TEST_CASE("a floor ends with its own lease") {
  Own it(LimitKind::window);
  CHECK(it.floor.take(1, Time(3999s)));
  CHECK_FALSE(it.floor.take(1, Time(4000s)));
  CHECK(it.floor.available(Time(4000s)) == 0);
}

TEST_CASE("slots that were taken away while they cooled serve nobody") {
  Own it(LimitKind::window);
  REQUIRE(it.floor.take(2, Time(100s)));
  CHECK(it.slots->give_back(0) == 1);
  CHECK_FALSE(it.floor.take(1, Time(101s)));
  it.slots->forfeit();  // a new session: they are somebody else's when they have cooled
  CHECK(it.floor.available(Time(161s)) == 0);
}
