#include "cluster/permits/spread.hpp"

#include "tests/cluster/permits/support.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::cluster;
using namespace troupe::cluster::testing;

namespace {

const SessionId kA{"a", 1, 1}, kB{"b", 1, 1};

ReportLine wants(Units want, Units head, double rate = 1) {
  ReportLine out;
  out.limit = 1;
  out.want = want;
  out.head = head;
  out.rate = rate;
  return out;
}

}  // namespace

TEST_CASE("calls that wait are served first, and never more than is free") {
  Random random(1);
  Spread spread;
  spread.hear(kA, wants(3, 1), 0);
  spread.hear(kB, wants(4, 1), 0);
  Units given = 0;
  for (const auto& gift : spread.give(5, &kA, 2, random)) given += gift.units;
  CHECK(given == 5);
  CHECK(spread.lacking() == 2);
}

TEST_CASE("a call that needs much is not fed crumbs, nor passed by") {
  Random random(1);
  Spread spread(1000);
  spread.hear(kA, wants(4000, 4000), 0);
  CHECK(spread.give(3000, &kA, 2, random).empty());
  CHECK(spread.lacking() == 1000);
  spread.hear(kB, wants(1000, 1000), 0);
  CHECK(spread.give(3500, &kB, 2, random).empty());
  const auto gifts = spread.give(4000, nullptr, 2, random);
  REQUIRE(gifts.size() == 1);
  CHECK(gifts[0].to == kA);
}

TEST_CASE("what is on its way to a node is not given twice") {
  Random random(1);
  Spread spread;
  spread.hear(kA, wants(3, 1), 3);
  CHECK_FALSE(spread.waiting());
}

TEST_CASE("surplus is called back when somebody lacks, at most twenty times a second") {
  Random random(1);
  Spread spread;
  auto rich = wants(0, 0, 0.1);
  rich.available = 50;
  spread.hear(kB, rich, 0);
  spread.hear(kA, wants(5, 1, 10), 0);
  CHECK(spread.give(0, &kA, 2, random).empty());
  CHECK(spread.recall(0, 2, at(1)) == std::vector<SessionId>{kB});
  CHECK(spread.demand(kB)->urgent);
  CHECK(spread.recall(0, 2, at(1.04)).empty());
}

TEST_CASE("a node is given no more in advance than it uses in two seconds, however much is free") {
  Random random(1);
  Spread spread;
  spread.hear(kA, wants(0, 0, 10), 0);
  const auto gifts = spread.give(600, &kA, 1, random);
  REQUIRE(gifts.size() == 1);
  CHECK(gifts[0].units == 20);
}

TEST_CASE("a session that is forgotten wants nothing") {
  Random random(1);
  Spread spread;
  spread.hear(kA, wants(3, 1), 0);
  spread.forget(kA);
  CHECK_FALSE(spread.waiting());
  CHECK(spread.give(5, nullptr, 1, random).empty());
}

TEST_CASE("what was granted beyond a limit that became smaller is called back") {
  Random random(1);
  Spread spread;
  auto rich = wants(0, 0, 0.1);
  rich.available = 50;
  spread.hear(kB, rich, 0);
  CHECK(spread.give(-20, &kB, 2, random).empty());
  CHECK(spread.lacking() == 20);
  CHECK(spread.recall(-20, 2, at(1)) == std::vector<SessionId>{kB});
  CHECK(spread.demand(kB)->hold == 0);
}
