#include "cluster/errands/rounds.hpp"

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::errands;
using namespace std::chrono_literals;

namespace {

const Time kStart{100h};

struct Bench {
  Rounds rounds;
  Rounds::Asked asked = *rounds.ask({"c", "b", "b"}, "view", "/keys", kStart + 1s);
  std::uint64_t id(const std::string& node) const {
    for (const auto& sent : asked.send)
      if (sent.to == node) return sent.ask.id;
    return 0;
  }
};

}  // namespace

TEST_CASE("each node is asked once, with a number of its own") {
  Bench b;
  REQUIRE(b.asked.send.size() == 2);
  CHECK(b.id("b") != b.id("c"));
  CHECK(b.asked.send[0].ask.what == "view");
  CHECK(b.asked.send[0].ask.text == "/keys");
}

TEST_CASE("a round ends when all have answered, whatever their order") {
  Bench b;
  b.rounds.hear("c", {b.id("c"), 200, "of c"});
  CHECK(b.rounds.ended(kStart).empty());
  b.rounds.hear("b", {b.id("b"), 404, "of b"});
  const auto ended = b.rounds.ended(kStart);
  REQUIRE(ended.size() == 1);
  CHECK(ended[0].round == b.asked.round);
  REQUIRE(ended[0].answers.size() == 2);
  CHECK(ended[0].answers[0].node == "b");
  CHECK(ended[0].answers[0].status == 404);
  CHECK(ended[0].answers[1].text == "of c");
  CHECK(b.rounds.ended(kStart).empty());
}

TEST_CASE("who says nothing in time is named with nothing said, and its late answer is ignored") {
  Bench b;
  b.rounds.hear("b", {b.id("b"), 200, "of b"});
  CHECK(b.rounds.ended(kStart + 999ms).empty());
  const auto ended = b.rounds.ended(kStart + 1s);
  REQUIRE(ended.size() == 1);
  CHECK(ended[0].answers[1].node == "c");
  CHECK(ended[0].answers[1].status == 0);
  b.rounds.hear("c", {b.id("c"), 200, "late"});
  CHECK(b.rounds.ended(kStart + 2s).empty());
  CHECK(b.rounds.open() == 0);
}

TEST_CASE("nobody answers for another, or twice, or with more than fits") {
  Bench b;
  b.rounds.hear("c", {b.id("b"), 200, "not mine"});
  b.rounds.hear("b", {b.id("b"), 200, std::string(kText + 1, 'x')});
  b.rounds.hear("b", {b.id("b"), 0, "no status"});
  CHECK(b.rounds.ended(kStart).empty());
  b.rounds.hear("b", {b.id("b"), 200, "first"});
  b.rounds.hear("b", {b.id("b"), 200, "second"});
  CHECK(b.rounds.ended(kStart + 1s)[0].answers[0].text == "first");
}

TEST_CASE("no more questions are open than there is room for") {
  Rounds rounds;
  for (std::size_t i = 0; i < Rounds::kMost; ++i) REQUIRE(rounds.ask({"b"}, "view", "/", kStart + 1s));
  CHECK_FALSE(rounds.ask({"b"}, "view", "/", kStart + 1s));
  CHECK(rounds.ended(kStart + 1s).size() == Rounds::kMost);
  CHECK(rounds.ask({"b"}, "view", "/", kStart + 2s));
}

TEST_CASE("a question to nobody has ended at once") {
  Rounds rounds;
  CHECK(rounds.ask({}, "view", "/", kStart + 1s));
  CHECK(rounds.ended(kStart).size() == 1);
}
