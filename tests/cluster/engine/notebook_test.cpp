#include "cluster/engine/notebook.hpp"

#include <unistd.h>

#include <atomic>

#include "tests/support/catch.hpp"
#include "tests/support/manual_clock.hpp"

using namespace troupe;
using namespace troupe::cluster;
using troupe::testing::ManualClock;
using namespace std::chrono_literals;

namespace {

struct Folder {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() /
      ("troupe-notebook-" + std::to_string(::getpid()) + "-" + std::to_string(next()));
  static int next() {
    static std::atomic<int> count{0};
    return ++count;
  }
  ~Folder() { std::filesystem::remove_all(path); }
  std::filesystem::path file() const { return path / "account"; }
};

Append told(std::uint64_t first) {
  Append out;
  out.epoch = {7, "a", 3};
  out.lineage = 99;
  out.first = first;
  out.changes.push_back({Change::What::grant, {"n", 1, 1}, 5, 2, {}, {}});
  return out;
}

Append image() {
  auto out = told(1);
  out.changes.clear();
  out.whole.emplace();
  out.whole->books.push_back({{5, LimitKind::window, 60, 60s, 1}, 60, 0, {}, {}});
  return out;
}

}  // namespace

TEST_CASE("the next process knows the image and everything since, at its times") {
  Folder folder;
  ManualClock clock;
  {
    Notebook notebook(folder.path, "boot", clock);
    CHECK(notebook.recall(clock.now()).empty());
    REQUIRE(notebook.replace({clock.now(), image()}));
    clock.advance(3s);
    REQUIRE(notebook.keep({clock.now(), told(2)}));
  }
  clock.advance(2s);
  Notebook notebook(folder.path, "boot", clock);
  const auto kept = notebook.recall(clock.now());
  REQUIRE(kept.size() == 2);
  CHECK(kept[0].told.whole == image().whole);
  CHECK(kept[1].at - kept[0].at == 3s);
  CHECK(kept[1].told.changes == told(2).changes);
  CHECK(kept[1].told.epoch == told(2).epoch);
  SECTION("and goes on writing where it ended") {
    REQUIRE(notebook.keep({clock.now(), told(3)}));
    CHECK(Notebook(folder.path, "boot", clock).recall(clock.now()).size() == 3);
  }
  SECTION("and a new image stands for all before") {
    REQUIRE(notebook.replace({clock.now(), image()}));
    CHECK(Notebook(folder.path, "boot", clock).recall(clock.now()).size() == 1);
  }
}

TEST_CASE("after a reboot nothing is known") {
  Folder folder;
  ManualClock clock;
  REQUIRE(Notebook(folder.path, "one", clock).replace({clock.now(), image()}));
  CHECK(Notebook(folder.path, "one", clock).recall(clock.now()).size() == 1);
  CHECK(Notebook(folder.path, "two", clock).recall(clock.now()).empty());
}

TEST_CASE("a clock that is behind the file, or went faster than the calendar, is not believed") {
  Folder folder;
  ManualClock clock;
  REQUIRE(Notebook(folder.path, "boot", clock).replace({clock.now(), image()}));
  SECTION("behind") {
    CHECK(Notebook(folder.path, "boot", clock).recall(clock.now() - 1ns).empty());
  }
  SECTION("too fast") {
    CHECK(Notebook(folder.path, "boot", clock).recall(clock.now() + 2s).empty());
    CHECK(Notebook(folder.path, "boot", clock).recall(clock.now()).empty());  // not even later
  }
}

TEST_CASE("a record that was cut short is dropped; a damaged one spoils the file") {
  Folder folder;
  ManualClock clock;
  {
    Notebook notebook(folder.path, "boot", clock);
    REQUIRE(notebook.replace({clock.now(), image()}));
    REQUIRE(notebook.keep({clock.now(), told(2)}));
  }
  SECTION("cut at any place") {
    const auto whole = std::filesystem::file_size(folder.file());
    for (std::uintmax_t cut = 1; cut < 40; ++cut) {
      std::filesystem::resize_file(folder.file(), whole - cut);
      Notebook notebook(folder.path, "boot", clock);
      CHECK(notebook.recall(clock.now()).size() == 1);
      REQUIRE(notebook.keep({clock.now(), told(2)}));
    }
    CHECK(Notebook(folder.path, "boot", clock).recall(clock.now()).size() == 2);
  }
  SECTION("one byte changed") {
    std::fstream file(folder.file(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(-3, std::ios::end);
    file.put('\x7f');
    file.close();
    CHECK(Notebook(folder.path, "boot", clock).recall(clock.now()).empty());
  }
}

TEST_CASE("a file that cannot be written is not left behind") {
  Folder folder;
  ManualClock clock;
  Notebook notebook(folder.path, "boot", clock);
  REQUIRE(notebook.replace({clock.now(), image()}));
  std::filesystem::create_directory(folder.path / "account.new");  // where the next image would be written
  CHECK(notebook.replace({clock.now(), image()}));
  CHECK_FALSE(std::filesystem::exists(folder.file()));
  CHECK(notebook.keep({clock.now(), told(2)}));
  CHECK(Notebook(folder.path, "boot", clock).recall(clock.now()).empty());
}

TEST_CASE("a file that can be neither written nor removed makes the voter silent") {
  Folder folder;
  ManualClock clock;
  Notebook notebook(folder.path, "boot", clock);
  std::filesystem::create_directories(folder.path / "account.new");
  std::filesystem::create_directories(folder.file() / "occupied");
  CHECK_FALSE(notebook.replace({clock.now(), image()}));
}
