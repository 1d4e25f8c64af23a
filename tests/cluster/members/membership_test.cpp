#include "cluster/members/membership.hpp"

#include <algorithm>

#include "tests/cluster/members/virtual_cluster.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::members;
using namespace troupe::members::trial;
using namespace std::chrono_literals;

namespace {

/// Three voters and `guests` more, all in.
VirtualCluster settled(int guests = 0, std::uint64_t seed = 1) {
  VirtualCluster town(3 + guests, 3, seed);
  for (int node = 0; node < 3 + guests; ++node) town.start(node);
  REQUIRE(town.until([&] { return town.agreed(); }, 20s));
  return town;
}

bool told(const VirtualCluster& town, int node, const std::string& member, Why why) {
  const auto events = town.events(node);
  return std::any_of(events.begin(), events.end(),
                     [&](const Event& event) { return event.member == member && event.why == why; });
}

Membership single(std::uint64_t incarnation = 7) {
  Settings settings;
  settings.name = "a";
  settings.incarnation = incarnation;
  settings.voters = {{"a", "h:1"}, {"b", "h:2"}, {"c", "h:3"}};
  return Membership(settings, Time{}, 1);
}

Member member(const std::string& name, State state, std::uint64_t incarnation = 1, std::uint64_t serial = 0) {
  Member made;
  made.name = name;
  made.address = name + ":1";
  made.state = state;
  made.incarnation = incarnation;
  made.serial = serial;
  return made;
}

/// `a`, let in by `b`, which is linked and alive.
Membership admitted() {
  auto me = single();
  me.connected("b", Time{});
  me.hear("b", Welcome{{me.self(), member("b", State::alive)}}, Time{});
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

TEST_CASE("the only voter of a cluster lets itself in") {
  VirtualCluster town(1, 1, 1);
  town.start(0);
  town.run(100ms);
  CHECK(town.at(0).in());
  CHECK(told(town, 0, "n0", Why::joined));
  CHECK(town.at(0).alive() == std::vector<std::string>{"n0"});
}

TEST_CASE("one of three voters waits for another") {
  VirtualCluster town(3, 3, 1);
  town.start(0);
  town.run(20s);
  CHECK_FALSE(town.at(0).in());
  town.start(2);
  CHECK(town.until([&] { return town.agreed(); }, 5s));
}

TEST_CASE("a newcomer joins through any member, and all hear of it") {
  VirtualCluster bigger(5, 3, 4);
  for (int node = 0; node < 4; ++node) bigger.start(node);
  REQUIRE(bigger.until([&] { return bigger.agreed(); }, 20s));
  // The newcomer reaches one voter only.
  for (int node : {0, 1}) bigger.cut(4, node);
  bigger.start(4);
  REQUIRE(bigger.until([&] { return bigger.at(4).in(); }, 5s));
  REQUIRE(bigger.until([&] { return bigger.opinion(0, 4) == State::alive; }, 5s));
  CHECK(told(bigger, 0, "n4", Why::met));
}

TEST_CASE("a killed member is suspected, then dead, then forgotten") {
  auto town = settled(1);
  town.kill(3);
  REQUIRE(town.until([&] { return town.opinion(0, 3) == State::suspect; }, 3s));
  REQUIRE(town.until([&] { return town.opinion(0, 3) == State::dead; }, 6s));
  CHECK(told(town, 0, "n3", Why::given_up));
  town.run(11min);
  CHECK(town.opinion(0, 3) == std::nullopt);
  CHECK(told(town, 0, "n3", Why::forgotten));
  CHECK(town.agreed());
}

TEST_CASE("two members without a link to each other keep each other alive by what a third says") {
  auto town = settled(2);
  town.cut(3, 4);
  town.run(2min);
  CHECK(town.opinion(3, 4) == State::alive);
  CHECK_FALSE(told(town, 3, "n4", Why::suspected));
  CHECK_FALSE(told(town, 0, "n4", Why::suspected));
}

TEST_CASE("a member that was cut off and is back clears its name") {
  auto town = settled(1);
  for (int node = 0; node < 3; ++node) town.cut(3, node);
  REQUIRE(town.until([&] { return town.opinion(0, 3) == State::dead; }, 20s));
  CHECK(town.opinion(3, 0) == State::dead);
  town.heal();
  REQUIRE(town.until([&] { return town.agreed(); }, 10s));
  CHECK(told(town, 0, "n3", Why::returned));
  CHECK(town.at(3).self().serial > 0);
}

TEST_CASE("a member that leaves is gone at once and not dialled any more") {
  auto town = settled(1);
  town.leave(3);
  town.run(1s);
  town.kill(3);
  town.run(200ms);
  for (int node = 0; node < 3; ++node) CHECK(town.opinion(node, 3) == State::left);
  const auto peers = town.at(0).peers();
  CHECK(std::none_of(peers.begin(), peers.end(), [](const Peer& peer) { return peer.name == "n3"; }));
  town.run(1min);
  CHECK_FALSE(told(town, 0, "n3", Why::suspected));
  CHECK_FALSE(town.at(3).in());
}

TEST_CASE("a restarted member comes back with its new incarnation") {
  auto town = settled(1);
  const auto before = town.at(3).self().incarnation;
  town.kill(3);
  town.run(200ms);
  town.start(3);
  REQUIRE(town.until([&] { return town.agreed(); }, 10s));
  CHECK(town.at(3).self().incarnation > before);
  CHECK(told(town, 0, "n3", Why::returned));
}

TEST_CASE("a member that forgot its past and counts from one again is given a higher incarnation") {
  auto town = settled(1);
  const auto before = town.at(3).self().incarnation;
  town.kill(3);
  town.run(10s);
  town.start(3, true);
  REQUIRE(town.until([&] { return town.agreed(); }, 10s));
  CHECK(town.at(3).self().incarnation > before);
}

TEST_CASE("a member clears its name of any suspicion that reaches it") {
  auto me = admitted();
  auto lie = me.self();
  lie.state = State::suspect;
  const auto step = me.hear("b", Records{{lie}}, Time{});
  CHECK(me.self().serial == 1);
  CHECK(me.self().state == State::alive);
  const auto round = me.tick(Time{} + 1s);
  REQUIRE(sent<Gossip>(round, "b") != nullptr);
  CHECK(sent<Gossip>(round, "b")->news.at(0) == me.self());
}

TEST_CASE("of two processes with one name the older one falls silent") {
  auto me = admitted();
  const auto step = me.hear("b", Records{{member("a", State::alive, 9)}}, Time{});
  REQUIRE(step.events.size() == 1);
  CHECK(step.events[0].why == Why::name_taken);
  CHECK(me.usurped());
  CHECK(me.tick(Time{} + 5s).send.empty());
  CHECK(me.connected("c", Time{} + 5s).send.empty());
}

TEST_CASE("a dead earlier life that is remembered late is outlived") {
  auto me = admitted();
  me.hear("b", Records{{member("a", State::dead, 9)}}, Time{});
  CHECK(me.in());
  CHECK(me.self().incarnation == 10);
}

TEST_CASE("a lost link raises a question first, and a voucher answers it") {
  auto me = admitted();
  me.connected("c", Time{});
  me.hear("c", Records{{member("c", State::alive)}}, Time{});
  me.disconnected("b", Time{} + 1s);
  const auto step = me.tick(Time{} + 1s);
  REQUIRE(sent<Inquiry>(step, "c") != nullptr);
  CHECK(sent<Inquiry>(step, "c")->about == "b");
  for (int half = 2; half < 40; ++half) {
    const auto now = Time{} + half * 500ms;
    me.hear("c", Voucher{"b", 1}, now);
    CHECK(me.tick(now).events.empty());
  }
  CHECK(me.hear("b", Inquiry{"c", 1}, Time{} + 20s).send.size() == 1);
  CHECK(me.hear("c", Inquiry{"b", 1}, Time{} + 20s).send.empty());
}

TEST_CASE("a process that slept blames nobody for it") {
  auto me = admitted();
  me.disconnected("b", Time{} + 1s);
  me.tick(Time{} + 1s);
  CHECK(me.tick(Time{} + 60s).events.empty());
  CHECK(me.tick(Time{} + 61s).events.empty());
  CHECK(me.tick(Time{} + 62s).events.size() == 1);
}

TEST_CASE("a drain and a new configuration revision are told to all") {
  auto town = settled(1);
  town.at(3).announce(42, 7, true, town.now());
  REQUIRE(town.until(
      [&] {
        const auto view = town.at(0).view(town.now());
        return std::any_of(view.begin(), view.end(), [](const MemberView& it) {
          return it.member.name == "n3" && it.member.draining && it.member.revision == 42;
        });
      },
      5s));
  CHECK(told(town, 0, "n3", Why::changed));
  CHECK(town.at(0).alive() == std::vector<std::string>{"n0", "n1", "n2"});
}

TEST_CASE("exactly one member is responsible for an item, and a death moves only what was its own") {
  auto town = settled(5);
  std::map<std::string, std::string> before;
  for (int item = 0; item < 200; ++item) {
    const auto key = "openai/key-" + std::to_string(item);
    before[key] = town.at(0).responsible(key);
    for (int node = 1; node < 8; ++node) CHECK(town.at(node).responsible(key) == before[key]);
  }
  town.kill(5);
  REQUIRE(town.until([&] { return town.agreed(); }, 20s));
  int moved = 0;
  for (const auto& [key, owner] : before) {
    const auto after = town.at(0).responsible(key);
    CHECK(after != "n5");
    if (owner != "n5")
      CHECK(after == owner);
    else
      ++moved;
  }
  CHECK((moved > 5 && moved < 60));
}

TEST_CASE("the table of members has a limit, and who comes then is not let in") {
  Settings settings;
  settings.name = "a";
  settings.voters = {{"a", "h:1"}};
  settings.most = 2;
  Membership me(settings, Time{}, 1);
  me.tick(Time{});
  for (const std::string name : {"b", "c"})
    CHECK_FALSE(me.hear(name, Join{member(name, State::joining)}, Time{}).send.empty());
  CHECK_FALSE(me.may_join("d"));
  CHECK(me.may_join("b"));
  CHECK(me.hear("d", Join{member("d", State::joining)}, Time{}).send.empty());
  CHECK(me.refused() == 1);
}

TEST_CASE("messages that no honest node sends change nothing") {
  auto me = admitted();
  const auto before = me.view(Time{});
  CHECK(me.hear("b", Join{member("x", State::joining)}, Time{}).send.empty());
  me.hear("b", Records{{member("Bad Name", State::alive)}}, Time{});
  me.hear("b", Records{{member(std::string(64, 'a'), State::alive)}}, Time{});
  me.hear("b", Records{std::vector<Member>(kRecords + 1, member("y", State::alive))}, Time{});
  me.hear("b", Digest{true, std::vector<Line>(kLines + 1)}, Time{});
  CHECK(me.ignored() == 5);
  CHECK(me.view(Time{}).size() == before.size());
}

TEST_CASE("the dead and the left that nobody here knew are not taken up again") {
  auto me = admitted();
  me.hear("b", Records{{member("old", State::dead), member("older", State::left)}}, Time{});
  CHECK(me.view(Time{}).size() == 2);
}

TEST_CASE("a large cluster is told in several welcomes of bounded size") {
  auto me = admitted();
  std::vector<Member> many;
  for (int at = 0; at < 200; ++at) many.push_back(member("m" + std::to_string(at), State::alive));
  for (std::size_t at = 0; at < many.size(); at += 50)
    me.hear("b", Records{{many.begin() + static_cast<int>(at), many.begin() + static_cast<int>(at) + 50}},
            Time{});
  const auto step = me.hear("z", Join{member("z", State::joining)}, Time{});
  std::size_t members = 0;
  for (const auto& outgoing : step.send) {
    const auto* welcome = std::get_if<Welcome>(&outgoing.message);
    if (welcome == nullptr) continue;
    CHECK(welcome->members.size() <= kRecords);
    members += welcome->members.size();
  }
  CHECK(members == 203);
}
