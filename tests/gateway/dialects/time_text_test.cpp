#include "gateway/dialects/time_text.hpp"

#include "tests/support/catch.hpp"

namespace troupe::dialects {

TEST_CASE("moments are read to the second and written again") {
  CHECK(read_time("1970-01-02T00:00:01Z") == 86'401);
  CHECK(read_time("2026-05-19T14:59:42.780595067Z") == 1'779'202'782);
  CHECK(write_time(1'779'202'782) == "2026-05-19T14:59:42Z");
  CHECK(write_time(0).empty());
  for (const auto* odd : {"", "now", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-05-19"})
    CHECK(read_time(odd) == 0);
}

}  // namespace troupe::dialects
