#include "cluster/ledger/store.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

#include <set>

#include "cluster/ledger/lines.hpp"
#include "cluster/ledger/schema.hpp"
#include "cluster/sqlite/words.hpp"

namespace troupe::ledger {
namespace {

using money::BudgetId;
using money::Picos;

std::int64_t bits(std::uint64_t id) {
  return static_cast<std::int64_t>(id);
}
std::uint64_t id_of(const SQLite::Column& column) {
  return static_cast<std::uint64_t>(column.getInt64());
}

constexpr sqlite::Means kMeans{"budgets grant nothing more",
                               "what this node holds of each budget then counts as spent"};

class TheStore final : public Store {
 public:
  explicit TheStore(std::filesystem::path file)
      : file_(std::move(file)), db_(file_.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE) {}

  Result<void> prepare(money::LedgerId fresh);
  money::Image load() override;
  Result<std::map<BudgetId, Picos>> commit(const Batch& batch) override;
  std::vector<CostRow> costs() override;
  std::pair<Picos, std::int64_t> expenses(BudgetId budget) override;

  void put(const money::PromiseWrite& write);
  void put(const money::FilledWrite& write);
  void put(const money::RecordWrite& write);
  void put(const money::BlockWrite& write);
  void put(const money::ForgetWrite& write);

 private:
  /// Ready to be bound; compiled once.
  SQLite::Statement& prepared(const char* sql) {
    auto& statement = statements_[sql];
    if (!statement) statement = std::make_unique<SQLite::Statement>(db_, sql);
    statement->reset();
    return *statement;
  }
  template <class... Values>
  SQLite::Statement& bound(const char* sql, const Values&... values) {
    auto& statement = prepared(sql);
    int at = 0;
    (statement.bind(++at, values), ...);
    return statement;
  }
  template <class... Values>
  void run(const char* sql, const Values&... values) {
    bound(sql, values...).exec();
  }
  void load_records(money::Image& image);
  std::set<BudgetId> put(const std::vector<Entry>& entries);
  void put(const Line& line);
  void put(const CostRow& row);

