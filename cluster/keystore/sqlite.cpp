#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

#include <nlohmann/json.hpp>

#include "cluster/keyring/json.hpp"
#include "cluster/keystore/store.hpp"
#include "cluster/sqlite/words.hpp"

namespace troupe::keystore {
namespace {

constexpr int kVersion = 1;  // PRAGMA user_version
constexpr sqlite::Means kMeans{"virtual keys cannot be changed",
                               "other nodes of the cluster give the keys back"};
using keyring::Record;

class SqliteStore final : public Store {
 public:
  explicit SqliteStore(std::filesystem::path file)
      : file_(std::move(file)), db_(file_.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE) {}

  Result<void> prepare();
  Result<std::vector<Record>> load() override;
  Result<void> save(const std::vector<Record>& records) override;
  bool shared() const override { return false; }
  Result<std::vector<Record>> look(Time) override { return std::vector<Record>{}; }

 private:
  Record joined(const Record& record);

  std::filesystem::path file_;
  SQLite::Database db_;
};

/// FULL: a commit survives a power cut.
Result<void> SqliteStore::prepare() {
  db_.exec("PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;");
  const int version = db_.execAndGet("PRAGMA user_version").getInt();
  if (version > kVersion)
    return fail(Fault::troupe_internal, file_.string() + " was written by a later version of troupe");
  if (version == kVersion) return {};
  SQLite::Transaction all(db_, SQLite::TransactionBehavior::IMMEDIATE);
  db_.exec("CREATE TABLE virtual_keys(id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID");
  db_.exec("PRAGMA user_version=" + std::to_string(kVersion));
  all.commit();
  return {};
}

Result<std::vector<Record>> SqliteStore::load() try {
  std::vector<Record> out;
  SQLite::Statement all(db_, "SELECT id, body FROM virtual_keys");
  while (all.executeStep()) {
    auto record = keyring::from_json(all.getColumn(1).getString());
    if (!record)
      return fail(Fault::troupe_internal,
                  file_.string() + ": the key " + all.getColumn(0).getString() + " cannot be read");
    out.push_back(*std::move(record));
  }
  return out;
} catch (const SQLite::Exception& error) {
  return fail(Fault::troupe_internal, sqlite::words(error, file_, kMeans));
}

Record SqliteStore::joined(const Record& record) {
  SQLite::Statement one(db_, "SELECT body FROM virtual_keys WHERE id=?");
  one.bind(1, record.id);
  if (!one.executeStep()) return record;
  const auto stored = keyring::from_json(one.getColumn(0).getString());
  return stored ? keyring::join(*stored, record) : record;
}

Result<void> SqliteStore::save(const std::vector<Record>& records) try {
  SQLite::Transaction all(db_, SQLite::TransactionBehavior::IMMEDIATE);
  for (const auto& record : records) {
    SQLite::Statement put(db_, "INSERT OR REPLACE INTO virtual_keys VALUES(?,?)");
    put.bind(1, record.id);
    put.bind(2, keyring::to_json(joined(record)).dump());
    put.exec();
  }
  all.commit();
  return {};
} catch (const SQLite::Exception& error) {
  return fail(Fault::troupe_internal, sqlite::words(error, file_, kMeans));
}

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite(const std::filesystem::path& dir) {
  const auto file = dir / "keys.db";
  std::error_code ignored;
  std::filesystem::create_directories(dir, ignored);
  try {
    auto store = std::make_unique<SqliteStore>(file);
    if (auto prepared = store->prepare(); !prepared) return tl::unexpected(prepared.error());
    return store;
  } catch (const SQLite::Exception& error) {
    return fail(Fault::troupe_internal, sqlite::words(error, file, kMeans));
  }
}

}  // namespace troupe::keystore
