#include "cluster/ledger/store.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <algorithm>
#include <fstream>

#include "tests/cluster/ledger/support.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::ledger;

namespace {

std::unique_ptr<Store> opened(const std::filesystem::path& dir, money::LedgerId fresh = 1) {
  auto store = Store::open(dir, fresh);
  if (!store) FAIL(store.error().message);
  return std::move(*store);
}

money::Record record() {
  money::Record out;
  out.id = ~std::uint64_t{0} - 3;  // more than a signed number holds
  out.stamp = {{4, "node-1", ~std::uint64_t{0}}, 17};
  out.cap = 500;
  out.until = 1000;
  out.of({"a", ~std::uint64_t{0} - 1}) = {100, 20, 30, 4};
  out.of({"b", 2}) = {50, 0, 0, 0};
  return out;
}

/// As version 1 wrote it: two calls of one budget.
constexpr auto kFirstVersion = R"sql(CREATE TABLE self(
  ledger INTEGER NOT NULL, filled INTEGER NOT NULL DEFAULT 0,
  promised INTEGER NOT NULL DEFAULT 0, holder TEXT NOT NULL DEFAULT '', incarnation INTEGER NOT NULL DEFAULT 0);
CREATE TABLE records(
  budget INTEGER PRIMARY KEY, number INTEGER NOT NULL, holder TEXT NOT NULL, incarnation INTEGER NOT NULL,
  seq INTEGER NOT NULL, cap INTEGER NOT NULL, until INTEGER NOT NULL);
CREATE TABLE shares(
  budget INTEGER NOT NULL, node TEXT NOT NULL, ledger INTEGER NOT NULL, granted INTEGER NOT NULL,
  released INTEGER NOT NULL, spent INTEGER NOT NULL, doubt INTEGER NOT NULL,
  PRIMARY KEY(budget, node, ledger)) WITHOUT ROWID;
CREATE TABLE blocks(
  budget INTEGER PRIMARY KEY, mark INTEGER NOT NULL DEFAULT 0, released INTEGER NOT NULL DEFAULT 0,
  doubt INTEGER NOT NULL DEFAULT 0, settled INTEGER NOT NULL DEFAULT 0, until INTEGER NOT NULL DEFAULT 0);
CREATE TABLE expenses(
  id INTEGER PRIMARY KEY, at INTEGER NOT NULL, budget INTEGER NOT NULL, tenant TEXT NOT NULL,
  provider TEXT NOT NULL, model TEXT NOT NULL, input INTEGER NOT NULL, output INTEGER NOT NULL,
  cost INTEGER NOT NULL, estimated INTEGER NOT NULL);
CREATE INDEX expenses_of ON expenses(budget);
INSERT INTO self VALUES(77, 2, 3, 'node-1', 4);
INSERT INTO records VALUES(7, 3, 'node-1', 4, 5, 1000, 2000);
INSERT INTO shares VALUES(7, 'node-1', 77, 100, 0, 42, 0);
INSERT INTO blocks VALUES(7, 100, 0, 0, 42, 2000);
INSERT INTO expenses VALUES(1, 5000, 7, 'team', 'openai', 'gpt', 10, 20, 30, 0);
INSERT INTO expenses VALUES(2, 6000, 7, 'team', 'openai', 'gpt', 10, 20, 12, 1);
PRAGMA user_version=1;
)sql";

/// As version 2 wrote it: a row for each call, one of them with an unknown price and in two budgets.
constexpr auto kSecondVersion = R"sql(CREATE TABLE self(
  ledger INTEGER NOT NULL, filled INTEGER NOT NULL DEFAULT 0,
  promised INTEGER NOT NULL DEFAULT 0, holder TEXT NOT NULL DEFAULT '', incarnation INTEGER NOT NULL DEFAULT 0);
