#include "actors/policy/users/front.hpp"

#include "tests/policy/users/town.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::users;
using namespace troupe::users::testing;

TEST_CASE("a grant that comes when this node has admitted all by itself is given back") {
  Users users("acme", {.rpm = 1}, "b");
  Time now{100h};
  Outbox out;
  Telling told;
  users.use({"a"}, now, out, told);
  std::string user = "u";
  while (Place{"acme", 0, users.ring(), {}}.home_of(user) != "a") user += "u";
  Decision yes, no;
  no.granted = false;
  const auto hear = [&](Ticket id, const Decision& decision) {
    users.hear("a", Answer{"acme", 0, id, user, 0, decision}, now, out, told);
  };
  users.ask(user, 1, {1}, {0}, now, out, told);
  now += 90ms;
  users.ask(user, 2, {1}, {0}, now, out, told);
  now += 10ms;
  users.tick(now, out, told);
  REQUIRE(told.size() == 1);
  CHECK((told[0].ticket == 1 && told[0].decision.granted));
  hear(2, yes);
  REQUIRE(told.size() == 2);
  CHECK_FALSE(told[1].decision.granted);
}

TEST_CASE("a grant to nobody is told to the home at once") {
  Users users("acme", {.concurrency = 1}, "b");
  const Time now{100h};
  Outbox out;
  Telling told;
  users.use({"a"}, now, out, told);
  std::string user = "u";
  while (Place{"acme", 0, users.ring(), {}}.home_of(user) != "a") user += "u";
  users.ask(user, 1, {1}, {0}, now, out, told);
  Decision yes, no;
  no.granted = false;
  users.hear("a", Answer{"acme", 0, 1, user, 1, no}, now, out, told);
  out.clear();
  users.hear("a", Answer{"acme", 0, 1, user, 1, yes}, now, out, told);
  CHECK(told.size() == 1);
  REQUIRE(out.size() == 1);
  const auto& line = std::get<Lines>(out[0].second).lines.at(0);
  CHECK((line.issued == 1 && line.open.empty() && line.calls == 0));
}

TEST_CASE("a home that does not answer is decided for by what this node admitted, and told later") {
  Town town({.rpm = 3}, kThree);
  const auto user = town.user_of("a");
  CHECK(admitted(town, user, 2, {"b"}) == 2);
  town.split({"a"});
  const Time before = town.now;
  CHECK(admitted(town, user, 5, {"b"}) == 1);
  CHECK(town.now - before <= Front::kPatience + 20ms);  // the first of them waited, nobody after it
  CHECK(town.node("b").users.figures().alone >= 5);
  CHECK(admitted(town, user, 5, {"c"}) == 3);
  town.split({});
  town.run(2s);
  CHECK(admitted(town, user, 3, {"a"}) == 0);
  town.run(61s);
  CHECK(admitted(town, user, 9) == 3);
}

TEST_CASE("a call that nobody ends is over in the end") {
  Town town({.concurrency = 1}, kThree);
  const auto user = town.user_of("a");
  CHECK(town.admits("b", user));
  town.calls.clear();
  for (int i = 0; i < 31; ++i) {
    town.now += 1min;
    town.step();
  }
  CHECK(town.admits("c", user));
}

TEST_CASE("an actor that crashed gives back what was granted to those who waited") {
  Town town({.concurrency = 1}, kThree);
  const auto user = town.user_of("a");
  town.weather.delay = 10ms;
  town.ask("b", user);
  town.node("b").users.restart();
  town.run(500ms);
  CHECK(town.decisions.empty());
  CHECK(town.admits("c", user));
}
