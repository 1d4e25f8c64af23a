#include "actors/policy/users/users.hpp"

#include "tests/policy/users/town.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::users;
using namespace troupe::users::testing;
using policy::RefusalReason;

TEST_CASE("a node on its own holds its users to their limits without a message") {
  Outbox out;
  Telling told;
  Users users("acme", {.rpm = 2}, "a");
  const Time now{100h};
  for (Ticket ticket = 1; ticket <= 3; ++ticket) users.ask("ann", ticket, {1}, {0}, now, out, told);
  users.ask("bob", 4, {1}, {0}, now, out, told);
  REQUIRE(told.size() == 4);
  CHECK((told[0].decision.granted && told[1].decision.granted && !told[2].decision.granted));
  CHECK((told[2].decision.reason == RefusalReason::rpm && told[2].decision.limit == 2));
  CHECK((told[3].decision.granted && told[3].decision.requests.remaining == 1));
  CHECK((out.empty() && !users.restless()));
}

TEST_CASE("a user has his limit once, whichever nodes he comes to") {
  Town town({.rpm = 5}, kThree);
  for (const auto* user : {"ann", "bob", "cid", "dan"}) CHECK(admitted(town, user, 15) == 5);
  town.run(61s);
  CHECK(admitted(town, "ann", 15) == 5);
}

TEST_CASE("tokens count by what was used, at the home of the user") {
  Town town({.tpm = 100}, kThree);
  const auto user = town.user_of("a");
  CHECK(town.admits("b", user, 60));
  CHECK_FALSE(town.admits("c", user, 60));
  CHECK(town.decisions.back().retry == 50ms);  // the first may give back
  town.end_all(30);
  CHECK(town.admits("c", user, 60));
  CHECK(town.decisions.back().tokens.remaining == 10);
}

TEST_CASE("a call that ends on one node is free for the next on another, at once") {
  Town town({.concurrency = 1}, kThree);
  const auto user = town.user_of("a");
  for (int i = 0; i < 10; ++i) {
    CHECK(town.admits("b", user));
    CHECK_FALSE(town.admits("c", user));
    town.end_all();
  }
}

TEST_CASE("what was not sent does not count, and what has begun cools while it goes on") {
  Town town({.rpm = 1}, kThree);
  const auto user = town.user_of("a");
  CHECK(town.admits("b", user));
  town.end(Call(town.calls.begin()->second), {false, {}, {}, 0ms});
  town.run(40ms);
  CHECK(town.admits("c", user));
  Outbox out;
  Telling told;
  const auto call = town.calls.begin()->second;
  town.node("c").users.begun(call.ticket, town.now, town.now, out, told);
  town.run(61s);
  CHECK(town.admits("b", user));
}

TEST_CASE("who joins knows what its users have used and hold") {
  Town town({.rpm = 4, .concurrency = 2}, {"a", "b"});
  std::vector<std::string> moving;
  Town future({.rpm = 4}, kThree);
  for (int i = 0; i < 40; ++i)
    if (const auto user = "user " + std::to_string(i); future.home(user, "c") == "c") moving.push_back(user);
  REQUIRE(moving.size() > 5);
  for (const auto& user : moving) {
    CHECK(town.admits("a", user));
    town.end_all();
  }
  for (const auto& user : moving) CHECK(town.admits("b", user));
  town.run(1s);
  town.start("c");
  for (const auto* name : {"c", "a", "b"}) {
    town.see(name);
    town.run(200ms);
  }
  for (const auto& user : moving) {
    REQUIRE(town.home(user, "a") == "c");
    CHECK(town.admits("c", user));
    CHECK_FALSE(town.admits("a", user));  // two at a time
    CHECK(town.decisions.back().reason == RefusalReason::concurrency);
  }
  town.end_all();
  town.run(1s);
  for (const auto& user : moving) CHECK(admitted(town, user, 3) == 1);
}

TEST_CASE("who leaves in order forgets nothing, one after another") {
  Town town({.rpm = 6}, kThree);
  std::vector<std::string> users;
  for (int i = 0; i < 20; ++i) users.push_back("user " + std::to_string(i));
  for (const auto& user : users) CHECK(admitted(town, user, 3) == 3);
  for (const auto* name : {"a", "b", "c"}) {
    town.leave(name);
    town.all_see();
    town.run(1s);
    town.start(name);
    town.all_see();
    town.run(1s);
  }
  for (const auto& user : users) CHECK(admitted(town, user, 9) == 3);
}

