#include "config/nearest.hpp"

#include "tests/support/catch.hpp"

using namespace troupe::config;

TEST_CASE("edits are counted, a swap of neighbours as one") {
  CHECK(edit_distance("", "") == 0);
  CHECK(edit_distance("abc", "") == 3);
  CHECK(edit_distance("listen", "lisetn") == 1);
  CHECK(edit_distance("kitten", "sitting") == 3);
  CHECK(edit_distance(std::string(500, 'a'), std::string(500, 'a') + "b") == 0);
}

TEST_CASE("the nearest name is suggested, and nothing when none is near") {
  CHECK(nearest("stratgy", {"strategy", "targets"}) == "strategy");
  CHECK(nearest("rmp", {"rpm", "tpm"}) == "rpm");
  CHECK(nearest("zebra", {"strategy", "targets"}).empty());
  CHECK(suggest("zebra", {"strategy", "targets"}) == "one of: strategy, targets");
  CHECK(suggest("zebra", {}).empty());
}
