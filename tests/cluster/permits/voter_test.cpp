#include "cluster/permits/voter.hpp"

#include "tests/cluster/permits/support.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::cluster;
using namespace troupe::cluster::testing;

namespace {

const Epoch kFirst{1, "a", 1}, kSecond{2, "b", 1};

Voter fresh() {
  return {"v", 7, Timing{}, Knowledge::never, at(0)};
}

Append append(const Epoch& epoch, std::uint64_t incarnation, std::uint64_t first, Lineage lineage = 5) {
  return {epoch, 0, incarnation, lineage, first, {}, {}};
}

Append whole(const Epoch& epoch, std::uint64_t incarnation, std::uint64_t first, Lineage lineage = 5) {
  auto out = append(epoch, incarnation, first, lineage);
  out.whole.emplace();
  return out;
}

/// Keeps everything, or refuses to.
class Paper final : public Memory {
 public:
  std::vector<Kept> recall(Time) override { return kept; }
  bool keep(const Kept& what) override {
    if (!full) kept.push_back(what);
    return !full;
  }
  bool replace(const Kept& image) override {
    if (!full) kept = {image};
    return !full;
  }
  std::vector<Kept> kept;
  bool full = false;
};

Append granting(const Epoch& epoch, std::uint64_t incarnation, std::uint64_t first, std::size_t count = 1) {
  auto out = append(epoch, incarnation, first);
  out.changes.assign(count, {Change::What::define, {}, 1, 0, {}, kRpm});
  return out;
}

Ack acked(Voter& voter, const Append& message, Time now) {
  Outbox out;
  voter.hear("a", message, now, out);
  const auto acks = all<Ack>(out);
  REQUIRE(acks.size() == 1);
  return acks[0].second;
}

}  // namespace

TEST_CASE("a voter promises one epoch at a time, for the length of an office") {
  auto voter = fresh();
  Outbox out;
  voter.hear("a", Prepare{kFirst, 1, false}, at(0), out);
  CHECK(all<Promise>(out).size() == 1);
  out.clear();
  voter.hear("b", Prepare{kSecond, 1, false}, at(1.9), out);
  REQUIRE(all<Refusal>(out).size() == 1);
  CHECK(all<Refusal>(out)[0].second.seen == 2);
  out.clear();
  voter.hear("b", Prepare{kSecond, 1, false}, at(2.1), out);
  CHECK(all<Promise>(out).size() == 1);
}

TEST_CASE("a probe binds nobody") {
  auto voter = fresh();
  Outbox out;
  voter.hear("b", Prepare{kSecond, 1, true}, at(0), out);
  voter.hear("a", Prepare{kFirst, 1, false}, at(0), out);
  CHECK(all<Promise>(out).size() == 2);
}

TEST_CASE("a promise to a higher epoch refuses what a lower one sends") {
  auto voter = fresh();
  Outbox out;
  voter.hear("b", Prepare{kSecond, 1, false}, at(0), out);
  out.clear();
  voter.hear("a", whole(kFirst, 7, 2), at(1), out);
  CHECK(all<Ack>(out).empty());
  CHECK(all<Refusal>(out).size() == 1);
  CHECK(voter.knowledge() == Knowledge::never);
}

TEST_CASE("a promise that was given back lets the office before go on") {
  auto voter = fresh();
  acked(voter, whole(kFirst, 7, 2), at(0));
  Outbox out;
  voter.hear("b", Prepare{kSecond, 1, false}, at(3), out);
  voter.hear(Release{kSecond}, at(3.1));
  CHECK_FALSE(acked(voter, append(kFirst, 7, 2), at(3.2)).whole_wanted);
}

TEST_CASE("a restarted voter says nothing until nobody relies on what it forgot") {
  Voter voter("v", 8, Timing{}, Knowledge::forgot, at(100));
  Outbox out;
  voter.hear("a", Prepare{kFirst, 1, false}, at(102), out);
  voter.hear("a", append(kFirst, 8, 1), at(102), out);
  CHECK(out.empty());
  voter.hear("a", Prepare{kFirst, 1, false}, at(102.1), out);
  REQUIRE(all<Promise>(out).size() == 1);
  CHECK(all<Promise>(out)[0].second.knowledge == Knowledge::forgot);
}

