#include "cluster/engine/last_run.hpp"

#include <fstream>

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::cluster;
using namespace std::chrono_literals;

namespace {

struct Folder {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("troupe-last-run-" + std::to_string(entropy()));
  static std::uint64_t entropy() {
    static std::uint64_t count = 0;
    return static_cast<std::uint64_t>(std::filesystem::file_time_type::clock::duration::period::den) +
           ++count + reinterpret_cast<std::uintptr_t>(&count);
  }
  ~Folder() { std::filesystem::remove_all(path); }
};

Moment at(Duration wall, std::string boot, Duration up) {
  return {WallTime(wall), std::move(boot), up};
}

}  // namespace

TEST_CASE("a store that was never used says so") {
  Folder folder;
  CHECK_FALSE(LastRun(folder.path).age(at(100s, "a", 5s)));
}

TEST_CASE("within one boot the clock that nobody sets tells the age") {
  Folder folder;
  REQUIRE(LastRun(folder.path).touch(at(1000s, "a", 50s), true));
  CHECK(LastRun(folder.path).age(at(1s, "a", 80s)) == 30s);
}

TEST_CASE("after a reboot the calendar tells it, and a calendar that went back is not believed") {
  Folder folder;
  REQUIRE(LastRun(folder.path).touch(at(1000s, "a", 50s)));
  CHECK(LastRun(folder.path).age(at(1120s, "b", 5s)) == 120s);
  CHECK(LastRun(folder.path).age(at(10s, "b", 5s)) == 0s);
}

TEST_CASE("a damaged file counts as just now") {
  Folder folder;
  REQUIRE(LastRun(folder.path).touch(at(1000s, "a", 50s)));
  std::ofstream(folder.path / "last_run", std::ios::trunc) << "x";
  CHECK(LastRun(folder.path).age(at(9999s, "a", 9999s)) == 0s);
}

TEST_CASE("without a store nothing is kept") {
  CHECK_FALSE(LastRun({}).keeps());
}

TEST_CASE("a store that cannot be written is told from one that was never used") {
  Folder folder;
  std::ofstream(folder.path) << "a file where the folder should be";
  CHECK_FALSE(LastRun(folder.path).writable());
  Folder good;
  CHECK(LastRun(good.path).writable());
  CHECK(std::filesystem::is_empty(good.path));
}
