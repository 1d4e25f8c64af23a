#include "cluster/permits/allocator.hpp"

#include "cluster/permits/voter.hpp"
#include "tests/cluster/permits/support.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::cluster;
using namespace troupe::cluster::testing;

namespace {

constexpr Lineage kLineage = 5;
const SessionId kOne{"n1", 1, 1}, kTwo{"n2", 1, 1};

/// An allocator whose voters answer at once, as long as they are `reachable`.
struct House {
  explicit House(bool cold = false) {
    Table table{Timing{}};
    if (cold) table.forget_everything({kRpm, kAtOnce}, at(0));
    allocator.emplace("a", Office({1, "a", 1}, kLineage, {"a", "b", "c"}, Timing{}, asked_at(at(0))),
                      std::move(table), Limits{kRpm, kAtOnce}, at(0));
    for (const auto* name : {"a", "b", "c"})
      voters.emplace(name, Voter(name, 1, Timing{}, Knowledge::never, at(0)));
    tick(0);
    tick(0.2);
  }
  void carry(Outbox& out, double now) {
    while (!out.empty()) {
      Outbox next;
      for (const auto& [to, message] : std::exchange(out, {})) {
        const auto* append = std::get_if<Append>(&message);
        if (!append) {
          heard.push_back({to, message});
        } else if (to == "a" || reachable) {
          Outbox answers;
          voters.at(to).hear("a", *append, at(now), answers);
          for (const auto& [name, ack] : all<Ack>(answers)) allocator->hear(to, ack, at(now), random, next);
        }
      }
      out = std::move(next);
    }
  }
  void tick(double now) {
    for (double step = last; step <= now; step += 0.05) {
      Outbox out;
      allocator->tick(at(step), random, out);
      carry(out, step);
    }
    last = now;
  }
  /// Answers what the allocator said to the node.
  void say(const Report& message, double now) {
    tick(now);
    heard.clear();
    Outbox out;
    allocator->hear(message.session.node, message, at(now), random, out);
    carry(out, now);
    tick(now + 0.1);
  }
  Units granted(const NodeName& node) {
    Units most = 0;
    for (const auto& [to, grant] : all<Grant>(heard)) {
      if (to != node) continue;
      for (const auto& one : grant.lines) most = std::max(most, one.granted);
    }
    return most;
  }
  const Book& book(LimitId id) { return allocator->table().books().at(id); }

  Random random{1};
  bool reachable = true;
  double last = 0;
  std::optional<Allocator> allocator;
  std::map<NodeName, Voter> voters;
  Outbox heard;
};

Report opening(const SessionId& session, double asked, Claim claim, Lineage lineage = kLineage) {
  auto out = report(session, 1, at(asked), line(1, 0, 0), true);
  out.lineage = lineage;
  out.claim = std::move(claim);
  return out;
}

}  // namespace

TEST_CASE("a node that waits is granted what is free") {
  House house;
  house.say(report(kOne, 1, at(1), line(1, 0, 0, 4), true), 1);
  CHECK(house.granted("n1") >= 4);
  CHECK(house.granted("n1") <= 10);
  CHECK(house.allocator->table().imbalance(1) == 0);
}

TEST_CASE("a grant leaves when a majority has it, not before") {
  House house;
  house.say(report(kOne, 1, at(1), line(1, 0, 0), true), 1);
  const auto before = house.granted("n1"), free = house.book(1).pool;
  REQUIRE(free > 0);
  house.reachable = false;
  house.say(report(kOne, 2, at(1.3), line(1, 0, 0, free + before)), 1.3);
  CHECK(house.granted("n1") <= before);
  CHECK(house.book(1).pool == 0);
  house.reachable = true;
  house.tick(2);
  CHECK(house.granted("n1") == before + free);
}

TEST_CASE("an allocator without a majority falls silent") {
  House house;
  house.reachable = false;
  house.tick(5);
  CHECK_FALSE(house.allocator->holds(at(5)));
  house.say(report(kOne, 1, at(5), line(1, 0, 0, 4), true), 5);
  CHECK(house.heard.empty());
}

TEST_CASE("used permits cool, returned ones are free at once, and late words change nothing") {
  House house;
  house.say(report(kOne, 1, at(1), line(1, 0, 0, 4), true), 1);
  house.say(report(kOne, 3, at(2), line(1, 2, 2)), 2);
  CHECK(house.book(1).cooling_sum == 2);
  house.say(report(kOne, 2, at(1.5), line(1, 1, 0)), 3);
  house.say(report(kOne, 3, at(2), line(1, 2, 2)), 4);
  CHECK(house.book(1).cooling_sum == 2);
  CHECK(house.allocator->table().imbalance(1) == 0);
}

TEST_CASE("more used than granted is taken from the pool") {
  House house;
  house.say(report(kOne, 1, at(1), line(1, 12, 0), true), 1);
  CHECK(house.book(1).pool == -2);
  CHECK(house.allocator->table().imbalance(1) == 0);
  house.say(report(kTwo, 1, at(2), line(1, 0, 0, 1), true), 2);
  CHECK(house.granted("n2") == 0);
}

