#include "cluster/wire/codec.hpp"

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace std::chrono_literals;

namespace {

const cluster::SessionId kSession{"node-2", 17, 3};

cluster::Append append() {
  cluster::Append out;
  out.epoch = {7, "node-1", 9};
  out.asked = -5;
  out.first = 12;
  out.changes.push_back({cluster::Change::What::use, kSession, ~0ULL, 4000, 60s, {}});
  out.changes.push_back({cluster::Change::What::define,
                         {},
                         5,
                         0,
                         {},
                         cluster::LimitSpec{5, cluster::LimitKind::concurrency, 20}});
  out.whole.emplace();
  out.whole->books.push_back({{5, cluster::LimitKind::floor, 60}, -3, 7, 2s, {{1s, 4}, {2s, 5}}});
  out.whole->accounts.push_back({kSession, true, false, 3s, {{5, {9, 5, 1}}}});
  return out;
}

}  // namespace

TEST_CASE("an append survives the wire") {
  const auto back = wire::decode(wire::encode(cluster::Message(append())));
  REQUIRE(back);
  const auto& heard = std::get<cluster::Append>(std::get<cluster::Message>(*back));
  CHECK(heard.epoch == append().epoch);
  CHECK(heard.asked == -5);
  CHECK(heard.changes == append().changes);
  CHECK(heard.whole == append().whole);
}

TEST_CASE("a report with a claim survives the wire") {
  cluster::Report report;
  report.session = kSession;
  report.lines.push_back({5, 10, 2, 20, 1, 1, 8, 0.25, {}});
  report.lines.push_back({6, 0, 0, 0, 0, 0, 0, 0, cluster::LimitSpec{6, cluster::LimitKind::window, 40}});
  report.whole = true;
  report.leaving = true;
  report.claim.emplace();
  report.claim->held.emplace_back(5, 8);
  report.claim->used.push_back({5, 1500ms, 2});
  const auto back = wire::decode(wire::encode(cluster::Message(report)));
  REQUIRE(back);
  const auto& heard = std::get<cluster::Report>(std::get<cluster::Message>(*back));
  CHECK(heard.session == kSession);
  CHECK(heard.leaving);
  CHECK(heard.lines.at(0).rate == 0.25);
  CHECK_FALSE(heard.lines.at(0).spec);
  CHECK(heard.lines.at(1).rate == 0);
  CHECK(heard.lines.at(1).spec == report.lines[1].spec);
  CHECK(heard.whole);
  CHECK(heard.claim->used.at(0).age == 1500ms);
}

TEST_CASE("a grant with what is left in the cluster survives the wire") {
  cluster::Grant grant{kSession, 3, -5, 8, {{5, 20, 4, true, 600, 77, 1500, 60000}}};
  const auto back = wire::decode(wire::encode(cluster::Message(grant)));
  REQUIRE(back);
  const auto& heard = std::get<cluster::Grant>(std::get<cluster::Message>(*back)).lines.at(0);
  CHECK(heard.granted == 20);
  CHECK(heard.urgent);
  CHECK(heard.units == 600);
  CHECK(heard.left == 77);
  CHECK(heard.next_ms == 1500);
  CHECK(heard.full_ms == 60000);
}

TEST_CASE("members' words survive the wire") {
  members::Gossip gossip{42, {{"node-1", "10.0.0.1:7946", 3, 4, members::State::suspect, true, false, 9}}};
  const auto back = wire::decode(wire::encode(members::Message(gossip)));
  REQUIRE(back);
  CHECK(std::get<members::Gossip>(std::get<members::Message>(*back)).news == gossip.news);
}

TEST_CASE("a message that is cut anywhere is refused") {
  const auto bytes = wire::encode(cluster::Message(append()));
  for (std::size_t size = 0; size < bytes.size(); ++size)
    CHECK_FALSE(wire::decode(std::string_view(bytes).substr(0, size)));
  CHECK_FALSE(wire::decode(bytes + '\xc0'));
}

TEST_CASE("numbers out of range are refused") {
  // [0, 9 (InOffice), [[-1, "a", 0]]]: an epoch is never negative.
  CHECK_FALSE(wire::decode(std::string_view("\x93\x00\x09\x91\x93\xff\xa1\x61\x00", 9)));
  CHECK(wire::decode(std::string_view("\x93\x00\x09\x91\x93\x01\xa1\x61\x00", 9)));
  CHECK_FALSE(wire::decode(std::string_view("\x93\x00\x63\x91\x93\x01\xa1\x61\x00", 9)));
  CHECK_FALSE(wire::decode(std::string_view("\x93\x05\x09\x91\x93\x01\xa1\x61\x00", 9)));
}

TEST_CASE("questions and answers between nodes survive the wire") {
  const auto asked = wire::decode(wire::encode(errands::Message(errands::Ask{7, "view", "/keys?a=b"})));
  REQUIRE(asked);
  const auto& ask = std::get<errands::Ask>(std::get<errands::Message>(*asked));
  CHECK(ask.id == 7);
  CHECK(ask.what == "view");
  CHECK(ask.text == "/keys?a=b");
  const std::string most(errands::kText, 'x');
  const auto told = wire::decode(wire::encode(errands::Message(errands::Told{7, 200, most})));
  REQUIRE(told);
  CHECK(std::get<errands::Told>(std::get<errands::Message>(*told)).text == most);
}
