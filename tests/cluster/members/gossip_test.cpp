// What one member says when: each rule on its own.
#include "cluster/members/membership.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::members;
using namespace std::chrono_literals;

namespace {

Member member(const std::string& name, State state, std::uint64_t serial = 0) {
  Member made;
  made.name = name;
  made.incarnation = 1;
  made.serial = serial;
  made.state = state;
  return made;
}

/// `a`, in, linked with `b`; both know `c`, which `a` is linked with where it says so. All news are told.
Membership calm(bool linked_with_c = true) {
  Settings settings;
  settings.name = "a";
  settings.incarnation = 7;
  settings.voters = {{"a", "h:1"}, {"b", "h:2"}, {"c", "h:3"}};
  Membership me(settings, Time{} - 1min, 1);
  me.connected("b", Time{} - 1min);
  if (linked_with_c) me.connected("c", Time{} - 1min);
  me.hear("b", Welcome{{me.self(), member("b", State::alive), member("c", State::alive)}}, Time{} - 1min);
  for (auto now = Time{} - 1min; now < Time{}; now += 200ms) {
    me.hear("b", Voucher{"c", 1}, now);
    me.tick(now);
  }
  REQUIRE(me.in());
  return me;
}

template <class Kind>
const Kind* sent(const Step& step, const std::string& to) {
  for (const auto& outgoing : step.send) {
    if (outgoing.to == to && std::holds_alternative<Kind>(outgoing.message))
      return &std::get<Kind>(outgoing.message);
  }
  return nullptr;
}

}  // namespace

TEST_CASE("without news there is one round a second; news go out at once and five times a second") {
  auto me = calm();
  me.tick(Time{} + 1s);
  CHECK(me.tick(Time{} + 1900ms).send.empty());
  me.announce(5, 0, false, Time{} + 1900ms);
  REQUIRE(sent<Gossip>(me.tick(Time{} + 1900ms), "b") != nullptr);
  CHECK(me.tick(Time{} + 2s).send.empty());
  const auto again = me.tick(Time{} + 2100ms);
  REQUIRE(sent<Gossip>(again, "b") != nullptr);
  CHECK(sent<Gossip>(again, "b")->news.at(0).revision == 5);
}

TEST_CASE("another fingerprint is answered with a digest, the same with nothing, and not too often") {
  auto me = calm();
  const auto round = me.tick(Time{} + 2s);
  REQUIRE(sent<Gossip>(round, "b") != nullptr);
  const auto same = sent<Gossip>(round, "b")->fingerprint;
  CHECK(me.hear("b", Gossip{same, {}}, Time{} + 2s).send.empty());
  const auto answer = me.hear("b", Gossip{same + 1, {}}, Time{} + 2s);
  REQUIRE(sent<Digest>(answer, "b") != nullptr);
  CHECK(sent<Digest>(answer, "b")->whole);
  CHECK(sent<Digest>(answer, "b")->lines.size() == 3);
  CHECK(me.hear("b", Gossip{same + 1, {}}, Time{} + 2100ms).send.empty());
}

TEST_CASE(
    "a digest is answered with what is newer here, what it lacks, and a question for what is newer there") {
  auto me = calm();
  const Digest digest{true,
                      {{"b", 1, 0, State::joining}, {"c", 1, 4, State::alive}, {"d", 1, 0, State::alive}}};
  const auto step = me.hear("b", digest, Time{});
  REQUIRE(sent<Records>(step, "b") != nullptr);
  const auto& records = sent<Records>(step, "b")->members;
  REQUIRE(records.size() == 2);
  CHECK((records[0].name == "b" && records[0].state == State::alive));
  CHECK(records[1] == me.self());
  REQUIRE(sent<Want>(step, "b") != nullptr);
  CHECK(sent<Want>(step, "b")->names == std::vector<std::string>{"c", "d"});
  const auto part = me.hear("b", Digest{false, {{"c", 1, 0, State::alive}}}, Time{});
  CHECK(part.send.empty());
}

TEST_CASE("who asks for names gets their records") {
  auto me = calm();
  const auto step = me.hear("b", Want{{"a", "c", "nobody"}}, Time{});
  REQUIRE(sent<Records>(step, "b") != nullptr);
  CHECK(sent<Records>(step, "b")->members.size() == 2);
}

TEST_CASE("who reaches a suspect tells it, at once and each round, and never gives it up") {
  auto me = calm();
  const auto heard = me.hear("b", Records{{member("c", State::suspect)}}, Time{});
  REQUIRE(sent<Records>(heard, "c") != nullptr);
  CHECK(sent<Records>(heard, "c")->members.at(0).state == State::suspect);
  for (int second = 1; second < 30; ++second) {
    const auto step = me.tick(Time{} + second * 1s);
    CHECK(step.events.empty());
    CHECK(sent<Records>(step, "c") != nullptr);
  }
}

TEST_CASE("a suspect learns of it when its link is back") {
  auto me = calm(false);
  me.hear("b", Records{{member("c", State::suspect)}}, Time{});
  const auto step = me.connected("c", Time{} + 1s);
  REQUIRE(sent<Records>(step, "c") != nullptr);
  CHECK(sent<Records>(step, "c")->members.at(0).name == "c");
}

TEST_CASE("a suspect that clears its name has the whole time again before the next suspicion") {
  auto me = calm(false);
  Time now{};
  const auto tick_until = [&](Duration end) {
    std::vector<Event> events;
    for (; now < Time{} + end; now += 100ms) {
      auto step = me.tick(now);
      events.insert(events.end(), step.events.begin(), step.events.end());
    }
    return events;
  };
  REQUIRE(tick_until(2s).size() == 1);
  const auto refuted = me.hear("b", Records{{member("c", State::alive, 1)}}, now);
  REQUIRE(refuted.events.size() == 1);
  CHECK(refuted.events[0].why == Why::refuted);
  CHECK(tick_until(3400ms).empty());
  CHECK(tick_until(3600ms).size() == 1);
}

TEST_CASE("a suspicion of a newer serial gives its suspect the whole time again") {
  auto me = calm(false);
  Time now{};
  me.hear("b", Records{{member("c", State::suspect)}}, now);
  for (; now < Time{} + 3s; now += 100ms) me.tick(now);
  me.hear("b", Records{{member("c", State::suspect, 1)}}, now);
  std::vector<Event> events;
  for (; now < Time{} + 6900ms; now += 100ms) {
    const auto step = me.tick(now);
    events.insert(events.end(), step.events.begin(), step.events.end());
  }
  CHECK(events.empty());
  me.tick(now + 200ms);
  CHECK(me.view(now)[2].member.state == State::dead);
}
