#include "cluster/permits/agent.hpp"

#include "tests/cluster/permits/support.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::cluster;
using namespace troupe::cluster::testing;

namespace {

constexpr Lineage kOld = 5, kNew = 6;

struct Story {
  Agent agent{"n", 1, {"a", "b", "c"}, Timing{}};
  std::shared_ptr<Permits> permits = agent.permits(kRpm);

  std::vector<std::pair<NodeName, Report>> tick(double now) {
    Outbox out;
    agent.tick(at(now), out);
    return all<Report>(out);
  }
  void grant(Units total, double asked, double now, Lineage lineage = kOld, const NodeName& from = "a",
             std::uint64_t seq = 1) {
    Outbox out;
    agent.hear(from, Grant{agent.session(), lineage, asked_of(asked), seq, {{1, total, total, false}}},
               at(now), out);
  }
  std::vector<std::pair<NodeName, Report>> unknown(double now, Lineage lineage, bool refused = false) {
    Outbox out;
    agent.hear("b", UnknownSession{agent.session(), lineage, refused}, at(now), out);
    return all<Report>(out);
  }
  static Asked asked_of(double now) { return at(now).time_since_epoch().count(); }
};

}  // namespace

TEST_CASE("a node that knows no allocator asks every voter") {
  Story story;
  const auto sent = story.tick(1);
  REQUIRE(sent.size() == 3);
  CHECK(sent[0].second.claim.has_value());
  CHECK(sent[0].second.lineage == 0);
  CHECK(story.tick(1.1).empty());
  CHECK(story.tick(1.3).size() == 3);
}

TEST_CASE("a node for whose calls no answer comes asks again before they give up") {
  Story story;
  story.tick(1);
  story.grant(0, 1, 1.02);
  story.tick(1.26);
  story.permits->wait(1, 1);
  CHECK(story.tick(1.30).empty());
  CHECK_FALSE(story.tick(1.32).empty());
  story.grant(0, 1.32, 1.34, kOld, "a", 3);
  CHECK(story.tick(1.38).empty());  // an answer came, though it brought nothing
}

TEST_CASE("while nobody is in office a node asks all voters now and then, however many calls wait") {
  Story story;
  story.tick(1);
  story.permits->wait(1, 1);
  for (const double now : {1.02, 1.04, 1.06, 1.08}) {
    story.agent.hurry();
    CHECK(story.tick(now).empty());
  }
  CHECK(story.tick(1.11).size() == 3);
  story.grant(0, 1.11, 1.12, kOld, "a", 2);
  story.agent.hurry();
  CHECK(story.tick(1.13).size() == 1);  // somebody is: as soon as it matters
}

TEST_CASE("a lease counts from the question, not from the answer") {
  Story story;
  story.tick(1);
  story.grant(5, 1, 9);
  CHECK(story.permits->available(at(10.9)) == 5);
  CHECK(story.permits->available(at(11)) == 0);
}

TEST_CASE("repeated and reordered grants count once") {
  Story story;
  story.tick(1);
  story.grant(5, 1, 1.1);
  story.grant(5, 1, 1.2);
  story.grant(3, 1, 1.3);
  CHECK(story.permits->free() == 5);
}

TEST_CASE("a grant whose lease is over brings nothing: its session may have ended and begun again since") {
  Story story;
  story.tick(1);
  story.grant(5, 1, 11);
  CHECK_FALSE(story.agent.joined());
  CHECK(story.permits->held() == 0);
  story.tick(80);
  story.grant(0, 80, 80.1);
  CHECK(story.permits->held() == 0);
}

TEST_CASE("what a lapsed node had is reported as returned, and not used again when the lease comes back") {
  Story story;
  story.tick(1);
  story.grant(5, 1, 1);
  CHECK(story.permits->take(2, at(2)));
  const auto sent = story.tick(12);
  REQUIRE_FALSE(sent.empty());
  CHECK(sent[0].second.lines.at(0).used == 2);
  CHECK(sent[0].second.lines.at(0).returned == 3);
  story.grant(5, 12, 12.1);
  CHECK(story.permits->available(at(12.2)) == 0);
}

TEST_CASE("grants of another account or an earlier session are not taken") {
  Story story;
  story.tick(1);
  story.grant(5, 1, 1);
  story.grant(9, 1, 1.1, kNew);
  CHECK(story.permits->free() == 5);
  const auto before = story.agent.session();
  story.unknown(2, kNew);
  Outbox out;
  story.agent.hear("a", Grant{before, kOld, Story::asked_of(1), 1, {{1, 9, 9, false}}}, at(2.1), out);
  story.grant(9, 1, 2.1, kOld);
  CHECK(story.permits->free() == 5);
}

TEST_CASE("a node brings what it holds and what it used to an account that does not know it") {
  Story story;
  story.tick(1);
  story.grant(5, 1, 1);
  story.tick(1.9);
  story.permits->take(2, at(2));
  story.tick(2.1);
  const auto sent = story.unknown(5, kNew);
  REQUIRE_FALSE(sent.empty());
  const auto& message = sent[0].second;
  CHECK(message.lineage == kNew);
  REQUIRE(message.claim);
  CHECK(message.claim->held == std::vector<std::pair<LimitId, Units>>{{1, 3}});
  REQUIRE(message.claim->used.size() == 1);
  CHECK(message.claim->used[0].units == 2);
  CHECK(message.claim->used[0].age <= span(3));
  story.grant(3, 5, 5.1, kNew);
  CHECK(story.permits->available(at(5.2)) == 3);
}

