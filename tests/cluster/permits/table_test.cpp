#include "cluster/permits/table.hpp"

#include "core/random.hpp"
#include "tests/cluster/permits/support.hpp"
#include "tests/policy/property.hpp"

using namespace troupe;
using namespace troupe::cluster;
using namespace troupe::cluster::testing;
using What = Change::What;

namespace {

Table one_limit() {
  Table table{Timing{}};
  table.apply({What::define, {}, 1, 0, {}, kRpm}, at(0));
  return table;
}

Change any_change(Random& random) {
  const SessionId session{"node-" + std::to_string(random.below(3)), 1 + random.below(2), 1};
  return {static_cast<What>(1 + random.below(11)),     session, 1, static_cast<Units>(random.below(4)),
          span(static_cast<double>(random.below(70))), {}};
}

}  // namespace

TEST_CASE("permits are in one place each, whatever changes in whatever order") {
  troupe::testing::holds([](std::uint64_t seed) {
    Random random(seed);
    auto table = one_limit();
    for (int i = 0; i < 300; ++i) {
      auto change = any_change(random);
      if (change.what == What::close) change.what = What::grant;  // only empty sessions are closed
      table.apply(change, at(i));
      RC_ASSERT(table.imbalance(1) == 0);
      if (random.below(20) == 0) table.restore(table.snapshot(at(i)), at(i));
      RC_ASSERT(table.imbalance(1) == 0);
    }
  });
}

TEST_CASE("a used permit is free again when it has cooled, not before") {
  auto table = one_limit();
  const SessionId session{"node-1", 1, 1};
  table.apply({What::open, session, 0, 0, {}, {}}, at(0));
  table.apply({What::grant, session, 1, 3, {}, {}}, at(0));
  table.apply({What::use, session, 1, 2, span(60.5), {}}, at(1));
  CHECK(table.account(session)->counters[1].held() == 1);
  table.mature(*table.book(1), at(61.4));
  CHECK(table.book(1)->pool == 7);
  table.mature(*table.book(1), at(61.6));
  CHECK(table.book(1)->pool == 9);
}

TEST_CASE("a copy of an account is never earlier than its source") {
  auto table = one_limit();
  const SessionId session{"node-1", 1, 1};
  table.apply({What::open, session, 0, 0, {}, {}}, at(0));
  table.apply({What::grant, session, 1, 3, {}, {}}, at(0));
  table.apply({What::use, session, 1, 2, span(60.5), {}}, at(1));
  Table copy{Timing{}};
  copy.restore(table.snapshot(at(10)), at(5000));
  CHECK(copy.imbalance(1) == 0);
  CHECK(copy.book(1)->cooling.front().first >= at(5051.5));
  CHECK(copy.account(session)->counters[1] == (Counters{3, 2, 0}));
  CHECK(copy.account(session)->expires > at(5010));
}

TEST_CASE("after a cold start every permit is unknown, for the longest lease and window") {
  Table table{Timing{}};
  table.forget_everything({kRpm, kAtOnce}, at(100));
  CHECK(table.book(1)->pool == 0);
  CHECK(table.book(1)->unknown == 10);
  CHECK(table.book(1)->unknown_until > at(170.5));
  CHECK(table.book(2)->unknown_until > at(230.5));  // the longest call
  CHECK(table.imbalance(1) == 0);
}

TEST_CASE("a limit that shrinks lends nothing until enough has cooled") {
  auto table = one_limit();
  const SessionId session{"node-1", 1, 1};
  table.apply({What::open, session, 0, 0, {}, {}}, at(0));
  table.apply({What::grant, session, 1, 8, {}, {}}, at(0));
  auto smaller = kRpm;
  smaller.units = 5;
  table.apply({What::define, {}, 1, 0, {}, smaller}, at(1));
  CHECK(table.book(1)->pool == -3);
  CHECK(table.imbalance(1) == 0);
}

TEST_CASE("what cools takes a thousand entries at most, however it was used") {
  auto table = one_limit();
  const SessionId session{"node-1", 1, 1};
  table.apply({What::open, session, 0, 0, {}, {}}, at(0));
  for (int i = 0; i < 100000; ++i) table.apply({What::use, session, 1, 1, span(60.5), {}}, at(i * 1e-3));
  CHECK(table.book(1)->cooling.size() < 1100);
  CHECK(table.imbalance(1) == 0);
}