CREATE TABLE records(
  budget INTEGER PRIMARY KEY, number INTEGER NOT NULL, holder TEXT NOT NULL, incarnation INTEGER NOT NULL,
  seq INTEGER NOT NULL, cap INTEGER NOT NULL, until INTEGER NOT NULL,
  reached INTEGER NOT NULL DEFAULT 0, told INTEGER NOT NULL DEFAULT 0);
CREATE TABLE shares(
  budget INTEGER NOT NULL, node TEXT NOT NULL, ledger INTEGER NOT NULL, granted INTEGER NOT NULL,
  released INTEGER NOT NULL, spent INTEGER NOT NULL, doubt INTEGER NOT NULL,
  PRIMARY KEY(budget, node, ledger)) WITHOUT ROWID;
CREATE TABLE blocks(
  budget INTEGER PRIMARY KEY, mark INTEGER NOT NULL DEFAULT 0, released INTEGER NOT NULL DEFAULT 0,
  doubt INTEGER NOT NULL DEFAULT 0, settled INTEGER NOT NULL DEFAULT 0, until INTEGER NOT NULL DEFAULT 0);
CREATE TABLE expenses(
  id INTEGER PRIMARY KEY, at INTEGER NOT NULL, tenant TEXT NOT NULL, vkey TEXT NOT NULL, end_user TEXT NOT NULL,
  tags TEXT NOT NULL, provider TEXT NOT NULL, model TEXT NOT NULL, input INTEGER NOT NULL, output INTEGER NOT NULL,
  cost INTEGER, estimated INTEGER NOT NULL);
CREATE TABLE charges(
  budget INTEGER NOT NULL, expense INTEGER NOT NULL, cost INTEGER NOT NULL,
  PRIMARY KEY(budget, expense)) WITHOUT ROWID;
CREATE INDEX charges_of ON charges(expense);
CREATE TABLE costs(
  day INTEGER NOT NULL, kind INTEGER NOT NULL, name TEXT NOT NULL, calls INTEGER NOT NULL, input INTEGER NOT NULL,
  output INTEGER NOT NULL, cost INTEGER NOT NULL, unknown INTEGER NOT NULL, estimated INTEGER NOT NULL,
  PRIMARY KEY(day, kind, name)) WITHOUT ROWID;
INSERT INTO self VALUES(77, 2, 3, 'node-1', 4);
INSERT INTO blocks VALUES(7, 100, 0, 0, 42, 2000);
INSERT INTO expenses VALUES(1, 5000, 'team', '', '', '', 'openai', 'gpt', 10, 20, 30, 0);
INSERT INTO expenses VALUES(2, 5000, 'team', '', '', '', 'openai', 'gpt', 10, 20, NULL, 0);
INSERT INTO charges VALUES(7, 1, 30);
INSERT INTO charges VALUES(7, 2, 12);
INSERT INTO charges VALUES(8, 2, 13);
PRAGMA user_version=2;
)sql";

/// Of a store that is closed.
int rows_in(const std::filesystem::path& dir, const std::string& table) {
  SQLite::Database file((dir / "ledger.db").string());
  return file.execAndGet("SELECT count(*) FROM " + table).getInt();
}

}  // namespace

TEST_CASE("a new store has the name that it was given, and keeps it") {
  const Folder folder;
  CHECK(opened(folder.path(), 77)->load().ledger == 77);
  CHECK(opened(folder.path(), 78)->load().ledger == 77);
}

TEST_CASE("everything that was committed is there again") {
  const Folder folder;
  {
    Batch batch;
    batch.writes = {money::PromiseWrite{{9, "node-2", 3}}, money::FilledWrite{money::Filled::confirmed},
                    money::RecordWrite{record()}, block(7, 100, 20)};
    batch.entries = {entry(7, 30), entry(7, 12), entry(8, 5)};
    const auto sums = opened(folder.path())->commit(batch);
    REQUIRE(sums);
    CHECK(*sums == std::map<money::BudgetId, money::Picos>{{7, 42}, {8, 5}});
  }
  const auto store = opened(folder.path());
  const auto image = store->load();
  CHECK(image.promised == money::Epoch{9, "node-2", 3});
  CHECK(image.filled == money::Filled::confirmed);
  REQUIRE(image.records.size() == 1);
  CHECK(image.records.begin()->second == record());
  CHECK(image.blocks.at(7) == money::Block{100, 20, 0, 42, 1000});
  CHECK(image.blocks.at(8) == money::Block{0, 0, 0, 5, 1000});
  CHECK(store->expenses(7) == std::pair<money::Picos, std::int64_t>{42, 2});
}