TEST_CASE("nodes that are back before anybody noticed that they left forget nothing either") {
  Town town({.rpd = 6}, kThree);
  std::vector<std::string> users;
  for (int i = 0; i < 20; ++i) users.push_back("user " + std::to_string(i));
  for (const auto& user : users) CHECK(admitted(town, user, 3) == 3);
  for (const auto* name : {"a", "b", "c"}) {
    town.leave(name);
    town.start(name);
    town.see(name);
    town.run(1s);
  }
  for (const auto& user : users) {
    int count = 0;
    for (int i = 0; i < 3; ++i) count += admitted(town, user, 3);
    CHECK(count == 3);
  }
}

TEST_CASE("what is handed over when nobody hears it is handed over again, and twice is as once") {
  Town town({.rpm = 4}, {"a", "b"});
  Town future({.rpm = 4}, kThree);
  std::string user;
  for (int i = 0; user.empty() || future.home(user, "c") != "c" || town.home(user, "a") != "a"; ++i)
    user = "user " + std::to_string(i);
  CHECK(admitted(town, user, 3, {"b"}) == 3);
  town.leave("b");  // so that its home alone knows of it
  town.start("b");
  town.see("b");
  town.run(1s);
  town.start("c");
  town.split({"c"});
  town.all_see();
  town.run(20s);
  town.weather.doubled = 1;
  town.split({});
  town.run(1s);
  CHECK(admitted(town, user, 5, {"c", "b"}) == 1);
  town.run(39s);  // a minute after it was used
  CHECK(admitted(town, user, 5, {"c", "b"}) == 3);
}

TEST_CASE("a home that dies takes along only what it admitted itself") {
  Town town({.rpm = 6}, kThree);
  const auto user = town.user_of("a");
  CHECK(admitted(town, user, 4, {"b", "c"}) == 4);
  CHECK(admitted(town, user, 1, {"a"}) == 1);
  town.kill("a");
  town.all_see();
  CHECK(admitted(town, user, 9, {"b", "c"}) == 2);
}

TEST_CASE("a home that restarts before anybody noticed asks what it has forgotten") {
  Town town({.rpm = 6}, kThree);
  const auto user = town.user_of("a");
  CHECK(admitted(town, user, 4, {"b", "c"}) == 4);
  town.kill("a");
  town.start("a");
  town.see("a");
  CHECK(admitted(town, user, 9, {"b"}) == 2);
}

TEST_CASE("calls that a dead node held come back") {
  Town town({.concurrency = 2}, kThree);
  const auto user = town.user_of("a");
  CHECK((town.admits("b", user) && town.admits("b", user)));
  CHECK_FALSE(town.admits("c", user));
  town.kill("b");
  CHECK_FALSE(town.admits("c", user));
  town.all_see();
  CHECK((town.admits("c", user) && town.admits("a", user)));
  CHECK_FALSE(town.admits("c", user));
}

TEST_CASE("calls that a node held before it restarted come back") {
  Town town({.concurrency = 2}, kThree);
  const auto user = town.user_of("a");
  CHECK((town.admits("b", user) && town.admits("b", user)));
  town.kill("b");
  town.start("b");
  town.see("b");
  CHECK(town.admits("b", user));
}

TEST_CASE("new limits hold for users who are there, and names are as long as they may be") {
  Outbox out;
  Telling told;
  Users users("acme", {.rpm = 1}, "a");
  const Time now{100h};
  const auto asks = [&](const std::string& user, Ticket ticket) {
    users.ask(user, ticket, {1}, {0}, now, out, told);
    return told.back().decision.granted;
  };
  CHECK(asks("ann", 1));
  users.reconfigure({.rpm = 2});
  CHECK(asks("ann", 2));
  CHECK_FALSE(asks("ann", 3));
  const std::string longest(Users::kLongestName, 'x');
  CHECK(asks(longest + "a", 4));
  CHECK(asks(longest + "b", 5));
  CHECK_FALSE(asks(longest, 6));
}
