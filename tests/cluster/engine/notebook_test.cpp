#include "cluster/engine/notebook.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/manual_clock.hpp"

using namespace troupe;
using namespace troupe::cluster;
using troupe::testing::ManualClock;
using namespace std::chrono_literals;

namespace {

/// A store that nobody has made yet.
struct Store {
  testing::Folder folder;
  std::filesystem::path path = folder / "store";
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
  Store store;
  ManualClock clock;
  {
    Notebook notebook(store.path, "boot", clock);
    CHECK(notebook.recall(clock.now()).empty());
    REQUIRE(notebook.replace({clock.now(), image()}));
    clock.advance(3s);
    REQUIRE(notebook.keep({clock.now(), told(2)}));
  }
  clock.advance(2s);
  Notebook notebook(store.path, "boot", clock);
  const auto kept = notebook.recall(clock.now());
  REQUIRE(kept.size() == 2);
  CHECK(kept[0].told.whole == image().whole);
  CHECK(kept[1].at - kept[0].at == 3s);
  CHECK(kept[1].told.changes == told(2).changes);
  CHECK(kept[1].told.epoch == told(2).epoch);
  SECTION("and goes on writing where it ended") {
    REQUIRE(notebook.keep({clock.now(), told(3)}));
    CHECK(Notebook(store.path, "boot", clock).recall(clock.now()).size() == 3);
  }
  SECTION("and a new image stands for all before") {
    REQUIRE(notebook.replace({clock.now(), image()}));
    CHECK(Notebook(store.path, "boot", clock).recall(clock.now()).size() == 1);
  }
}

TEST_CASE("after a reboot nothing is known") {
  Store store;
  ManualClock clock;
  REQUIRE(Notebook(store.path, "one", clock).replace({clock.now(), image()}));
  CHECK(Notebook(store.path, "one", clock).recall(clock.now()).size() == 1);
  CHECK(Notebook(store.path, "two", clock).recall(clock.now()).empty());
}

TEST_CASE("a clock that is behind the file, or went faster than the calendar, is not believed") {
  Store store;
  ManualClock clock;
  REQUIRE(Notebook(store.path, "boot", clock).replace({clock.now(), image()}));
  SECTION("behind") {
    CHECK(Notebook(store.path, "boot", clock).recall(clock.now() - 1ns).empty());
  }
  SECTION("too fast") {
    CHECK(Notebook(store.path, "boot", clock).recall(clock.now() + 2s).empty());
    CHECK(Notebook(store.path, "boot", clock).recall(clock.now()).empty());  // not even later
  }
}

TEST_CASE("a record that was cut short is dropped; a damaged one spoils the file") {
  Store store;
  ManualClock clock;
  {
    Notebook notebook(store.path, "boot", clock);
    REQUIRE(notebook.replace({clock.now(), image()}));
    REQUIRE(notebook.keep({clock.now(), told(2)}));
  }
  SECTION("cut at any place") {
    const auto whole = std::filesystem::file_size(store.file());
    for (std::uintmax_t cut = 1; cut < 40; ++cut) {
      std::filesystem::resize_file(store.file(), whole - cut);
      Notebook notebook(store.path, "boot", clock);
      CHECK(notebook.recall(clock.now()).size() == 1);
      REQUIRE(notebook.keep({clock.now(), told(2)}));
    }
    CHECK(Notebook(store.path, "boot", clock).recall(clock.now()).size() == 2);
  }
  SECTION("one byte changed") {
    std::fstream file(store.file(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(-3, std::ios::end);
    file.put('\x7f');
    file.close();
    CHECK(Notebook(store.path, "boot", clock).recall(clock.now()).empty());
  }
}

TEST_CASE("a file that cannot be written is not left behind") {
  Store store;
  ManualClock clock;
  Notebook notebook(store.path, "boot", clock);
  REQUIRE(notebook.replace({clock.now(), image()}));
  std::filesystem::create_directory(store.path / "account.new");  // where the next image would be written
  CHECK(notebook.replace({clock.now(), image()}));
  CHECK_FALSE(std::filesystem::exists(store.file()));
  CHECK(notebook.keep({clock.now(), told(2)}));
  CHECK(Notebook(store.path, "boot", clock).recall(clock.now()).empty());
}

TEST_CASE("a file that can be neither written nor removed makes the voter silent") {
  Store store;
  ManualClock clock;
  Notebook notebook(store.path, "boot", clock);
  std::filesystem::create_directories(store.path / "account.new");
  std::filesystem::create_directories(store.file() / "occupied");
  CHECK_FALSE(notebook.replace({clock.now(), image()}));
}