TEST_CASE("a newer record replaces all of the older one, and forgetting leaves nothing") {
  const Folder folder;
  const auto store = opened(folder.path());
  auto newer = record();
  newer.shares.pop_back();
  newer.stamp.seq = 18;
  Batch batch;
  batch.writes = {money::RecordWrite{record()}, money::RecordWrite{newer}, block(newer.id, 5)};
  batch.entries = {entry(newer.id, 1)};
  REQUIRE(store->commit(batch));
  CHECK(store->load().records.at(newer.id) == newer);
  REQUIRE(store->commit({{money::ForgetWrite{newer.id}}, {}}));
  CHECK(store->load().records.empty());
  CHECK(store->load().blocks.empty());
  CHECK(store->expenses(newer.id).second == 0);
}

TEST_CASE("two processes do not share a store") {
  const Folder folder;
  const auto store = opened(folder.path());
  const auto second = Store::open(folder.path(), 2);
  REQUIRE_FALSE(second);
  CHECK(second.error().message.find("another process") != std::string::npos);
}

TEST_CASE("what is no ledger, or one of a later version, is refused with words") {
  const Folder folder;
  std::ofstream(folder.path() / "ledger.db") << std::string(5000, 'x');
  const auto damaged = Store::open(folder.path(), 1);
  REQUIRE_FALSE(damaged);
  CHECK(damaged.error().message.find("damaged") != std::string::npos);
  const auto nowhere = Store::open("/proc/nowhere", 1);
  REQUIRE_FALSE(nowhere);
  CHECK(nowhere.error().message.find("cannot be written") != std::string::npos);
}

TEST_CASE("one call counts in several budgets and is one row; without a budget only its sums are kept") {
  const Folder folder;
  const auto store = opened(folder.path());
  Batch batch;
  auto both = entry(7, 30);
  both.charges.push_back({8, WallTime(std::chrono::seconds(1000)), 40});  // another price where none is known
  auto free = entry(7, 5);
  free.charges.clear();
  batch.entries = {both, free};
  batch.costs = CostBook().of({&both.expense, &free.expense});
  const auto sums = store->commit(batch);
  REQUIRE(sums);
  CHECK(sums->at(7) == 30);
  CHECK(sums->at(8) == 40);
  CHECK(store->expenses(7) == std::pair<money::Picos, std::int64_t>(30, 1));
  CHECK(store->expenses(8) == std::pair<money::Picos, std::int64_t>(40, 1));
  REQUIRE(store->commit(batch));
  const auto rows = store->costs();
  const auto provider =
      std::find_if(rows.begin(), rows.end(), [](const CostRow& row) { return row.by == CostBy::provider; });
  REQUIRE(provider != rows.end());
  CHECK(provider->sum.cost == 70);
  CHECK(provider->sum.calls == 4);
}

TEST_CASE("forgetting one budget leaves what counts in another") {
  const Folder folder;
  auto store = opened(folder.path());
  auto both = entry(7, 30);
  both.charges.push_back({8, WallTime(std::chrono::seconds(1000)), 30});
  Batch batch;
  batch.entries = {both, entry(7, 5)};
  REQUIRE(store->commit(batch));
  REQUIRE(store->commit({{money::ForgetWrite{7}}, {}}));
  CHECK(store->expenses(7).second == 0);
  CHECK(store->expenses(8).second == 1);
  store.reset();
  CHECK(rows_in(folder.path(), "expenses") == 1);
}

