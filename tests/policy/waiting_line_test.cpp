#include "actors/policy/waiting_line.hpp"

#include <map>
#include <string>
#include <utility>

#include "tests/support/catch.hpp"

using troupe::config::RequestClass;
using troupe::policy::Waiter;
using troupe::policy::WaitingLine;

namespace {

constexpr auto kInteractive = RequestClass::interactive;
constexpr auto kStandard = RequestClass::standard;
constexpr auto kBatch = RequestClass::batch;

Waiter waiter(std::uint64_t id, std::string tenant = "a", RequestClass priority = kStandard,
              double weight = 1, std::int64_t cost = 1) {
  return {id, priority, std::move(tenant), weight, cost};
}

/// Whose turn it is, which it uses; 0: nobody's.
std::uint64_t serve(WaitingLine& line) {
  const auto id = line.call().value_or(0);
  line.leave(id, true);
  return id;
}

}  // namespace

TEST_CASE("a tenant's requests have their turns in order of arrival, each told once") {
  WaitingLine line(3);
  CHECK(line.join(waiter(7)).in);
  CHECK_FALSE(line.join(waiter(7)).in);
  CHECK(line.join(waiter(9)).in);
  CHECK(line.join(waiter(10)).in);
  CHECK_FALSE(line.join(waiter(11)).in);
  CHECK(line.call() == 7u);
  CHECK_FALSE(line.call());
  line.leave(7, true);
  CHECK(line.call() == 9u);
  CHECK(line.join(waiter(11)).in);
}

TEST_CASE("who gives up in the middle does not disturb whose turn it is") {
  WaitingLine line(5);
  for (const auto id : {1u, 2u, 3u}) line.join(waiter(id));
  CHECK(line.call() == 1u);
  line.leave(2, false);
  line.leave(2, false);
  CHECK_FALSE(line.call());
  line.leave(1, false);
  CHECK(line.call() == 3u);
  line.leave(3, false);
  CHECK(line.empty());
  CHECK_FALSE(line.call());
}

TEST_CASE("a line that shrinks keeps those who are in it") {
  WaitingLine line(3);
  for (const auto id : {1u, 2u, 3u}) line.join(waiter(id));
  line.set_max_length(1);
  CHECK(line.size() == 3);
  CHECK_FALSE(line.join(waiter(4)).in);
}

TEST_CASE("classes have their turns in strict order, and the first to wait does not hold up a higher one") {
  WaitingLine line(10);
  line.join(waiter(1, "a", kBatch));
  CHECK(line.call() == 1u);
  CHECK(line.turn() == kBatch);
  line.join(waiter(2, "a", kStandard));
  line.join(waiter(3, "a", kInteractive));
  CHECK(line.call() == 3u);
  CHECK(line.turn() == kInteractive);
  line.leave(3, true);
  CHECK(line.call() == 2u);
  line.leave(2, true);
  CHECK_FALSE(line.call());  // the batch request knows since long
  CHECK(line.turn() == kBatch);
}

TEST_CASE("the default class gets one turn after eight interactive ones, batch none") {
  WaitingLine line(100);
  for (std::uint64_t id = 1; id <= 40; ++id) line.join(waiter(id, "a", kInteractive));
  for (std::uint64_t id = 101; id <= 110; ++id) line.join(waiter(id, "a", kStandard));
  line.join(waiter(200, "a", kBatch));
  std::map<bool, int> turns;
  for (int i = 0; i < 27; ++i) {
    const auto id = serve(line);
    CHECK(id < 200);
    ++turns[id < 100];
  }
  CHECK(turns[true] == 24);
  CHECK(turns[false] == 3);
}

TEST_CASE("tenants have turns by weight, whoever of them asks for more") {
  WaitingLine line(1000);
  for (std::uint64_t id = 1; id <= 300; ++id) line.join(waiter(id, "greedy"));
  for (std::uint64_t id = 1001; id <= 1100; ++id) line.join(waiter(id, "modest", kStandard, 2));
  int modest = 0;
  for (int i = 0; i < 90; ++i) modest += serve(line) > 1000 ? 1 : 0;
  CHECK(modest == 60);
}

