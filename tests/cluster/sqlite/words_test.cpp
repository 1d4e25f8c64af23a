#include "cluster/sqlite/words.hpp"

#include <SQLiteCpp/Database.h>
#include <sqlite3.h>

#include <fstream>

#include "tests/support/catch.hpp"
#include "tests/support/folder.hpp"

using namespace troupe;

namespace {

constexpr sqlite::Means kMeans{"nothing is kept", "others give it back"};

std::string of(int code) {
  return sqlite::words(SQLite::Exception("of SQLite", code), "/data/x.db", kMeans);
}

}  // namespace

TEST_CASE("an error names the file, what it means and what to do") {
  CHECK(of(SQLITE_BUSY) == "/data/x.db is used by another process: each node needs a store.path of its own");
  CHECK(of(SQLITE_LOCKED) == of(SQLITE_BUSY));
  CHECK(of(SQLITE_READONLY) ==
        "/data/x.db cannot be written: let the node's user own the directory of store.path");
  CHECK(of(SQLITE_CANTOPEN) == of(SQLITE_READONLY));
  CHECK(of(SQLITE_PERM) == of(SQLITE_READONLY));
  CHECK(of(SQLITE_FULL) == "/data/x.db: the disk is full; nothing is kept until there is room");
  CHECK(of(SQLITE_CORRUPT) == "/data/x.db is damaged: move it away (others give it back)");
}

TEST_CASE("what has no meaning of its own is said in SQLite's words") {
  CHECK(of(SQLITE_MISUSE) == "/data/x.db: of SQLite");
}

TEST_CASE("a file that is no database is damaged") {
  const testing::Folder folder;
  const auto file = folder / "x.db";
  std::ofstream(file) << std::string(4096, 'x');
  try {
    SQLite::Database(file.string(), SQLite::OPEN_READWRITE).exec("PRAGMA user_version=1");
    FAIL("it was taken for one");
  } catch (const SQLite::Exception& error) {
    CHECK(sqlite::words(error, file, kMeans).find("is damaged") != std::string::npos);
  }
}
