#include "actors/policy/shares.hpp"

#include "actors/policy/key_state.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::policy;
using namespace std::chrono_literals;

namespace {

struct Shared {
  std::shared_ptr<Lease> lease = std::make_shared<Lease>();
  Time now = Time(1000s);
  Random random{1};
  int hurried = 0;
  Shares shares;
  KeyState key{[] {
                 config::Limits limits;
                 limits.rpm = 100;
                 limits.tpm = 10000;
                 limits.concurrency = 10;
                 return limits;
               }(),
               {}};

  Shared() {
    lease->prolong(now + 10s);
    const std::array kinds{LimitKind::window, LimitKind::counted_at_end};
    for (std::size_t i = 0; i < 2; ++i) shares.permits[i] = std::make_shared<Permits>(kinds[i], lease);
    shares.permits[Shares::kConcurrency] = std::make_shared<Permits>(LimitKind::concurrency, lease);
    shares.hurry = [this] { ++hurried; };
    shares.guard = 500ms;
    key.share(shares);
  }
  void grant(Units rpm, Units tpm, Units at_once) {
    shares.permits[0]->grant(rpm);
    shares.permits[1]->grant(tpm);
    shares.permits[Shares::kConcurrency]->grant(at_once);
  }
  Acquired acquire(std::int64_t tokens) {
    return key.acquire({Tokens{tokens}, Tokens{0}, false}, now, random);
  }
};

}  // namespace

TEST_CASE("a key admits what the node holds permits for, and no more") {
  Shared world;
  world.grant(2, 1000, 5);
  REQUIRE(std::holds_alternative<Grant>(world.acquire(100)));
  CHECK(std::get<Grant>(world.acquire(100)).send_by == world.now + 500ms);
  const auto third = world.acquire(100);
  REQUIRE(std::holds_alternative<KeyRefusal>(third));
  CHECK(std::get<KeyRefusal>(third).reason == RefusalReason::rpm);
  CHECK(std::get<KeyRefusal>(third).retry_at > world.now);
  CHECK(std::get<KeyRefusal>(third).retry_at <= world.now + 50ms);
}

TEST_CASE("a call that is turned away for permits asks for them") {
  Shared world;
  world.grant(10, 50, 5);
  CHECK(std::get<KeyRefusal>(world.acquire(80)).reason == RefusalReason::tpm);
  CHECK(world.hurried == 1);
  CHECK(world.shares.permits[1]->take_missed() == 80);
  CHECK(world.shares.permits[0]->take_missed() == 0);
  CHECK(world.shares.permits[0]->free() == 10);
  CHECK(world.shares.permits[1]->asked() == 80);
}

TEST_CASE("a settled call gives back the tokens that it did not use, and its place") {
  Shared world;
  world.grant(10, 1000, 1);
  Settled end;
  end.permit = std::get<Grant>(world.acquire(600)).permit;
  CHECK(world.shares.permits[Shares::kConcurrency]->free() == 0);
  end.usage.input = Tokens{150};
  world.key.settle(end, world.now, world.random);
  CHECK(world.shares.permits[1]->used() == 150);
  CHECK(world.shares.permits[1]->free() == 850);
  CHECK(world.shares.permits[Shares::kConcurrency]->free() == 1);
  CHECK(world.shares.permits[0]->used() == 1);
}

TEST_CASE("a call that was never sent gives back all but its request") {
  Shared world;
  world.grant(10, 1000, 1);
  Settled end;
  end.permit = std::get<Grant>(world.acquire(600)).permit;
  end.called = false;
  world.key.settle(end, world.now, world.random);
  CHECK(world.shares.permits[1]->free() == 1000);
  CHECK(world.shares.permits[Shares::kConcurrency]->free() == 1);
  CHECK(world.shares.permits[0]->used() == 1);
}

TEST_CASE("nothing is admitted when the lease is over, whatever is held") {
  Shared world;
  world.grant(10, 1000, 5);
  world.now += 10s;
  CHECK(std::holds_alternative<KeyRefusal>(world.acquire(1)));
}

TEST_CASE("more tokens than were reserved leave a debt") {
  Shared world;
  world.grant(10, 1000, 5);
  Settled end;
  end.permit = std::get<Grant>(world.acquire(900)).permit;
  end.usage.input = Tokens{1200};
  world.key.settle(end, world.now, world.random);
  CHECK(world.shares.permits[1]->used() == 1200);
  CHECK(world.shares.permits[1]->free() == -200);
  CHECK(world.shares.permits[1]->available(world.now) == 0);
}

TEST_CASE("what permits lack comes from the floor, and returns there") {
  Shared world;
  auto slots = std::make_shared<Permits>(LimitKind::floor, world.lease);
  slots->grant(500);
  world.shares.floors[1] = std::make_shared<Floor>(LimitKind::counted_at_end, 60s, slots);
  world.key.share(world.shares);
  world.grant(10, 50, 5);
  Settled end;
  end.permit = std::get<Grant>(world.acquire(400)).permit;
  CHECK(world.shares.permits[1]->free() == 50);
  CHECK(world.shares.permits[1]->take_missed() == 0);
  CHECK(world.hurried == 0);
  CHECK(std::get<KeyRefusal>(world.acquire(200)).reason == RefusalReason::tpm);
  end.usage.input = Tokens{300};
  world.key.settle(end, world.now, world.random);
  CHECK(slots->free() == 200);
  CHECK(world.shares.permits[1]->used() == 0);
}

TEST_CASE("a call for which one limit has neither permits nor a floor takes nothing") {
  Shared world;
  auto slots = std::make_shared<Permits>(LimitKind::floor, world.lease);
  slots->grant(1);
  world.shares.floors[0] = std::make_shared<Floor>(LimitKind::window, 60s, slots);
  world.key.share(world.shares);
  world.grant(0, 0, 5);
  CHECK(std::get<KeyRefusal>(world.acquire(100)).reason == RefusalReason::tpm);
  CHECK(slots->free() == 1);
  CHECK(world.shares.permits[Shares::kConcurrency]->free() == 5);
}
