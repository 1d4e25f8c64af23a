// Callers and the keeper together on one node, and what they say to others.
#include "actors/policy/cache/shard.hpp"

#include <memory>

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::cache;
using namespace std::chrono_literals;

namespace {

constexpr Digest kKey{7, 7, 7, 7};
const Time t0{Duration(1h)};

EntryPtr entry(std::string body = "answer") {
  auto made = std::make_shared<Entry>();
  made->body = std::move(body);
  return made;
}

struct Node {
  Shard shard{"n1", {1 << 24, 1 << 23}};
  Outbox out;
  Callers::Telling told;
  Time now = t0;

  void ask(Ticket ticket, Duration max_age = kAnyAge) { shard.ask(kKey, ticket, max_age, now, out, told); }
  void end(Ticket ticket, const End& how) { shard.end(kKey, ticket, how, now, out, told); }
  void hear(const std::string& from, const Message& message) { shard.hear(from, message, now, out, told); }
  void tick(Duration later) { shard.tick(now += later, out, told); }
  /// What was told since the last call, as "3!" (leads) or "3" (has the answer).
  std::string heard() {
    std::string text;
    for (const auto& one : std::exchange(told, {}))
      text += std::to_string(one.ticket) + (one.entry ? " " : "! ");
    return text;
  }
  template <class T>
  T said(const std::string& to) {
    REQUIRE(out.size() == 1);
    CHECK(out[0].first == to);
    auto message = std::get<T>(out[0].second);
    out.clear();
    return message;
  }
  /// The key belongs to another node, and so do the rest.
  void join() {
    shard.use(Ring("n1", {"n2"}), now, out, told);
    REQUIRE(shard.ring().owner(kKey) == "n2");
    out.clear();
  }
};

}  // namespace

TEST_CASE("of those who ask for the same the first leads, and all get its answer") {
  Node node;
  for (Ticket i = 1; i <= 4; ++i) node.ask(i);
  CHECK(node.heard() == "1! ");
  node.end(1, {entry(), 1min});
  CHECK(node.heard() == "2 3 4 ");
  CHECK(node.shard.joined() == 3);
  node.ask(5);
  CHECK(node.heard() == "5 ");
  CHECK(node.shard.callers().questions() == 0);
  CHECK(node.shard.flights() == 0);
  CHECK(node.out.empty());
}

TEST_CASE("when the leader fails the next leads, alone") {
  Node node;
  for (Ticket i = 1; i <= 4; ++i) node.ask(i);
  node.end(1, {});
  CHECK(node.heard() == "1! 2! ");
  node.end(2, {entry(), 1min});
  CHECK(node.heard() == "3 4 ");
}

TEST_CASE("after three leaders that failed the rest goes by itself") {
  Node node;
  for (Ticket i = 1; i <= 5; ++i) node.ask(i);
  node.end(1, {});
  node.end(2, {});
  CHECK(node.heard() == "1! 2! 3! ");
  node.end(3, {});
  CHECK(node.heard() == "4! 5! ");
  CHECK(node.shard.flights() == 0);
}

TEST_CASE("where there will be no answer to keep nobody waits for one") {
  Node node;
  for (Ticket i = 1; i <= 3; ++i) node.ask(i);
  node.end(1, {nullptr, {}, true});
  CHECK(node.heard() == "1! 2! 3! ");
}

TEST_CASE("who goes away while waiting is forgotten, and the last leader leaves nothing") {
  Node node;
  for (Ticket i = 1; i <= 3; ++i) node.ask(i);
  node.end(2, {});
  node.end(1, {});
  CHECK(node.heard() == "1! 3! ");
  node.end(3, {});
  CHECK(node.shard.callers().questions() == 0);
  CHECK(node.shard.flights() == 0);
  node.ask(9);
  CHECK(node.heard() == "9! ");
}

TEST_CASE("one who wants a fresher answer than there is makes the call, and others still get the old one") {
  Node node;
  node.ask(1);
  node.end(1, {entry(), 1h});
  node.now += 5min;
  node.ask(2, 1min);
  node.ask(3);
  CHECK(node.heard() == "1! 2! 3 ");
  node.end(2, {entry(), 1h});
  node.ask(4, 1min);
  CHECK(node.heard() == "4 ");
}

TEST_CASE("callers of a node that does not own the entry are one question") {
  Node node;
  node.join();
  node.ask(1);
  node.ask(2);
  const auto look = node.said<Look>("n2");
  node.hear("n2", Hit{kKey, look.id, entry(), 3s});
  REQUIRE(node.told.size() == 2);
  CHECK(node.told[0].age == 3s);
  CHECK(node.heard() == "1 2 ");
  CHECK(node.out.empty());
}