TEST_CASE("a restarted voter takes no account that was sent to its past") {
  Voter voter("v", 8, Timing{}, Knowledge::forgot, at(0));
  CHECK(acked(voter, whole(kFirst, 7, 2), at(3)).whole_wanted);
  CHECK(voter.knowledge() == Knowledge::forgot);
  CHECK_FALSE(acked(voter, whole(kFirst, 8, 2), at(3)).whole_wanted);
  CHECK(voter.knowledge() == Knowledge::knows);
}

TEST_CASE("changes that come twice or out of order are applied once, a gap waits") {
  auto voter = fresh();
  acked(voter, whole(kFirst, 7, 2), at(0));
  auto second = append(kFirst, 7, 3);
  second.changes = {{Change::What::define, {}, 1, 0, {}, kRpm}};
  CHECK(acked(voter, second, at(0)).seq == 1);  // 2 is missing
  auto first = append(kFirst, 7, 2);
  first.changes = {{Change::What::open, {"n", 1, 1}, 0, 0, {}, {}}, second.changes[0]};
  CHECK(acked(voter, first, at(0)).seq == 3);
  CHECK(acked(voter, second, at(0)).seq == 3);
  CHECK(acked(voter, whole(kFirst, 7, 2), at(0)).seq == 3);  // an older whole account, late
}

TEST_CASE("what a voter acknowledged it still knows after a restart, when it was written down") {
  const auto paper = std::make_shared<Paper>();
  {
    Voter voter("v", 7, Timing{}, Knowledge::forgot, at(0), paper);
    acked(voter, whole(kFirst, 7, 1), at(5));
    CHECK(acked(voter, granting(kFirst, 7, 1, 3), at(6)).seq == 3);
    acked(voter, append(kFirst, 7, 4), at(7));
    const auto kept = paper->kept.size();
    acked(voter, append(kFirst, 7, 4), at(7.5));
    CHECK(paper->kept.size() == kept);  // nothing is new in a renewal
  }
  Voter again("v", 8, Timing{}, Knowledge::forgot, at(8), paper);
  CHECK(again.knowledge() == Knowledge::knows);
  CHECK(again.stamp() == Stamp{kFirst, 3});
  CHECK(again.lineage() == 5);
  CHECK(again.highest() == kFirst.number);
  SECTION("but not until when it promised") {
    CHECK(again.abstains(at(9.9)));
  }
  SECTION("and what was sent to its past is not taken") {
    CHECK(acked(again, granting(kFirst, 7, 4), at(12)).whole_wanted);
    CHECK(again.stamp().seq == 3);
  }
}

TEST_CASE("a voter whose notes cannot be written acknowledges nothing any more") {
  const auto paper = std::make_shared<Paper>();
  Voter voter("v", 7, Timing{}, Knowledge::forgot, at(0), paper);
  acked(voter, whole(kFirst, 7, 1), at(5));
  paper->full = true;
  Outbox out;
  voter.hear("a", granting(kFirst, 7, 1), at(6), out);
  voter.hear("a", append(kFirst, 7, 2), at(7), out);
  voter.hear("b", Prepare{kSecond, 1, false}, at(60), out);
  CHECK(out.empty());
}

TEST_CASE("notes are replaced by an image before they grow without end") {
  const auto paper = std::make_shared<Paper>();
  Voter voter("v", 7, Timing{}, Knowledge::forgot, at(0), paper);
  acked(voter, whole(kFirst, 7, 1), at(5));
  for (std::uint64_t i = 0; i < 25; ++i) acked(voter, granting(kFirst, 7, 1 + 1000 * i, 1000), at(6));
  CHECK(paper->kept.size() < 10);
  Voter again("v", 8, Timing{}, Knowledge::forgot, at(8), paper);
  CHECK(again.stamp().seq == 25000);
}

TEST_CASE("a voter that kept its copy kept its promise too, and never follows a lower epoch again") {
  const auto paper = std::make_shared<Paper>();
  {
    Voter voter("v", 7, Timing{}, Knowledge::forgot, at(0), paper);
    acked(voter, whole(kFirst, 7, 1), at(5));
    Outbox out;
    voter.hear("b", Prepare{kSecond, 1, false}, at(10), out);
    REQUIRE(all<Promise>(out).size() == 1);
  }
  Voter again("v", 8, Timing{}, Knowledge::forgot, at(11), paper);
  Outbox out;
  again.hear("a", append(kFirst, 8, 2), at(20), out);
  again.hear("c", Prepare{{2, "a", 1}, 1, false}, at(20), out);
  REQUIRE(all<Refusal>(out).size() == 2);
  CHECK(all<Refusal>(out)[0].second.seen == kSecond.number);
}