TEST_CASE("sums of days that are too old go") {
  const Folder folder;
  const auto store = opened(folder.path());
  Batch batch;
  batch.costs = {{10, CostBy::provider, "a", {1, 1, 1, 1, 0, 0}},
                 {20, CostBy::provider, "a", {1, 1, 1, 1, 0, 0}}};
  REQUIRE(store->commit(batch));
  Batch later;
  later.forget_before = 15;
  REQUIRE(store->commit(later));
  REQUIRE(store->costs().size() == 1);
  CHECK(store->costs()[0].day == 20);
}

TEST_CASE("what is reached and told of a budget is on disk") {
  const Folder folder;
  const auto store = opened(folder.path());
  auto kept = record();
  kept.reached = 8000;
  kept.told = 5000;
  Batch batch;
  batch.writes = {money::RecordWrite{kept}};
  REQUIRE(store->commit(batch));
  CHECK(store->load().records.at(kept.id) == kept);
}

TEST_CASE("a ledger of the second version keeps its calls, and new ones are lines of their minute") {
  const Folder folder;
  {
    SQLite::Database old((folder.path() / "ledger.db").string(),
                         SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    old.exec(kSecondVersion);
  }
  auto store = opened(folder.path());
  CHECK(store->load().blocks.at(7).settled == 42);
  CHECK(store->expenses(7) == std::pair<money::Picos, std::int64_t>(42, 2));
  CHECK(store->expenses(8) == std::pair<money::Picos, std::int64_t>(13, 1));
  Batch batch;
  batch.entries = {entry(7, 8), entry(7, 1)};
  REQUIRE(store->commit(batch));
  REQUIRE(store->commit(batch));
  CHECK(store->expenses(7) == std::pair<money::Picos, std::int64_t>(60, 6));
  store.reset();
  CHECK(rows_in(folder.path(), "expenses") == 3);
}

TEST_CASE("calls of one minute are one row with their sums, however many batches they come in") {
  const Folder folder;
  auto store = opened(folder.path());
  auto unknown = entry(7, 4);
  unknown.expense.cost.reset();
  for (int i = 0; i < 3; ++i) {
    Batch batch;
    batch.entries = {entry(7, 30), unknown};
    REQUIRE(store->commit(batch));
  }
  CHECK(store->expenses(7) == std::pair<money::Picos, std::int64_t>(102, 6));
  CHECK(store->load().blocks.at(7).settled == 102);
  store.reset();
  SQLite::Database file((folder.path() / "ledger.db").string());
  SQLite::Statement row(file, "SELECT calls, unknown, cost, input, output FROM expenses");
  REQUIRE(row.executeStep());
  CHECK(row.getColumn(0).getInt() == 6);
  CHECK(row.getColumn(1).getInt() == 3);
  CHECK(row.getColumn(2).getInt() == 90);
  CHECK(row.getColumn(3).getInt() == 60);
  CHECK(row.getColumn(4).getInt() == 120);
  CHECK_FALSE(row.executeStep());
}

TEST_CASE("a ledger of the first version is brought up to date with all it has") {
  const Folder folder;
  {
    SQLite::Database old((folder.path() / "ledger.db").string(),
                         SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    old.exec(kFirstVersion);
  }
  const auto store = opened(folder.path());
  const auto image = store->load();
  CHECK(image.ledger == 77);
  CHECK(image.records.at(7).cap == 1000);
  CHECK(image.records.at(7).reached == 0);
  CHECK(image.blocks.at(7).settled == 42);
  CHECK(store->expenses(7) == std::pair<money::Picos, std::int64_t>(42, 2));
  Batch batch;
  batch.entries = {entry(7, 8)};
  REQUIRE(store->commit(batch));
  CHECK(store->expenses(7) == std::pair<money::Picos, std::int64_t>(50, 3));
}
