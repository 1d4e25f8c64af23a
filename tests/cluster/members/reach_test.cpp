#include "cluster/members/reach.hpp"

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::members;
using namespace std::chrono_literals;

TEST_CASE("a linked node is never silent, a lost one is after a while without vouchers") {
  Reach reach;
  reach.connected("a");
  CHECK_FALSE(reach.silent("a", 1s, Time{} + 1h));
  reach.disconnected("a", Time{} + 10s);
  CHECK_FALSE(reach.silent("a", 1s, Time{} + 10900ms));
  CHECK(reach.silent("a", 1s, Time{} + 11s));
  reach.vouched("a", Time{} + 11s);
  CHECK_FALSE(reach.silent("a", 1s, Time{} + 11900ms));
}

TEST_CASE("others are asked about a lost node at once, and again after the pause") {
  Reach reach;
  reach.connected("a");
  reach.disconnected("a", Time{});
  CHECK(reach.questions(500ms, Time{}) == std::vector<std::string>{"a"});
  CHECK(reach.questions(500ms, Time{} + 400ms).empty());
  CHECK(reach.questions(500ms, Time{} + 500ms).size() == 1);
  reach.connected("a");
  CHECK(reach.questions(500ms, Time{} + 5s).empty());
}

TEST_CASE("somebody heard of but never linked must be reached by someone in time") {
  Reach reach;
  reach.watch("a", Time{});
  reach.watch("a", Time{} + 5s);
  CHECK(reach.silent("a", 5s, Time{} + 5s));
  reach.excuse(Time{} + 5s);
  CHECK_FALSE(reach.silent("a", 5s, Time{} + 6s));
  reach.drop("a");
  CHECK_FALSE(reach.silent("a", 5s, Time{} + 1h));
}
