#include "gateway/batch/verdict.hpp"

#include "tests/support/catch.hpp"

using namespace std::chrono_literals;

namespace troupe::batch {
namespace {

TEST_CASE("no room is no failure of a line, as long as there may be room within the window") {
  for (const int status : {429, 503}) {
    CHECK(judge(status, std::nullopt, 99, 1h) == Fate::waits);
    CHECK(judge(status, 59min, 99, 1h) == Fate::waits);
    CHECK(judge(status, 61min, 1, 1h) == Fate::bad);
  }
}

TEST_CASE("what broke is tried three times") {
  for (const int status : {0, 408, 500, 502, 504}) {
    CHECK(judge(status, std::nullopt, 1, 1h) == Fate::again);
    CHECK(judge(status, std::nullopt, 2, 1h) == Fate::again);
    CHECK(judge(status, std::nullopt, 3, 1h) == Fate::bad);
  }
}

TEST_CASE("the caller's own mistakes are answers") {
  CHECK(judge(200, std::nullopt, 1, 1h) == Fate::good);
  for (const int status : {400, 401, 403, 404, 413}) CHECK(judge(status, std::nullopt, 1, 1h) == Fate::bad);
}

}  // namespace
}  // namespace troupe::batch
