#include "actors/policy/waiting_line.hpp"

#include "tests/support/catch.hpp"

using troupe::policy::WaitingLine;

TEST_CASE("a waiting line serves in order of arrival and turns away who does not fit") {
  WaitingLine line(2);
  CHECK(line.join(7));
  CHECK_FALSE(line.join(7));
  CHECK(line.join(9));
  CHECK_FALSE(line.join(11));
  CHECK(line.head() == 7u);
  CHECK(line.position(9) == 1u);
  CHECK(line.leave(7));
  CHECK(line.head() == 9u);
  CHECK(line.join(11));
}

TEST_CASE("who gives up in the middle does not disturb the head") {
  WaitingLine line(5);
  for (const auto id : {1u, 2u, 3u}) line.join(id);
  CHECK_FALSE(line.leave(2));
  CHECK_FALSE(line.leave(2));
  CHECK(line.head() == 1u);
  CHECK(line.leave(1));
  CHECK_FALSE(line.leave(3));
  CHECK(line.empty());
  CHECK_FALSE(line.head());
}

TEST_CASE("a line that shrinks keeps those who are in it") {
  WaitingLine line(3);
  for (const auto id : {1u, 2u, 3u}) line.join(id);
  line.set_max_length(1);
  CHECK(line.size() == 3);
  CHECK_FALSE(line.join(4));
}