TEST_CASE("of those who wait for another node's answer only who takes one so old gets it") {
  Node node;
  node.join();
  node.ask(1, 1min);
  node.ask(2);
  const auto look = node.said<Look>("n2");
  node.hear("n2", Hit{kKey, look.id, entry(), 5min});
  CHECK(node.heard() == "1! 2 ");
}

TEST_CASE("a leader tells the owner what it got, and its own callers at once") {
  Node node;
  node.join();
  node.ask(1);
  node.ask(2);
  const auto look = node.said<Look>("n2");
  node.hear("n2", Lead{kKey, look.id});
  node.hear("n2", Lead{kKey, look.id});
  CHECK(node.heard() == "1! ");
  node.end(1, {entry(), 30s});
  CHECK(node.heard() == "2 ");
  const auto fill = node.said<Fill>("n2");
  CHECK(fill.ttl == 30s);
  CHECK(fill.id == look.id);
}

TEST_CASE("an owner that says nothing costs one short wait, and then nothing for a while") {
  Node node;
  node.join();
  node.ask(1);
  node.ask(2);
  node.tick(Callers::kPatience - 1ms);
  CHECK(node.heard().empty());
  node.tick(1ms);
  CHECK(node.heard() == "1! ");
  node.end(1, {entry(), 30s});
  CHECK(node.heard() == "2 ");
  node.out.clear();
  node.ask(3);
  CHECK(node.heard() == "3! ");
  CHECK(node.out.empty());
  node.end(3, {});
  node.out.clear();
  node.now += Callers::kSilence;
  node.ask(4);
  CHECK(node.said<Look>("n2").key == kKey);
}

TEST_CASE("an owner that told us to wait and then says nothing more is not waited for") {
  Node node;
  node.join();
  node.ask(1);
  const auto look = node.said<Look>("n2");
  node.hear("n2", Wait{kKey, look.id});
  node.tick(Callers::kAgain);
  CHECK(node.said<Look>("n2").id == look.id);
  node.tick(Callers::kLost - Callers::kAgain);
  CHECK(node.heard() == "1! ");
}

TEST_CASE("an owner that goes is replaced, and a leader says so to the new one") {
  Node node;
  node.join();
  node.ask(1);
  node.hear("n2", Lead{kKey, node.said<Look>("n2").id});
  CHECK(node.heard() == "1! ");
  node.shard.use(Ring("n1"), node.now, node.out, node.told);
  CHECK(node.shard.flights() == 1);
  node.hear("n3", Look{kKey, 77, kAnyAge});
  CHECK(node.said<Wait>("n3").id == 77);
  node.end(1, {entry(), 30s});
  CHECK(node.said<Hit>("n3").id == 77);
  CHECK(node.shard.flights() == 0);
}

TEST_CASE("an answer too large to travel is given to this node's callers, and others go by themselves") {
  Node node;
  node.join();
  node.ask(1);
  node.ask(2);
  node.hear("n2", Lead{kKey, node.said<Look>("n2").id});
  node.end(1, {entry(std::string(kTravels, 'x')), 30s});
  CHECK(node.heard() == "1! 2 ");
  CHECK(node.said<Drop>("n2").open);
}

TEST_CASE("a leader of another node that dies is followed by the next") {
  Node node;
  node.shard.use(Ring("n1", {"n5", "n9"}), node.now, node.out, node.told);
  node.hear("n5", Look{kKey, 1, kAnyAge});
  CHECK(node.said<Lead>("n5").id == 1);
  node.hear("n5", Look{kKey, 1, kAnyAge});
  CHECK(node.said<Lead>("n5").id == 1);
  node.hear("n9", Look{kKey, 2, kAnyAge});
  node.hear("n9", Look{kKey, 2, kAnyAge});
  node.out.clear();
  SECTION("by its silence") {
    node.tick(Keeper::kLease - 1ms);
    CHECK(node.out.empty());
    node.hear("n5", Renew{kKey, 1});
    node.tick(1ms);
    CHECK(node.out.empty());
    node.hear("n9", Look{kKey, 2, kAnyAge});
    node.out.clear();
    node.tick(Keeper::kLease);
  }
  SECTION("by what the members say") {
    node.shard.use(Ring("n1", {"n9"}), node.now, node.out, node.told);
  }
  CHECK(node.said<Lead>("n9").id == 2);
}

TEST_CASE("a crashed actor keeps its entries and forgets who waited") {
  Node node;
  node.ask(1);
  node.end(1, {entry(), 1h});
  node.shard.ask({9, 9, 9, 9}, 2, kAnyAge, node.now, node.out, node.told);
  node.shard.restart();
  CHECK(node.shard.flights() == 0);
  node.heard();
  node.ask(3);
  CHECK(node.heard() == "3 ");
}