TEST_CASE("a claim is never more than the truth") {
  Story story;
  story.tick(1);
  story.grant(5, 1, 1);
  story.tick(1.9);
  story.permits->take(2, at(2));
  SECTION("permits whose lease is over are not claimed") {
    story.tick(2.1);
    const auto sent = story.unknown(12, kNew);
    REQUIRE_FALSE(sent.empty());
    CHECK(sent[0].second.claim->held.empty());
    CHECK(sent[0].second.claim->used.size() == 1);
    CHECK(story.permits->free() == 0);
  }
  SECTION("uses that may have cooled already, because the node stood still, are not claimed") {
    const auto sent = story.unknown(70, kNew);
    REQUIRE_FALSE(sent.empty());
    CHECK(sent[0].second.claim->used.empty());
  }
}

TEST_CASE("a node whose claim is refused keeps its lease to the end and brings nothing then") {
  Story story;
  story.tick(1);
  story.grant(5, 1, 1);
  story.unknown(2, kNew);
  CHECK(story.unknown(3, kNew, true).empty());
  CHECK(story.permits->available(at(3)) == 5);
  const auto sent = story.unknown(11.1, kNew, true);
  REQUIRE_FALSE(sent.empty());
  CHECK(sent[0].second.claim->held.empty());
  CHECK(sent[0].second.claim->used.empty());
  CHECK(story.permits->free() == 0);
}

TEST_CASE("calls under way bring nothing into a session that begins without their permits") {
  Agent agent("n", 1, {"a"}, Timing{});
  auto permits = agent.permits(kAtOnce);
  Outbox out;
  agent.tick(at(1), out);
  agent.hear("a", Grant{agent.session(), kOld, Story::asked_of(1), 1, {{2, 2, 2, false}}}, at(1), out);
  permits->take(2, at(2));
  agent.hear("a", UnknownSession{agent.session(), kOld, false}, at(12), out);
  permits->finish(2, 0);
  CHECK(permits->held() == 0);
}

TEST_CASE("a new allocator hears every counter again") {
  Story story;
  story.tick(1);
  story.grant(1, 1, 1);
  story.permits->take(1, at(1.1));
  story.tick(1.3);
  story.grant(1, 1.3, 1.4, kOld, "a", 2);
  CHECK(story.tick(1.7)[0].second.lines.empty());
  Outbox out;
  story.agent.hear("b", InOffice{{2, "b", 1}}, at(1.8), out);
  const auto sent = all<Report>(out);
  REQUIRE(sent.size() == 1);
  CHECK(sent[0].first == "b");
  CHECK(sent[0].second.lines.at(0).used == 1);
}

TEST_CASE("a late answer does not lead a node back to who was in office before") {
  Story story;
  story.tick(1);
  story.tick(2);
  story.grant(5, 2, 2.1, kOld, "b", 2);
  story.grant(5, 1, 2.2, kOld, "a");
  CHECK(story.agent.allocator() == "b");
}

TEST_CASE("a node says how large its limits are until that is acknowledged, and when they change") {
  Story story;
  CHECK(story.tick(1)[0].second.whole);
  auto next = story.tick(1.3)[0].second;
  CHECK_FALSE(next.whole);
  REQUIRE(next.lines.size() == 1);
  CHECK(next.lines[0].spec == kRpm);
  story.grant(1, 1.3, 1.4, kOld, "a", 2);
  story.tick(1.7);  // all of it, to an allocator that is new to this node
  story.grant(1, 1.7, 1.8, kOld, "a", 3);
  next = story.tick(2)[0].second;
  REQUIRE(next.lines.size() == 1);
  CHECK_FALSE(next.lines[0].spec);
  auto smaller = kRpm;
  smaller.units = 4;
  story.agent.configure({smaller});
  next = story.tick(2.1)[0].second;
  CHECK(next.whole);
  CHECK(next.lines.at(0).spec == smaller);
  CHECK(story.tick(2.4)[0].second.lines.at(0).spec == smaller);
}

TEST_CASE("a limit that is not in the configuration any more is not spoken for") {
  Story story;
  story.tick(1);
  story.grant(5, 1, 1.1);
  story.agent.configure({});
  const auto sent = story.tick(1.2);
  REQUIRE(sent.size() == 1);
  CHECK(sent[0].second.whole);
  CHECK_FALSE(sent[0].second.lines.at(0).spec);
  CHECK(story.permits->free() == 5);
}

TEST_CASE("a node knows what is left in the cluster as of its newest answered report") {
  Story story;
  story.tick(1);
  story.grant(5, 1, 1.1);
  REQUIRE(story.permits->take(2, at(1.2)));
  story.tick(1.3);
  REQUIRE(story.permits->take(1, at(1.35)));
  const auto hear = [&](std::uint64_t seq, double asked, Units left) {
    Grant said{
        story.agent.session(), kOld, Story::asked_of(asked), seq, {{1, 5, 5, false, 10, left, 500, 2000}}};
    Outbox out;
    story.agent.hear("a", said, at(1.4), out);
  };
  hear(2, 1.3, 6);
  auto known = story.permits->outlook(at(1.5));
  REQUIRE(known);
  CHECK(known->left == 5);
  CHECK(known->as_of == at(1.3));
  CHECK(known->next_at == at(1.9));
  CHECK(known->full_at == at(3.4));
  hear(1, 1, 8);  // late
  CHECK(story.permits->outlook(at(1.5))->left == 5);
}
