#include "actors/policy/users/tally.hpp"

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::users;
using namespace std::chrono_literals;
using policy::RefusalReason;

namespace {

constexpr Time kNow{100h};
constexpr Duration kGuard = 280ms;  // policy::RateWindow::default_guard

Amounts request(std::int64_t tokens = 10) {
  return {1, tokens, tokens, 0};
}

}  // namespace

TEST_CASE("what cools and what is held is weighed together") {
  Tally tally({.rpm = 3, .concurrency = 2});
  tally.cool(request(), kNow - 30s, kNow);
  tally.hold(request(), 1);
  const auto third = tally.weigh(request(), kNow);
  CHECK(third.granted);
  CHECK((third.requests.limit == 3 && third.requests.remaining == 1 && third.requests.reset == 1min));
  CHECK(third.tokens.limit == 0);
  tally.hold(request(), 1);
  const auto fourth = tally.weigh(request(), kNow);
  CHECK_FALSE(fourth.granted);
  CHECK((fourth.reason == RefusalReason::rpm && fourth.limit == 3));
  CHECK(fourth.retry == 30s + kGuard);
  tally.release(request(), 1);
  CHECK(tally.weigh(request(), kNow).granted);
}

TEST_CASE("calls at a time are a limit of their own") {
  Tally tally({.concurrency = 1});
  tally.hold(request(), 1);
  const auto refused = tally.weigh(request(), kNow);
  CHECK((!refused.granted && refused.reason == RefusalReason::concurrency && refused.limit == 1));
  CHECK(refused.retry == 50ms);
  tally.release(request(), 1);
  CHECK(tally.weigh(request(), kNow).granted);
}

TEST_CASE(
    "a request that is larger than the limit is refused for good, an estimated output is not what makes it "
    "so") {
  const config::Limits limits{.tpm = 100, .otpm = 20};
  Tally tally(limits);
  const auto refused = tally.weigh(Tally::needed({101}, {5}, limits), kNow);
  CHECK((!refused.granted && refused.reason == RefusalReason::tpm && !refused.retry));
  const auto needed = Tally::needed({40}, {4000}, limits);
  CHECK(needed == Amounts{1, 100, 40, 20});
  CHECK(tally.weigh(needed, kNow).granted);
}

TEST_CASE("tokens that calls hold may come back soon") {
  Tally tally({.tpm = 100});
  tally.hold({1, 100, 50, 50}, 1);
  CHECK(tally.weigh(request(), kNow).retry == 50ms);
  tally.release({1, 100, 50, 50}, 1);
  tally.cool({1, 100, 50, 50}, kNow, kNow);
  CHECK(tally.weigh(request(), kNow).retry == 60s + kGuard);
}

TEST_CASE("what cools can be told and counted again elsewhere, with its age") {
  Tally here({.rpm = 10, .tpd = 1000});
  here.cool(request(7), kNow - 20s, kNow);
  here.cool(request(5), kNow - 2s, kNow);
  const auto cooled = here.cooling(kNow);
  REQUIRE(cooled.size() == 3);  // the day's grain is coarser
  CHECK((cooled[0].window == 0 && cooled[0].age == 20s && cooled[0].amount == 1));
  Tally there({.rpm = 2, .tpd = 1000});
  for (const auto& entry : cooled) there.cool(entry, kNow + 5s);
  const auto decision = there.weigh(request(), kNow + 5s);
  CHECK((!decision.granted && decision.retry == 40s + kGuard));
  CHECK(decision.tokens.remaining == 988);
}

TEST_CASE("new limits hold for what was used, and a limit that there was not counts from now") {
  Tally tally({.rpm = 5});
  tally.cool(request(), kNow, kNow);
  tally.reconfigure({.rpm = 1, .tpm = 10});
  CHECK(tally.weigh(request(), kNow).reason == RefusalReason::rpm);
  tally.reconfigure({.tpm = 10});
  CHECK(tally.weigh(request(), kNow).granted);
  CHECK_FALSE(tally.weigh(request(11), kNow).granted);
}