TEST_CASE("permits of a lost holder are free when its lease, the window and the guard are over") {
  House house;
  house.say(report(kOne, 1, at(1), line(1, 0, 0, 10), true), 1);
  house.tick(70);
  CHECK(house.book(1).pool == 0);
  house.tick(73);
  CHECK(house.book(1).pool == 10);
  CHECK(house.allocator->table().accounts().empty());
}

TEST_CASE("a node that comes back before anything was thawed goes on") {
  House house;
  house.say(report(kOne, 1, at(1), line(1, 0, 0, 10), true), 1);
  house.tick(40);
  CHECK(house.allocator->table().accounts().at(kOne).frozen);
  house.say(report(kOne, 2, at(41), line(1, 4, 6)), 41);
  CHECK_FALSE(house.allocator->table().accounts().at(kOne).frozen);
  CHECK(house.book(1).pool >= 6 - 1);  // what it voided
  CHECK(house.allocator->table().imbalance(1) == 0);
  house.say(report(kTwo, 1, at(73), line(1, 0, 0, 1), true), 73);
  CHECK(house.book(1).cooling_sum == 0);  // what it used before its lease ended has cooled by then
}

TEST_CASE("a node that comes back after the thaw begins anew") {
  House house;
  auto first = report(kOne, 1, at(1), line(1, 0, 0, 5), true);
  auto at_once = line(2, 0, 0, 2);
  first.lines.push_back(at_once);
  house.say(first, 1);
  house.tick(80);  // the window's permits are thawed, those for calls at once are not
  house.say(report(kOne, 2, at(80), line(1, 5, 0)), 80);
  REQUIRE(all<UnknownSession>(house.heard).size() == 1);
  CHECK(all<UnknownSession>(house.heard)[0].second.lineage == kLineage);
}

TEST_CASE("a restarted node freezes what its dead process held, at that moment") {
  House house;
  house.say(report(kOne, 1, at(1), line(1, 0, 0, 10), true), 1);
  house.say(report({"n1", 2, 1}, 1, at(500), line(1, 0, 0, 1), true), 2);
  CHECK(house.allocator->table().accounts().at(kOne).frozen);
  CHECK(house.granted("n1") == 0);
  house.say(report(kOne, 9, at(2), line(1, 3, 7)), 3);  // its late word
  CHECK(house.heard.empty());
  house.tick(62.9);
  CHECK(house.book(1).cooling_sum + house.book(1).pool <= 10);
  CHECK(house.allocator->table().imbalance(1) == 0);
}

TEST_CASE("after a cold start claims come out of what is unknown") {
  House house(true);
  CHECK(house.book(1).pool == 0);
  Claim claim;
  claim.held = {{1, 3}};
  claim.used = {{1, span(20), 2}};
  house.say(opening(kOne, 1, claim), 1);
  CHECK(house.book(1).unknown == 5);
  CHECK(house.book(1).cooling_sum == 2);
  CHECK(house.allocator->table().accounts().at(kOne).counters.at(1).granted == 3);
  house.say(opening(kOne, 1, claim), 1.5);  // the same once more
  CHECK(house.book(1).unknown == 5);
  house.say(report(kTwo, 1, at(43), line(1, 0, 0, 2), true), 43);
  CHECK(house.granted("n2") == 2);
  CHECK(house.allocator->table().imbalance(1) == 0);
}

TEST_CASE("a claim that is not covered, or was not meant for this account, is refused") {
  House house(true);
  Claim claim;
  claim.held = {{1, 11}};
  house.say(opening(kOne, 1, claim), 1);
  REQUIRE(all<UnknownSession>(house.heard).size() == 1);
  CHECK(all<UnknownSession>(house.heard)[0].second.claim_refused);
  claim.held = {{1, 3}};
  house.say(opening(kOne, 1, claim, kLineage + 1), 2);
  REQUIRE(all<UnknownSession>(house.heard).size() == 1);
  house.say(opening(kOne, 1, claim, 0), 3);
  REQUIRE(all<UnknownSession>(house.heard).size() == 1);
  CHECK(house.book(1).unknown == 10);
  CHECK(house.allocator->table().accounts().empty());
}

TEST_CASE("nobody claims anything once the unknown is found") {
  House house(true);
  house.tick(72);
  CHECK(house.book(1).unknown == 0);
  CHECK(house.book(1).pool == 10);
  Claim claim;
  claim.held = {{1, 3}};
  house.say(opening(kOne, 72, claim), 72);
  CHECK(all<UnknownSession>(house.heard).size() == 1);
}

TEST_CASE("a session of another account is told so") {
  House house;
  auto message = report(kOne, 5, at(1), line(1, 3, 0));
  message.lineage = kLineage + 1;
  house.say(message, 1);
  REQUIRE(all<UnknownSession>(house.heard).size() == 1);
  CHECK(house.book(1).pool == 10);
}

