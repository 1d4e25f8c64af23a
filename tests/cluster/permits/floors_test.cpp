#include "cluster/permits/floors.hpp"

#include "cluster/permits/node.hpp"
#include "tests/cluster/permits/support.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::cluster;
using namespace troupe::cluster::testing;

namespace {

const LimitSpec kWide{1, LimitKind::window, 60, std::chrono::seconds(60), 1};
const LimitId kFloor = floor_of(1);

/// Nodes on a perfect network, the first of them the only voter; who is cut off neither speaks nor hears.
struct Town {
  explicit Town(int size, double share = 0.2) {
    for (int i = 0; i < size; ++i) start("n" + std::to_string(i + 1), share);
  }
  void start(const NodeName& name, double share = 0.2) {
    NodeSettings settings;
    settings.me = name;
    settings.incarnation = ++lives;
    settings.voters = {"n1"};
    settings.limits = with_floors({kWide}, share);
    settings.knowledge = Knowledge::never;
    nodes.erase(name);
    nodes.try_emplace(name, settings, at(now), 7);
  }
  void run(double until) {
    for (; now < until; now += 0.02) {
      for (auto& [name, node] : nodes) {
        Outbox out;
        node.tick(at(now), out);
        carry(name, out);
      }
    }
  }
  void carry(const NodeName& from, Outbox& out) {
    for (const auto& [to, message] : std::exchange(out, {})) {
      if (away.contains(from) || away.contains(to) || !nodes.contains(to)) continue;
      Outbox answers;
      auto& node = nodes.at(to);
      node.hear(from, message, at(now), answers);
      for (const auto& recall : node.take_recalls())
        node.agent().permits(recall.limit == 1 ? kWide : slots)->give_back(recall.keep);
      carry(to, answers);
    }
  }
  std::shared_ptr<Floor> floor(const NodeName& name) { return nodes.at(name).agent().floor(kWide); }
  Units own(const NodeName& name) { return floor(name)->slots()->held(); }
  const Table& account() { return nodes.at("n1").allocator()->table(); }
  const Book& book(LimitId id) { return account().books().at(id); }
  /// Calls at `name` that use `units` of the limit as they come; the last of them may be left free.
  void use(const NodeName& name, Units units, bool last = true) {
    const auto permits = nodes.at(name).agent().permits(kWide);
    for (int i = 0; i < 500 && units > 0; ++i) {
      permits->ask(5);
      permits->wait(units, 1);
      run(now + 0.02);
      for (; units > 0 && permits->free() > 0; --units)
        if (last || units > 1) permits->take(1, at(now));
    }
    permits->wait(0, 0);
    REQUIRE(units == 0);
  }
  void change(double share, const Limits& limits = {kWide}) {
    for (auto& [name, node] : nodes) node.configure(with_floors(limits, share), at(now));
  }

  LimitSpec slots{kFloor, LimitKind::floor, 12, std::chrono::seconds(60), 1};
  std::map<NodeName, Node> nodes;
  std::set<NodeName> away;
  double now = 100;
  std::uint64_t lives = 0;
};

}  // namespace

TEST_CASE("floors are taken out of the limit, and a limit too small for one has none") {
  const auto split = with_floors({kWide, {2, LimitKind::concurrency, 4, std::chrono::seconds(60), 1}}, 0.2);
  REQUIRE(split.size() == 3);
  CHECK((split[0].id == kFloor && split[0].kind == LimitKind::floor && split[0].units == 12));
  CHECK((split[1].id == 1 && split[1].units == 48));
  CHECK((split[2].id == 2 && split[2].units == 4));
  CHECK(floor_of(floor_of(77)) == 77);
  CHECK(with_floors({kWide}, 0) == Limits{kWide});
}

TEST_CASE("every node has an equal part of a floor, and a new one gets its own from the others") {
  Town town(2);
  town.run(125);
  CHECK((town.own("n1") == 6 && town.own("n2") == 6));
  town.start("n3");
  town.run(150);
  CHECK((town.own("n1") == 4 && town.own("n2") == 4 && town.own("n3") == 4));
  CHECK(town.book(kFloor).pool == 0);
}

TEST_CASE("slots that cool are handed to a new node when they have cooled") {
  Town town(2);
  town.run(125);
  REQUIRE(town.floor("n2")->take(6, at(125)));
  town.start("n3");
  town.run(150);
  CHECK((town.own("n2") == 6 && town.own("n3") == 2));
  town.run(210);
  CHECK((town.own("n2") == 4 && town.own("n3") == 4));
}

