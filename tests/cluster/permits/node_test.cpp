#include "cluster/permits/node.hpp"

#include <map>
#include <set>

#include "tests/cluster/permits/support.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::cluster;
using namespace troupe::cluster::testing;

namespace {

/// Nodes on one clock and a network without delay; `cut` nodes hear and are heard by nobody.
struct Town {
  explicit Town(int nodes, int voters, Knowledge knowledge = Knowledge::never, bool open = false)
      : cold_open(open) {
    for (int i = 0; i < voters; ++i) voter_names.push_back(name(i));
    for (int i = 0; i < nodes; ++i) boot(name(i), knowledge);
  }
  static NodeName name(int index) { return "node-" + std::to_string(index); }
  void boot(const NodeName& who, Knowledge knowledge) {
    NodeSettings settings;
    settings.me = who;
    settings.incarnation = ++lives[who];
    settings.voters = voter_names;
    settings.limits = {kRpm};
    settings.knowledge = knowledge;
    settings.cold_open = cold_open;
    homes.insert_or_assign(who, std::make_unique<Node>(settings, now, 7 + lives[who] + homes.size()));
  }
  void post(const NodeName& from, Outbox out) {
    std::vector<std::pair<NodeName, Outgoing>> queue;
    for (auto& one : out) queue.emplace_back(from, std::move(one));
    for (std::size_t i = 0; i < queue.size(); ++i) {
      const auto [sender, letter] = queue[i];
      const auto home = homes.find(letter.to);
      if (home == homes.end() || cut.count(sender) || cut.count(letter.to)) continue;
      Outbox answers;
      home->second->hear(sender, letter.message, now, answers);
      obey(*home->second, answers);
      for (auto& one : answers) queue.emplace_back(letter.to, std::move(one));
    }
  }
  /// What keys do when permits are called back.
  void obey(Node& home, Outbox& out) {
    bool any = false;
    for (const auto& recall : home.take_recalls())
      any |= home.agent().permits(kRpm)->give_back(recall.keep) > 0;
    if (any) home.hurry(now, out);
  }
  void run(double seconds) {
    for (const auto end = now + span(seconds); now < end; now += span(0.02)) {
      for (auto& [who, home] : homes) {
        Outbox out;
        home->tick(now, out);
        post(who, std::move(out));
      }
    }
  }
  Permits& permits(int index) { return *homes.at(name(index))->agent().permits(kRpm); }
  /// A call waits at a node until it is served, at most for a second. Whether it was.
  bool call(int index) {
    auto& mine = permits(index);
    const auto& who = name(index);
    for (int i = 0; i < 50; ++i) {
      if (mine.take(1, now)) return mine.wait(0, 0), true;
      mine.wait(1, 1);
      Outbox out;
      homes.at(who)->hurry(now, out);
      post(who, std::move(out));
      run(0.02);
    }
    mine.wait(0, 0);
    return false;
  }
  int calls(int index, int count) {
    int served = 0;
    for (int i = 0; i < count; ++i) served += call(index);
    return served;
  }
  NodeName allocator() {
    NodeName found;
    for (auto& [who, home] : homes) {
      if (!home->allocator() || !home->allocator()->holds(now)) continue;
      CHECK(found.empty());
      found = who;
    }
    return found;
  }

  const Book& book() { return *homes.at(allocator())->allocator()->table().book(1); }

  Time now = at(1000);
  bool cold_open = false;
  std::vector<NodeName> voter_names;
  std::map<NodeName, std::uint64_t> lives;
  std::map<NodeName, std::unique_ptr<Node>> homes;
  std::set<NodeName> cut;
};

}  // namespace

TEST_CASE("a node on its own is its own majority, at once") {
  Town town(1, 1);
  town.run(0.05);
  CHECK(town.allocator() == "node-0");
  CHECK(town.calls(0, 11) == 10);
  town.run(61);
  CHECK(town.call(0));
}

TEST_CASE("three voters elect one allocator, and every node is served by it") {
  Town town(4, 3);
  town.run(1);
  CHECK_FALSE(town.allocator().empty());
  CHECK(town.calls(3, 6) + town.calls(1, 6) == 10);
}

TEST_CASE("a new allocator goes on with the account of the old one") {
  Town town(4, 3);
  town.run(1);
  CHECK(town.calls(3, 6) == 6);
  const auto first = town.allocator();
  town.cut.insert(first);
  town.run(4);
  const auto second = town.allocator();
  CHECK(second != first);
  REQUIRE_FALSE(second.empty());
  const auto more = town.calls(3, 6);  // all but what the node holds that is cut off
  CHECK(more > 0);
  CHECK(more <= 4);
}

TEST_CASE("a candidate that is cut off does not spoil the office of the others") {
  Town town(3, 3);
  town.run(1);
  const auto first = town.allocator();
  const auto other = first == "node-0" ? "node-1" : "node-0";
  town.cut.insert(other);
  town.run(20);
  town.cut.clear();
  town.run(2);
  CHECK(town.allocator() == first);
}