TEST_CASE("a session that leaves is answered, gives back what it has, is given nothing and is closed") {
  House house;
  house.say(report(kOne, 1, at(1), line(1, 0, 0, 4), true), 1);
  const auto granted = house.granted("n1");
  auto last = report(kOne, 2, at(1.5), line(1, 1, granted - 1));
  last.leaving = true;
  house.say(last, 1.5);
  REQUIRE(all<Grant>(house.heard).size() == 1);
  CHECK(all<Grant>(house.heard).at(0).second.seq == 2);
  CHECK(all<Grant>(house.heard).at(0).second.lines.empty());
  CHECK_FALSE(house.allocator->table().accounts().contains(kOne));
  CHECK(house.book(1).pool == 9);
  CHECK(house.allocator->table().imbalance(1) == 0);
}

TEST_CASE("what was on its way to a session that leaves is handed back before it is closed") {
  House house;
  house.say(report(kOne, 1, at(1), line(1, 0, 0, 4), true), 1);
  const auto granted = house.granted("n1");
  auto last = report(kOne, 2, at(1.5), line(1, 0, 0));
  last.leaving = true;
  house.say(last, 1.5);
  CHECK(house.granted("n1") == granted);
  REQUIRE(house.allocator->table().accounts().contains(kOne));
  last.seq = 3;
  last.lines = {line(1, 0, granted)};
  house.say(last, 1.8);
  CHECK_FALSE(house.allocator->table().accounts().contains(kOne));
  CHECK(house.book(1).pool == 10);
}

TEST_CASE("a session that brought a claim is remembered until no late copy of it could be believed") {
  House house(true);
  const auto claimed = opening(kOne, 1, {{}, {{1, span(50), 3}}});
  house.say(claimed, 1);
  REQUIRE(house.book(1).unknown == 7);
  auto last = report(kOne, 2, at(1.5), line(1, 0, 0));
  last.lineage = kLineage;
  last.leaving = true;
  house.say(last, 1.5);
  house.say(claimed, 5);
  CHECK(house.book(1).unknown == 7);
  house.tick(30);  // its lease is over, and it holds nothing
  house.say(claimed, 30);
  CHECK(house.book(1).unknown == 7);
}

TEST_CASE("a node is told what is left of a limit in the whole cluster, and when all of it will be") {
  House house;
  house.say(report(kOne, 1, at(1), line(1, 0, 0, 4), true), 1);
  const auto granted = house.granted("n1");
  auto used = line(1, 3, 0);
  used.granted_seen = granted;
  used.available = granted - 3;
  house.say(report(kOne, 2, at(2), used), 2);
  house.say(report(kTwo, 1, at(3), line(1, 0, 0, 1), true), 3);
  const auto grants = all<Grant>(house.heard);
  REQUIRE_FALSE(grants.empty());
  const auto& told = grants.back().second.lines.at(0);
  CHECK(grants.back().first == "n2");
  CHECK(told.units == 10);
  CHECK(told.left == 7);
  CHECK(told.next_ms == told.full_ms);
  CHECK(told.full_ms > 59000);
  CHECK(told.full_ms < 60000);
}

TEST_CASE("what is reserved somewhere is not left") {
  House house;
  auto ask = line(2, 0, 0, 4);
  house.say(report(kOne, 1, at(1), ask, true), 1);
  ask = line(2, 0, 0);
  ask.granted_seen = 4;
  ask.available = 1;
  house.say(report(kOne, 2, at(2), ask), 2);
  CHECK(all<Grant>(house.heard).back().second.lines.at(0).left == 1);
}

TEST_CASE("the smaller limit of two configurations holds, and nothing is granted beyond it") {
  House house;
  auto smaller = kRpm;
  smaller.units = 3;
  auto first = report(kOne, 1, at(1), line(1, 0, 0), true);
  first.lines[0].spec = smaller;
  first.whole = true;
  house.say(first, 1);
  CHECK(house.book(1).spec.units == 3);
  house.say(report(kTwo, 1, at(1.5), line(1, 0, 0, 8), true), 1.5);
  CHECK(house.granted("n2") + house.book(1).pool <= 3);
  CHECK(house.allocator->table().imbalance(1) == 0);
  SECTION("until who said so is gone") {
    auto word = report(kTwo, 2, at(10), line(1, 0, 0));
    word.lines[0].spec = kRpm;
    word.whole = true;
    house.say(word, 10);
    CHECK(house.book(1).spec.units == 3);
    house.tick(12);
    CHECK(house.book(1).spec.units == 10);
  }
  SECTION("and a new allocator does not raise it before all have spoken") {
    auto copy = house.allocator->table();
    Allocator next("b", Office({2, "b", 1}, kLineage, {"a", "b", "c"}, Timing{}, asked_at(at(2))), copy,
                   Limits{kRpm, kAtOnce}, at(2));
    CHECK(next.table().book(1)->spec.units == 3);
  }
}

TEST_CASE("a limit that the allocator's configuration does not have is known from who has it") {
  House house;
  LimitSpec other{77, LimitKind::window, 6, std::chrono::seconds(60), 1};
  auto word = report(kOne, 1, at(1), line(77, 0, 0, 2), true);
  word.lines[0].spec = other;
  house.say(word, 1);
  CHECK(house.granted("n1") >= 2);
  CHECK(house.allocator->table().imbalance(77) == 0);
}
