#include "actors/policy/users/home.hpp"

#include <algorithm>

#include "tests/policy/users/town.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::users;
using namespace troupe::users::testing;

TEST_CASE("what a new home has heard already stays when the user is handed over to it") {
  Users home("acme", {.rpm = 4}, "c");
  const Time now{100h};
  Outbox out;
  Telling told;
  home.use({"a", "b"}, now, out, told);
  std::string ann = "ann";
  while (Place{"acme", 0, home.ring(), {}}.home_of(ann) != "c") ann += "n";
  const std::vector<Cooled> whole{{0, 5s, 1}};
  home.hear("b", Lines{"acme", 1, {{ann, 9, 1, 5, {}, 0, {}, {1, 1, 1, 0}, {}, whole}}}, now, out, told);
  // Of `b` the old home had heard nothing yet but that it is there; somebody else had used one, too.
  home.hear("a", Handover{"acme", 1, 1, {{ann, {{0, 9s, 1}}, {{"b", 1, 5, 1, 0, {}, {}}}}}}, now, out, told);
  CHECK(std::get<Taken>(out.back().second).id == 1);
  home.hear("a", Ask{"acme", 1, 6, {1, 1, 1, 0}, {ann, 3, 3, 6, {6}, 0, {}, {}, {}, std::vector<Cooled>{}}},
            now, out, told);
  CHECK(std::get<Answer>(out.back().second).decision.requests.remaining == 1);
}

TEST_CASE("who is not at home here is not counted here because somebody speaks of him") {
  Users home("acme", {.rpm = 4}, "c");
  const Time now{100h};
  Outbox out;
  Telling told;
  home.use({"a", "b"}, now, out, told);
  std::string ann = "ann";
  while (Place{"acme", 0, home.ring(), {}}.home_of(ann) == "c") ann += "n";
  out.clear();
  home.hear("b", Lines{"acme", 1, {{ann, 9, 1, 5, {}, 0, {}, {}, {}, std::vector<Cooled>{}}}}, now, out,
            told);
  CHECK(out.empty());  // nor noted: it is said again
  CHECK(home.at_home() == 0);
}

TEST_CASE("whoever asks for this node's own part gets no user handed over: two homes would never end") {
  Users home("acme", {.rpm = 4}, "a");
  const Time now{100h};
  Outbox out;
  Telling told;
  home.use({"b"}, now, out, told);
  home.hear("b", Ask{"acme", 1, 1, {1, 1, 1, 0}, {"ann", 1, 1, 1, {1}, 0, {}, {}, {}, std::vector<Cooled>{}}},
            now, out, told);
  const auto handed_over = [&](bool must) {
    out.clear();
    home.hear("b", Report{"acme", "ann", must}, now, out, told);
    return std::any_of(out.begin(), out.end(),
                       [](const auto& one) { return std::holds_alternative<Handover>(one.second); });
  };
  CHECK_FALSE(handed_over(true));
  CHECK(handed_over(false));
}

TEST_CASE("what comes from a process of a node that is over counts for nothing") {
  Users home("acme", {.rpm = 4}, "a");
  const Time now{100h};
  Outbox out;
  Telling told;
  home.use({"b"}, now, out, told);
  const auto ask = [&](std::uint64_t boot, Ticket id) {
    out.clear();
    home.hear(
        "b",
        Ask{"acme", boot, id, {1, 1, 1, 0}, {"ann", id, 1, id, {id}, 0, {}, {}, {}, std::vector<Cooled>{}}},
        now, out, told);
    return !out.empty() && std::holds_alternative<Answer>(out.back().second);
  };
  CHECK(ask(2, 1));
  CHECK_FALSE(ask(1, 7));
  CHECK(ask(2, 2));
}

TEST_CASE("a grant that nobody heard of is given back when the asker is asked") {
  Town town({.concurrency = 1}, kThree);
  const auto user = town.user_of("a");
  const auto over = town.ask("c", "somebody else");
  town.end_all();
  // A question that arrives when whoever asked has given up.
  Outbox out;
  Telling told;
  auto& home = town.node("a").users;
  const Line line{user, 1, 1, 0, {over}, 0, {}, {}, {}, std::vector<Cooled>{}};
  home.hear("c", Ask{"acme", town.node("c").boot, over, {1, 1, 1, 0}, line}, town.now, out, told);
  REQUIRE(std::holds_alternative<Answer>(out.back().second));
  CHECK(std::get<Answer>(out.back().second).decision.granted);
  CHECK_FALSE(town.admits("b", user));
  town.run(Home::kDoubt + 100ms);
  CHECK(town.admits("b", user));
}

TEST_CASE("a node that is not there holds nothing for long, whatever comes from it late") {
  Town town({.concurrency = 1}, kThree);
  const auto user = town.user_of("a");
  const auto boot = town.node("c").boot;
  town.kill("c");
  town.all_see();
  town.run(500ms);
  Outbox out;
  Telling told;
  const Line late{user, 9, 1, 9, {}, 1, {1, 1, 1, 0}, {}, {}, std::vector<Cooled>{}};
  town.node("a").users.hear("c", Lines{"acme", boot, {late}}, town.now, out, told);
  CHECK(town.node("a").users.restless());
  CHECK_FALSE(town.admits("b", user));
  town.run(600ms);  // beyond the first look for such nodes
  CHECK(town.node("a").users.restless());
  town.run(Home::kGone);
  CHECK(town.admits("b", user));
}

TEST_CASE("a home that took a node for gone knows again what it holds") {
  Town town({.concurrency = 1}, kThree);
  const auto user = town.user_of("a");
  CHECK(town.admits("b", user));
  town.run(1s);
  town.see("a", {"c"});
  town.see("a", {"b", "c"});
  town.run(Front::kRenewal + 20ms);
  CHECK_FALSE(town.admits("c", user));
}

TEST_CASE("older words change nothing, and nobody is answered who has gone on") {
  Users home("acme", {.concurrency = 1}, "a");
  const Time now{100h};
  Outbox out;
  Telling told;
  const auto hear = [&](const Message& message) {
    out.clear();
    home.hear("b", message, now, out, told);
    return out.empty() ? nullptr : std::get_if<Answer>(&out.back().second);
  };
  home.use({"b"}, now, out, told);
  const std::vector<Cooled> whole;
  const Ask first{"acme", 1, 5, {1, 1, 1, 0}, {"ann", 1, 1, 5, {5}, 0, {}, {}, {}, whole}};
  const Lines held{"acme", 1, {{"ann", 2, 1, 5, {}, 1, {1, 1, 1, 0}, {}, {}, {}}}};
  const Lines over{"acme", 1, {{"ann", 3, 1, 5, {}, 0, {}, {1, 1, 1, 0}, {}, {}}}};
  REQUIRE(hear(first));
  CHECK(hear(first)->decision.granted);  // the same grant again
  hear(held);
  hear(over);
  hear(held);
  CHECK_FALSE(hear(first));
  const auto* next =
      hear(Ask{"acme", 1, 6, {1, 1, 1, 0}, {"ann", 4, 1, 6, {6}, 0, {}, {1, 1, 1, 0}, {}, {}}});
  REQUIRE(next);
  CHECK(next->decision.granted);
}

TEST_CASE("what a node may have sent before it died counts as used") {
  Town town({.rpm = 3}, kThree);
  const auto user = town.user_of("a");
  CHECK((town.admits("b", user) && town.admits("b", user)));
  town.kill("b");
  town.all_see();
  CHECK(admitted(town, user, 3, {"c"}) == 1);
}
