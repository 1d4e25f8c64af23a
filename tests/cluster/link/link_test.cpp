#include "cluster/link/link.hpp"

#include "tests/cluster/link/town.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::link;
using namespace troupe::link::testing;
using namespace std::chrono_literals;

TEST_CASE("two nodes that list each other talk both ways, in order, and know each other's hello") {
  Town town;
  auto& a = town.add("a");
  auto& b = town.add("b", [](Settings& s) {
    s.incarnation = 7;
    s.advertise = "b.example:7946";
  });
  town.introduce();
  CHECK(a.link->send("b", kQueue, "early"));
  town.until([&] { return a.holds("b") && b.holds("a"); });
  CHECK(a.last_hello.node == "b");
  CHECK(a.last_hello.incarnation == 7);
  CHECK(a.last_hello.address == "b.example:7946");
  CHECK(a.link->send("b", kQueue, "second"));
  CHECK(b.link->send("a", 3, "state"));
  town.until([&] { return b.got.size() == 2 && a.got.size() == 1; });
  CHECK(b.got == std::vector<std::string>{"a: early", "a: second"});
  CHECK(a.got == std::vector<std::string>{"b: state"});
}

TEST_CASE("three nodes are all connected to each other, each by one connection") {
  Town town;
  auto& a = town.add("a");
  auto& b = town.add("b");
  auto& c = town.add("c");
  town.introduce();
  town.until([&] {
    return a.holds("b") && a.holds("c") && b.holds("a") && b.holds("c") && c.holds("a") && c.holds("b");
  });
  town.pass(2s);
  for (const auto* node : {&a, &b, &c}) {
    CHECK(node->ups.size() == 2);
    CHECK(node->downs.empty());
    for (const auto& peer : node->link->peers()) {
      CHECK(peer.state == State::up);
      CHECK(peer.times_up == 1);
    }
  }
  a.link->send("c", kQueue, "to c");
  b.link->send("c", kQueue, "also");
  town.until([&] { return c.got.size() == 2; });
}
