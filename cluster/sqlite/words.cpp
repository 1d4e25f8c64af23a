#include "cluster/sqlite/words.hpp"

#include <sqlite3.h>

namespace troupe::sqlite {

std::string words(const SQLite::Exception& error, const std::filesystem::path& file, const Means& means) {
  const auto name = file.string();
  switch (error.getErrorCode()) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return name + " is used by another process: each node needs a store.path of its own";
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return name + " cannot be written: let the node's user own the directory of store.path";
    case SQLITE_FULL:
      return name + ": the disk is full; " + std::string(means.full) + " until there is room";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return name + " is damaged: move it away (" + std::string(means.lost) + ")";
    default:
      return name + ": " + error.what();
  }
}

}  // namespace troupe::sqlite