TEST_CASE("a node that is cut off goes on with its floor, and with nothing else, until the floor ends") {
  Town town(3);
  town.run(125);
  town.away = {"n2"};
  town.run(140);
  CHECK_FALSE(town.nodes.at("n2").agent().lease()->holds(at(140)));
  CHECK(town.floor("n2")->take(4, at(140)));
  CHECK_FALSE(town.floor("n2")->take(1, at(141)));
  CHECK(town.floor("n2")->take(4, at(201)));
  CHECK(town.floor("n2")->take(4, at(125 + 3590)));
  CHECK_FALSE(town.floor("n2")->take(1, at(125 + 3600)));
}

TEST_CASE("what a node that is cut off may use is nobody else's for as long") {
  Town town(3);
  town.run(125);
  town.away = {"n2"};
  town.run(125 + 3600 + 60);
  CHECK((town.own("n1") == 4 && town.own("n3") == 4));
  town.run(125 + 3610 + 800);
  CHECK((town.own("n1") == 6 && town.own("n3") == 6));
}

TEST_CASE("a node that was away long has no floor until what it may have used has cooled") {
  Town town(3);
  town.run(125);
  town.use("n2", 5, false);
  town.away = {"n2"};
  town.run(300);
  town.away = {};
  REQUIRE(town.floor("n2")->take(4, at(300)));
  town.run(310);
  CHECK(town.nodes.at("n2").agent().lease()->holds(at(310)));
  CHECK(town.own("n2") == 0);
  town.run(359);
  CHECK(town.own("n2") == 0);
  town.run(375);
  CHECK(town.own("n2") == 4);
}

TEST_CASE("a node that comes back before anything of it was given away has its floor still") {
  Town town(3);
  town.run(125);
  town.away = {"n2"};
  town.run(150);
  town.away = {};
  REQUIRE(town.floor("n2")->take(4, at(150)));
  town.run(155);
  CHECK(town.own("n2") == 4);
  CHECK(town.floor("n2")->available(at(155)) == 0);
}

TEST_CASE("a restarted node has its floor again when what its last process used has cooled") {
  Town town(3);
  town.run(125);
  town.start("n2");
  town.run(184);
  CHECK(town.own("n2") == 0);
  town.run(200);
  CHECK(town.own("n2") == 4);
}

TEST_CASE("units move between a limit and its floors when they are free of the one") {
  Town town(2, 0);
  town.run(110);
  town.use("n2", 50);
  town.run(115);
  town.change(0.2);
  town.run(165);
  CHECK(town.book(1).spec.units == 48);
  CHECK(town.book(kFloor).spec.units <= 60 - 50);
  town.run(200);
  CHECK(town.book(kFloor).spec.units == 12);
  CHECK((town.own("n1") == 6 && town.own("n2") == 6));
  REQUIRE(town.floor("n1")->take(6, at(200)));
  town.change(0);
  town.run(202);
  CHECK(town.book(1).spec.units == 54);  // n2 gave its own back; what n1 used cools first
  for (const auto id : {LimitId{1}, kFloor}) CHECK(town.account().imbalance(id) == 0);
}

TEST_CASE("a limit and its floors grow together at once") {
  Town town(2);
  town.run(125);
  auto wider = kWide;
  wider.units = 120;
  town.change(0.2, {wider});
  town.run(126);
  CHECK((town.book(1).spec.units == 96 && town.book(kFloor).spec.units == 24));
}

TEST_CASE(
    "what does not divide goes to the first by name, and room is kept for voters that are not there yet") {
  Table table{Timing{}};
  table.apply({Change::What::define, {}, kFloor, 0, {}, LimitSpec{kFloor, LimitKind::floor, 4}}, at(0));
  for (const auto* name : {"n1", "n2", "n3"})
    table.apply({Change::What::open, {name, 1, 1}, 0, 0, {}, {}}, at(0));
  const auto& floors = *table.book(kFloor);
  CHECK((even_share(table, floors, "n1", 1) == 2 && even_share(table, floors, "n3", 1) == 1));
  CHECK((even_share(table, floors, "n1", 5) == 1 && even_share(table, floors, "n9", 5) == 1));
  CHECK(even_share(table, floors, "n9", 3) == 1);
}
