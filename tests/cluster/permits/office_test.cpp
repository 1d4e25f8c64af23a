#include "cluster/permits/office.hpp"

#include <algorithm>

#include "tests/cluster/permits/support.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::cluster;
using namespace troupe::cluster::testing;

namespace {

const Epoch kEpoch{3, "a", 1};

struct House {
  Table table{Timing{}};
  Office office{kEpoch, 5, {"a", "b", "c"}, Timing{}, asked_at(at(10))};

  std::vector<std::pair<NodeName, Append>> flush(double now) {
    Outbox out;
    office.flush(table, at(now), out);
    return all<Append>(out);
  }
  void answer(const NodeName& who, double asked, double now, std::uint64_t seq, bool whole_wanted = false,
              std::uint64_t incarnation = 1) {
    office.hear(who, Ack{kEpoch, asked_at(at(asked)), incarnation, whole_wanted, seq}, at(now));
  }
};

}  // namespace

TEST_CASE("an office counts from the sending of what a majority answered") {
  House house;
  CHECK(house.office.holds(at(11.9)));
  CHECK_FALSE(house.office.holds(at(12)));
  house.flush(11);
  house.answer("a", 11, 11.5, 0, true);
  CHECK_FALSE(house.office.holds(at(12)));  // one of three
  house.answer("b", 11, 11.5, 0, true);
  CHECK(house.office.holds(at(12.9)));
  CHECK_FALSE(house.office.holds(at(13)));
}

TEST_CASE("answers to different rounds do not add up") {
  House house;
  house.flush(11);
  house.answer("a", 11, 11.1, 0, true);
  house.flush(11.5);
  house.answer("b", 11.5, 11.6, 0, true);
  CHECK_FALSE(house.office.holds(at(12)));
}

TEST_CASE("a change has consequences when a majority has it, and not before") {
  House house;
  house.flush(10);
  for (const auto* who : {"a", "b", "c"}) house.answer(who, 10, 10.01, 0, true);
  const auto wholes = house.flush(10.5);
  REQUIRE(wholes.size() == 3);
  REQUIRE(wholes[0].second.whole);
  CHECK(house.office.committed() == 0);
  house.answer("a", 10.5, 10.51, 1);
  house.answer("b", 10.5, 10.51, 1);
  CHECK(house.office.committed() == 1);
  const auto seq = house.office.record({Change::What::define, {}, 1, 0, {}, kRpm});
  house.flush(10.6);
  house.answer("a", 10.6, 10.61, seq);
  CHECK(house.office.committed() == 1);
  house.answer("b", 10.6, 10.62, seq);
  CHECK(house.office.committed() == seq);
}

TEST_CASE("a voter that restarted gets the whole account, addressed to its new life") {
  House house;
  house.flush(10);
  for (const auto* who : {"a", "b"}) house.answer(who, 10, 10.01, 0, true);
  house.flush(10.5);
  for (const auto* who : {"a", "b"}) house.answer(who, 10.5, 10.51, 1);
  house.answer("b", 10.5, 10.6, 0, true, 2);
  const auto sent = house.flush(11);
  const auto to_b = std::find_if(sent.begin(), sent.end(), [](const auto& one) { return one.first == "b"; });
  REQUIRE(to_b != sent.end());
  CHECK(to_b->second.whole.has_value());
  CHECK(to_b->second.incarnation == 2);
  house.answer("b", 10.5, 11.1, 1, false, 1);  // its past, late
  CHECK(house.flush(11.5)[1].second.incarnation == 2);
}

TEST_CASE("a single voter is a majority at once") {
  Table table{Timing{}};
  Office office(kEpoch, 5, {"a"}, Timing{}, asked_at(at(0)));
  Outbox out;
  office.flush(table, at(0), out);
  office.hear("a", Ack{kEpoch, asked_at(at(0)), 1, true, 0}, at(0));
  out.clear();
  office.flush(table, at(0), out);
  REQUIRE(all<Append>(out).size() == 1);
  CHECK(all<Append>(out)[0].second.whole.has_value());
  office.hear("a", Ack{kEpoch, asked_at(at(0)), 1, false, 1}, at(0));
  CHECK(office.committed() == 1);
}
