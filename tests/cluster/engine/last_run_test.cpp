#include "cluster/engine/last_run.hpp"

#include <fstream>

#include "tests/support/catch.hpp"
#include "tests/support/folder.hpp"

using namespace troupe;
using namespace troupe::cluster;
using namespace std::chrono_literals;

namespace {

/// A store that nobody has made yet.
struct Store {
  testing::Folder folder;
  std::filesystem::path path = folder / "store";
};

Moment at(Duration wall, std::string boot, Duration up) {
  return {WallTime(wall), std::move(boot), up};
}

}  // namespace

TEST_CASE("a store that was never used says so") {
  Store store;
  CHECK_FALSE(LastRun(store.path).age(at(100s, "a", 5s)));
}

TEST_CASE("within one boot the clock that nobody sets tells the age") {
  Store store;
  REQUIRE(LastRun(store.path).touch(at(1000s, "a", 50s), true));
  CHECK(LastRun(store.path).age(at(1s, "a", 80s)) == 30s);
}

TEST_CASE("after a reboot the calendar tells it, and a calendar that went back is not believed") {
  Store store;
  REQUIRE(LastRun(store.path).touch(at(1000s, "a", 50s)));
  CHECK(LastRun(store.path).age(at(1120s, "b", 5s)) == 120s);
  CHECK(LastRun(store.path).age(at(10s, "b", 5s)) == 0s);
}

TEST_CASE("a damaged file counts as just now") {
  Store store;
  REQUIRE(LastRun(store.path).touch(at(1000s, "a", 50s)));
  std::ofstream(store.path / "last_run", std::ios::trunc) << "x";
  CHECK(LastRun(store.path).age(at(9999s, "a", 9999s)) == 0s);
}

TEST_CASE("without a store nothing is kept") {
  CHECK_FALSE(LastRun({}).keeps());
}

TEST_CASE("a store that cannot be written is told from one that was never used") {
  Store store;
  std::ofstream(store.path) << "a file where the folder should be";
  CHECK_FALSE(LastRun(store.path).writable());
  Store good;
  CHECK(LastRun(good.path).writable());
  CHECK(std::filesystem::is_empty(good.path));
}
