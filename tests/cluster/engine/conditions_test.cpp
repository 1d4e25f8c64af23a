#include "cluster/engine/conditions.hpp"

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::cluster;
using namespace std::chrono_literals;

namespace {

constexpr Time kStart{1000s};
const Conditions::Bounds kBounds{5e-4, 500ms, 120s, 10s};

}  // namespace

TEST_CASE("conditions hold until something is measured beyond its bound") {
  Conditions it(kBounds);
  CHECK(it.hold(kStart));
  it.sent(500ms, kStart);
  it.ended(120s, kStart);
  it.clocks({5e-4}, kStart);
  CHECK(it.hold(kStart));
  CHECK(it.measured(Condition::send_delay, kStart).now == 0.5);
}

TEST_CASE("a call that was sent too late stops the node until ten calm seconds have passed") {
  Conditions it(kBounds);
  it.sent(501ms, kStart);
  CHECK_FALSE(it.hold(kStart));
  CHECK_FALSE(it.measured(Condition::send_delay, kStart).holds);
  CHECK(it.measured(Condition::longest_call, kStart).holds);
  it.sent(1ms, kStart + 5s);
  CHECK_FALSE(it.hold(kStart + 9s));
  CHECK(it.hold(kStart + 10s));
  it.sent(600ms, kStart + 11s);
  it.sent(600ms, kStart + 15s);
  CHECK_FALSE(it.hold(kStart + 24s));
  CHECK(it.hold(kStart + 25s));
}

TEST_CASE("the largest of the last half to whole minute is shown") {
  Conditions it(kBounds);
  it.sent(40ms, kStart);
  it.sent(10ms, kStart + 29s);
  CHECK(it.measured(Condition::send_delay, kStart + 29s).now == 0.04);
  it.sent(10ms, kStart + 31s);
  CHECK(it.measured(Condition::send_delay, kStart + 31s).now == 0.04);
  it.sent(5ms, kStart + 62s);
  CHECK(it.measured(Condition::send_delay, kStart + 62s).now == 0.01);
  CHECK(it.measured(Condition::send_delay, kStart + 200s).now == 0);
}

TEST_CASE("the clock of the minority is the wrong one") {
  Conditions it(kBounds);
  it.clocks({0, 0, 2e-3}, kStart);  // one peer's
  CHECK(it.hold(kStart));
  it.clocks({0, 2e-3, 2e-3}, kStart);  // ours
  CHECK_FALSE(it.hold(kStart));
}

TEST_CASE("of two clocks that differ nobody knows which is wrong, so both stop") {
  Conditions it(kBounds);
  it.clocks({6e-4}, kStart);
  CHECK_FALSE(it.hold(kStart));
  it.clocks({}, kStart + 5s);
  CHECK_FALSE(it.hold(kStart + 9s));
  CHECK(it.hold(kStart + 10s));
}

TEST_CASE("of two peers of which one differs, that one is the suspect") {
  Conditions it(kBounds);
  it.clocks({0, 6e-4}, kStart);
  CHECK(it.hold(kStart));
}