  std::filesystem::path file_;
  SQLite::Database db_;
  std::map<const char*, std::unique_ptr<SQLite::Statement>> statements_;
};

/// FULL: the write-ahead log is synced with every commit, so that a commit survives a power cut.
Result<void> TheStore::prepare(money::LedgerId fresh) {
  db_.exec(
      "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
      "PRAGMA wal_autocheckpoint=200;");  // pages: short pauses rather than few
  const int version = db_.execAndGet("PRAGMA user_version").getInt();
  if (version > kVersion)
    return fail(Fault::troupe_internal, file_.string() + " was written by a later version of troupe");
  if (version == kVersion) return {};
  SQLite::Transaction all(db_, SQLite::TransactionBehavior::IMMEDIATE);
  const auto& change = version == 0 ? kSchema : version == 1 ? kFromFirst : kFromSecond;
  db_.exec(change);
  if (version == 0) run("INSERT INTO self(ledger) VALUES(?)", bits(fresh));
  db_.exec("PRAGMA user_version=" + std::to_string(kVersion));
  all.commit();
  return {};
}

money::Image TheStore::load() {
  money::Image image;
  SQLite::Statement self(db_, "SELECT ledger, filled, promised, holder, incarnation FROM self");
  if (self.executeStep()) {
    image.ledger = id_of(self.getColumn(0));
    image.filled = static_cast<money::Filled>(self.getColumn(1).getInt());
    image.promised = {id_of(self.getColumn(2)), self.getColumn(3).getString(), id_of(self.getColumn(4))};
  }
  SQLite::Statement blocks(db_, "SELECT budget, mark, released, doubt, settled, until FROM blocks");
  while (blocks.executeStep())
    image.blocks[id_of(blocks.getColumn(0))] = {blocks.getColumn(1), blocks.getColumn(2), blocks.getColumn(3),
                                                blocks.getColumn(4), blocks.getColumn(5)};
  load_records(image);
  return image;
}

void TheStore::load_records(money::Image& image) {
  SQLite::Statement records(
      db_, "SELECT budget, number, holder, incarnation, seq, cap, until, reached, told FROM records");
  while (records.executeStep()) {
    money::Record record;
    record.id = id_of(records.getColumn(0));
    record.stamp.epoch = {id_of(records.getColumn(1)), records.getColumn(2).getString(),
                          id_of(records.getColumn(3))};
    record.stamp.seq = id_of(records.getColumn(4));
    record.cap = records.getColumn(5);
    record.until = records.getColumn(6);
    record.reached = records.getColumn(7).getUInt();
    record.told = records.getColumn(8).getUInt();
    image.records[record.id] = record;
  }
  SQLite::Statement shares(db_, "SELECT budget, node, ledger, granted, released, spent, doubt FROM shares");
  while (shares.executeStep()) {
    auto& share = image.records[id_of(shares.getColumn(0))].of(
        {shares.getColumn(1).getString(), id_of(shares.getColumn(2))});
    share = {shares.getColumn(3), shares.getColumn(4), shares.getColumn(5), shares.getColumn(6)};
  }
}

void TheStore::put(const money::PromiseWrite& write) {
  run("UPDATE self SET promised=?, holder=?, incarnation=?", bits(write.epoch.number), write.epoch.holder,
      bits(write.epoch.incarnation));
}

void TheStore::put(const money::FilledWrite& write) {
  run("UPDATE self SET filled=?", static_cast<int>(write.filled));
}

void TheStore::put(const money::RecordWrite& write) {
  const auto& record = write.record;
  run("INSERT OR REPLACE INTO records VALUES(?,?,?,?,?,?,?,?,?)", bits(record.id),
      bits(record.stamp.epoch.number), record.stamp.epoch.holder, bits(record.stamp.epoch.incarnation),
      bits(record.stamp.seq), record.cap, record.until, record.reached, record.told);
  run("DELETE FROM shares WHERE budget=?", bits(record.id));
  for (const auto& [who, share] : record.shares)
    run("INSERT INTO shares VALUES(?,?,?,?,?,?,?)", bits(record.id), who.node, bits(who.ledger),
        share.granted, share.released, share.spent, share.doubt);
}

void TheStore::put(const money::BlockWrite& write) {
  const auto& block = write.block;
  run("INSERT INTO blocks(budget, mark, released, doubt, until) VALUES(?1,?2,?3,?4,?5) ON CONFLICT(budget) "
      "DO UPDATE SET mark=?2, released=?3, doubt=?4, until=?5",
      bits(write.budget), block.mark, block.released, block.doubt, block.until);
}

void TheStore::put(const money::ForgetWrite& write) {
  for (const auto* sql :
       {"DELETE FROM records WHERE budget=?", "DELETE FROM shares WHERE budget=?",
        "DELETE FROM blocks WHERE budget=?",
        "DELETE FROM expenses WHERE id IN (SELECT expense FROM charges WHERE budget=?1) AND NOT EXISTS "
        "(SELECT 1 FROM charges WHERE expense=expenses.id AND budget<>?1)",
        "DELETE FROM charges WHERE budget=?"})
    run(sql, bits(write.budget));
}

std::set<BudgetId> TheStore::put(const std::vector<Entry>& entries) {
  for (const auto& line : lines_of(entries)) put(line);
  std::map<BudgetId, policy::Charge> sums;  // one row of blocks for many calls
  for (const auto& entry : entries) {
    for (const auto& charge : entry.charges)
      sums.try_emplace(charge.budget, policy::Charge{charge.budget, charge.until, 0}).first->second.cost +=
          charge.cost;
  }
  std::set<BudgetId> touched;
  for (const auto& [budget, sum] : sums) {
    const auto until = std::chrono::duration_cast<std::chrono::seconds>(sum.until.time_since_epoch());
    run("INSERT INTO blocks(budget, settled, until) VALUES(?1,?2,?3) ON CONFLICT(budget) "
        "DO UPDATE SET settled=settled+?2",
        bits(budget), sum.cost, std::int64_t{until.count()});
    touched.insert(budget);
  }
  return touched;
}

void TheStore::put(const Line& line) {
  auto& row = bound(
      "INSERT INTO expenses(at, tenant, vkey, end_user, tags, provider, model, input, output, cost, "
      "estimated, minute, calls, unknown) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?) "
      "ON CONFLICT(minute, tenant, vkey, end_user, tags, provider, model, estimated) DO UPDATE SET "
      "input=input+excluded.input, output=output+excluded.output, cost=cost+excluded.cost, "
      "calls=calls+excluded.calls, unknown=unknown+excluded.unknown RETURNING id",
      line.at, line.tenant, line.key, line.user, line.tags, line.provider, line.model, line.input,
      line.output, line.cost, line.estimated ? 1 : 0, line.minute, line.calls, line.unknown);
  row.executeStep();
  const std::int64_t id = row.getColumn(0);
  row.reset();
  for (const auto& [budget, charge] : line.charges)
    run("INSERT INTO charges VALUES(?,?,?,?) ON CONFLICT(budget, expense) DO UPDATE SET "
        "cost=cost+excluded.cost, calls=calls+excluded.calls",
        bits(budget), id, charge.cost, charge.calls);
}

void TheStore::put(const CostRow& row) {
  run("INSERT INTO costs VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9) ON CONFLICT(day, kind, name) DO UPDATE SET "
      "calls=calls+?4, input=input+?5, output=output+?6, cost=cost+?7, unknown=unknown+?8, "
      "estimated=estimated+?9",
      row.day, static_cast<int>(row.by), row.name, row.sum.calls, row.sum.input, row.sum.output, row.sum.cost,
      row.sum.unknown, row.sum.estimated);
}

std::vector<CostRow> TheStore::costs() {
  std::vector<CostRow> out;
  SQLite::Statement rows(db_,
                         "SELECT day, kind, name, calls, input, output, cost, unknown, estimated FROM costs");
  while (rows.executeStep()) {
    out.push_back({rows.getColumn(0),
                   static_cast<CostBy>(rows.getColumn(1).getInt()),
                   rows.getColumn(2).getString(),
                   {rows.getColumn(3), rows.getColumn(4), rows.getColumn(5), rows.getColumn(6),
                    rows.getColumn(7), rows.getColumn(8)}});
  }
  return out;
}

Result<std::map<BudgetId, Picos>> TheStore::commit(const Batch& batch) try {
  SQLite::Transaction all(db_, SQLite::TransactionBehavior::IMMEDIATE);
  for (const auto& write : batch.writes) std::visit([this](const auto& one) { put(one); }, write);
  std::map<BudgetId, Picos> sums;
  for (const auto budget : put(batch.entries)) {
    auto& sum = prepared("SELECT settled FROM blocks WHERE budget=?");
    sum.bind(1, bits(budget));
    if (sum.executeStep()) sums[budget] = sum.getColumn(0);
    sum.reset();
  }
  for (const auto& row : batch.costs) put(row);
  if (batch.forget_before > 0) run("DELETE FROM costs WHERE day<?", batch.forget_before);
  all.commit();
  return sums;
} catch (const SQLite::Exception& error) {
  for (auto& [sql, statement] : statements_) statement->tryReset();
  return fail(Fault::troupe_internal, sqlite::words(error, file_, kMeans));
}

std::pair<Picos, std::int64_t> TheStore::expenses(BudgetId budget) {
  SQLite::Statement sum(db_,
                        "SELECT coalesce(sum(cost), 0), coalesce(sum(calls), 0) FROM charges WHERE budget=?");
  sum.bind(1, bits(budget));
  sum.executeStep();
  return {sum.getColumn(0), sum.getColumn(1)};
}

}  // namespace

Result<std::unique_ptr<Store>> Store::open(const std::filesystem::path& dir, money::LedgerId fresh) {
  const auto file = dir / "ledger.db";
  std::error_code ignored;
  std::filesystem::create_directories(dir, ignored);
  try {
    auto store = std::make_unique<TheStore>(file);
    if (auto prepared = store->prepare(fresh); !prepared) return tl::unexpected(prepared.error());
    return store;
  } catch (const SQLite::Exception& error) {
    return fail(Fault::troupe_internal, sqlite::words(error, file, kMeans));
  }
}

}  // namespace troupe::ledger