TEST_CASE("turns count by what is asked for in them") {
  WaitingLine line(1000);
  for (std::uint64_t id = 1; id <= 100; ++id) line.join(waiter(id, "long", kStandard, 1, 900));
  for (std::uint64_t id = 1001; id <= 1100; ++id) line.join(waiter(id, "short", kStandard, 1, 100));
  int brief = 0;
  for (int i = 0; i < 100; ++i) brief += serve(line) > 1000 ? 1 : 0;
  CHECK(brief == 90);
}

TEST_CASE("who comes later is next at most one turn away, and has saved nothing up") {
  WaitingLine line(1000);
  for (std::uint64_t id = 1; id <= 100; ++id) line.join(waiter(id, "a"));
  for (int i = 0; i < 50; ++i) serve(line);
  for (std::uint64_t id = 1001; id <= 1050; ++id) line.join(waiter(id, "b"));
  int b = 0;
  b += serve(line) > 1000 ? 1 : 0;
  b += serve(line) > 1000 ? 1 : 0;
  CHECK(b >= 1);
  for (int i = 0; i < 20; ++i) b += serve(line) > 1000 ? 1 : 0;
  CHECK(b >= 10);
  CHECK(b <= 12);
}

TEST_CASE("turns that were not used cost nothing") {
  WaitingLine line(1000);
  for (std::uint64_t id = 1; id <= 40; ++id) line.join(waiter(id, "a"));
  line.join(waiter(999, "b"));
  for (std::uint64_t id = 1; id <= 30; ++id) line.leave(id, false);  // they waited too long
  for (std::uint64_t id = 1001; id <= 1040; ++id) line.join(waiter(id, "b"));
  int a = 0;
  for (int i = 0; i < 10; ++i) a += serve(line) < 900 ? 1 : 0;
  CHECK(a == 5);
}

TEST_CASE("a full line makes room for a higher class: the newest of the lowest goes") {
  WaitingLine line(3);
  line.join(waiter(1, "a", kStandard));
  line.join(waiter(2, "a", kBatch));
  line.join(waiter(3, "a", kBatch));
  CHECK_FALSE(line.join(waiter(4, "a", kBatch)).in);
  const auto joined = line.join(waiter(5, "a", kInteractive));
  CHECK(joined.in);
  CHECK(joined.out == 3u);
  CHECK(line.join(waiter(6, "a", kStandard)).out == 2u);
  CHECK_FALSE(line.join(waiter(7, "a", kStandard)).in);
  CHECK(line.waiting(kBatch) == 0);
  CHECK(line.waiting(kStandard) == 2);
}

TEST_CASE("nobody is turned away because the line is full of somebody else") {
  WaitingLine line(10);
  for (std::uint64_t id = 1; id <= 10; ++id) line.join(waiter(id, "greedy"));
  CHECK(line.call() == 1u);
  int in = 0;
  for (std::uint64_t id = 101; id <= 110; ++id) {
    const auto joined = line.join(waiter(id, "modest"));
    in += joined.in ? 1 : 0;
    if (joined.in) CHECK(joined.out == 111 - id);  // the newest of the greedy one
  }
  CHECK(in == 5);  // its half of the line
  CHECK_FALSE(line.join(waiter(50, "greedy")).in);
  CHECK(line.join(waiter(200, "third", kStandard, 1)).in);
}

TEST_CASE("who cannot use its turn steps aside and lets the next tenant have one") {
  WaitingLine line(10);
  for (std::uint64_t id = 1; id <= 3; ++id) line.join(waiter(id, "a"));
  line.join(waiter(11, "b"));
  line.join(waiter(21, "a", kBatch));
  CHECK(line.call() == 1u);
  line.step_aside(1);
  CHECK(line.call() == 11u);
  line.step_aside(11);
  CHECK(line.call() == 21u);  // classes too: nobody above it could use the turn
  CHECK(line.turn() == kBatch);
  line.leave(1, true);
  CHECK(line.call() == 2u);
  CHECK(line.turn() == kStandard);
}