TEST_CASE("when a majority forgot, everything is unknown for a window, and claims come back at once") {
  Town town(4, 3);
  town.run(1);
  CHECK(town.calls(3, 4) == 4);
  for (int i = 0; i < 3; ++i) town.boot(Town::name(i), Knowledge::forgot);
  town.run(4);
  REQUIRE_FALSE(town.allocator().empty());
  const auto& table = town.homes.at(town.allocator())->allocator()->table();
  CHECK(table.book(1)->unknown > 0);
  CHECK(table.book(1)->cooling_sum == 4);
  CHECK(table.imbalance(1) == 0);
  CHECK(town.calls(1, 2) == 0);
  town.run(75);
  CHECK(town.calls(1, 11) == 10);
}

TEST_CASE("one voter that forgot is brought up to date and counts again") {
  Town town(4, 3);
  town.run(1);
  CHECK(town.calls(3, 4) == 4);
  const auto first = town.allocator();
  const auto other = first == "node-0" ? "node-1" : "node-0";
  town.boot(other, Knowledge::forgot);
  town.run(4);
  town.cut.insert(first);
  town.run(5);
  const auto more = town.calls(3, 8);  // nothing was forgotten, nothing waits for a window
  CHECK(more > 0);
  CHECK(more <= 6);
}

TEST_CASE("without a majority nobody is in office, and permits lapse with their lease") {
  Town town(3, 3);
  town.run(1);
  CHECK(town.call(0));
  town.cut = {"node-0", "node-1"};
  town.run(3);
  CHECK(town.allocator().empty());
  town.run(10);
  CHECK_FALSE(town.call(2));
  CHECK(town.permits(0).available(town.now) == 0);
}

TEST_CASE("a restarted voter counts again when it has the account, and says so") {
  Town town(4, 3);
  CHECK_FALSE(town.homes.at("node-0")->copy_counts());
  CHECK(town.homes.at("node-3")->copy_counts());  // it keeps none
  town.run(1);
  for (int i = 0; i < 3; ++i) CHECK(town.homes.at(Town::name(i))->copy_counts());
  const auto other = town.allocator() == "node-0" ? "node-1" : "node-0";
  town.boot(other, Knowledge::forgot);
  town.run(1);  // it has a lease, but abstains still
  CHECK(town.homes.at(other)->agent().lease()->holds(town.now));
  CHECK_FALSE(town.homes.at(other)->copy_counts());
  town.run(2);
  CHECK(town.homes.at(other)->copy_counts());
}

TEST_CASE("voters that restart one after another, each when the one before counts again, lose nothing") {
  for (const bool open : {false, true}) {
    Town town(4, 3, Knowledge::never, open);
    town.run(1);
    CHECK(town.calls(3, 10) == 10);
    for (int turn = 0; turn < 9; ++turn) {
      const auto who = Town::name(turn % 3);
      town.boot(who, Knowledge::forgot);
      while (!town.homes.at(who)->copy_counts()) town.run(0.1);
      CHECK(town.calls(turn % 4, 1) == 0);
    }
    REQUIRE_FALSE(town.allocator().empty());
    CHECK(town.book().unknown == 0);
  }
}

TEST_CASE("the operator's word opens the pools when all have forgotten, not when a majority was lost") {
  Town town(4, 3, Knowledge::never, true);
  town.run(1);
  CHECK(town.calls(3, 10) == 10);
  for (int i = 0; i < 2; ++i) town.boot(Town::name(i), Knowledge::forgot);
  town.run(4);
  REQUIRE_FALSE(town.allocator().empty());
  CHECK(town.book().pool == 0);
  CHECK(town.calls(1, 2) == 0);
  for (int i = 0; i < 3; ++i) town.boot(Town::name(i), Knowledge::forgot);
  town.run(4);
  REQUIRE_FALSE(town.allocator().empty());
  CHECK(town.book().unknown == 0);
  CHECK(town.calls(1, 2) == 2);
}

TEST_CASE("one voter that knows of an earlier run is believed over two new ones") {
  Town town(0, 3);
  town.boot("node-0", Knowledge::forgot);
  town.boot("node-1", Knowledge::never);
  town.boot("node-2", Knowledge::never);
  town.run(4);
  REQUIRE_FALSE(town.allocator().empty());
  CHECK(town.book().pool == 0);
  CHECK(town.book().unknown == 10);
}

TEST_CASE("a node whose clock went back takes the incarnation after the one that the cluster remembers") {
  Town town(4, 3);
  town.lives["node-3"] = 50;
  town.boot("node-3", Knowledge::never);
  town.run(1);
  CHECK(town.calls(3, 2) == 2);
  town.lives["node-3"] = 6;
  town.boot("node-3", Knowledge::never);
  town.run(1);
  CHECK_FALSE(town.homes.at("node-3")->agent().joined());
  CHECK_FALSE(town.homes.at("node-3")->reborn(5, town.now));
  CHECK(town.homes.at("node-3")->reborn(52, town.now));
  town.run(0.5);
  CHECK(town.homes.at("node-3")->agent().joined());
  CHECK(town.call(3));
  CHECK_FALSE(town.homes.at("node-3")->reborn(60, town.now));  // it has a session: nobody doubts it
}

TEST_CASE("a voter whose clock went back counts again under its new incarnation") {
  Town town(3, 3);
  town.lives["node-1"] = 50;
  town.boot("node-1", Knowledge::never);
  town.run(3);
  town.lives["node-1"] = 6;
  town.boot("node-1", Knowledge::forgot);
  town.run(3);
  CHECK(town.homes.at("node-1")->reborn(52, town.now));
  town.run(1);
  CHECK(town.homes.at("node-1")->copy_counts());
}
