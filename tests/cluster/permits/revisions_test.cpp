#include "cluster/permits/revisions.hpp"

#include "tests/cluster/permits/support.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::cluster;
using namespace troupe::cluster::testing;

namespace {

const SessionId kA{"a", 1, 1}, kB{"b", 1, 1};

LimitSpec rpm(Units units) {
  auto spec = kRpm;
  spec.units = units;
  return spec;
}

/// `units` below zero: the node has no such limit.
Report word(const SessionId& session, Units units, bool whole = true) {
  Report out;
  out.session = session;
  out.whole = whole;
  if (units < 0) return out;
  out.lines.push_back(line(kRpm.id, 0, 0));
  out.lines.back().spec = rpm(units);
  return out;
}

/// What holds after 10 held.
Units holds(const Revisions& revisions) {
  const auto spec = revisions.spec(kRpm.id, &kRpm);
  return spec ? spec->units : -1;
}

Revisions two(Units own) {
  Revisions out;
  out.configure({rpm(own)});
  out.join(kA);
  out.join(kB);
  return out;
}

}  // namespace

TEST_CASE("of different configurations the smallest limit holds") {
  auto revisions = two(20);
  CHECK(revisions.hear(word(kA, 30)) == std::set<LimitId>{kRpm.id});
  revisions.hear(word(kB, 15));
  CHECK(holds(revisions) == 15);
  revisions.hear(word(kB, 40));
  CHECK(holds(revisions) == 20);
  CHECK(revisions.hear(word(kB, 40)).empty());
}

TEST_CASE("a limit is not raised before everybody has said so") {
  auto revisions = two(20);
  revisions.hear(word(kA, 20));
  CHECK(holds(revisions) == 10);
  revisions.hear(word(kB, 20, false));
  CHECK(holds(revisions) == 10);
  CHECK(revisions.hear(word(kB, 20)) == std::set<LimitId>{kRpm.id});
  CHECK(holds(revisions) == 20);
}

TEST_CASE("a smaller limit holds at once, whoever is silent") {
  auto revisions = two(20);
  revisions.hear(word(kA, 4, false));
  CHECK(holds(revisions) == 4);
}

TEST_CASE("who is gone, silent or not, has no say") {
  auto revisions = two(20);
  revisions.hear(word(kA, 4));
  CHECK(revisions.leave(kB) == std::set<LimitId>{kRpm.id});
  CHECK(holds(revisions) == 4);
  CHECK(revisions.leave(kA) == std::set<LimitId>{kRpm.id});
  CHECK(holds(revisions) == 20);
  CHECK(revisions.leave(kA).empty());
}

TEST_CASE("a limit that only others have is known from them, and forgotten with them") {
  Revisions revisions;
  revisions.join(kA);
  CHECK_FALSE(revisions.spec(kRpm.id, nullptr));
  revisions.hear(word(kA, 7));
  CHECK(revisions.spec(kRpm.id, nullptr) == rpm(7));
  revisions.hear(word(kA, -1));
  CHECK_FALSE(revisions.spec(kRpm.id, nullptr));
}

TEST_CASE("who has no such limit has no say in it") {
  auto revisions = two(20);
  revisions.hear(word(kA, 12));
  revisions.hear(word(kB, -1));
  CHECK(holds(revisions) == 12);
  revisions.hear(word(kA, -1));
  CHECK(holds(revisions) == 20);
}

TEST_CASE("words that are none are not heard") {
  auto revisions = two(20);
  auto wrong = word(kA, 3);
  wrong.lines.front().limit = 99;
  revisions.hear(wrong);
  revisions.hear(word({"stranger", 1, 1}, 1));
  revisions.hear(word(kB, 20));
  CHECK(holds(revisions) == 20);
}
