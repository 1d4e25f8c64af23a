#pragma once
// The tables of a ledger. Internal to cluster/ledger. Ids of 64 bits are stored as SQLite's signed integers.
#include <string>

namespace troupe::ledger {

inline constexpr int kVersion = 3;  ///< PRAGMA user_version

/// Who spent what: what a database of version 1 gets anew.
inline constexpr auto kSpending = R"sql(
CREATE TABLE expenses(
  id INTEGER PRIMARY KEY, at INTEGER NOT NULL, tenant TEXT NOT NULL, vkey TEXT NOT NULL, end_user TEXT NOT NULL,
  tags TEXT NOT NULL, provider TEXT NOT NULL, model TEXT NOT NULL, input INTEGER NOT NULL, output INTEGER NOT NULL,
  cost INTEGER, estimated INTEGER NOT NULL, minute INTEGER, calls INTEGER NOT NULL DEFAULT 1,
  unknown INTEGER NOT NULL DEFAULT 0);
CREATE UNIQUE INDEX expenses_at ON expenses(minute, tenant, vkey, end_user, tags, provider, model, estimated);
CREATE TABLE charges(
  budget INTEGER NOT NULL, expense INTEGER NOT NULL, cost INTEGER NOT NULL, calls INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY(budget, expense)) WITHOUT ROWID;
CREATE INDEX charges_of ON charges(expense);
CREATE TABLE costs(
  day INTEGER NOT NULL, kind INTEGER NOT NULL, name TEXT NOT NULL, calls INTEGER NOT NULL, input INTEGER NOT NULL,
  output INTEGER NOT NULL, cost INTEGER NOT NULL, unknown INTEGER NOT NULL, estimated INTEGER NOT NULL,
  PRIMARY KEY(day, kind, name)) WITHOUT ROWID;
)sql";

inline const std::string kSchema = std::string(R"sql(
CREATE TABLE self(
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
)sql") + kSpending;

/// From version 1, which knew budgets of tenants only.
inline const std::string kFromFirst = std::string(R"sql(
ALTER TABLE records ADD COLUMN reached INTEGER NOT NULL DEFAULT 0;
ALTER TABLE records ADD COLUMN told INTEGER NOT NULL DEFAULT 0;
ALTER TABLE expenses RENAME TO old_expenses;
DROP INDEX expenses_of;
)sql") + kSpending + R"sql(
INSERT INTO expenses(id, at, tenant, vkey, end_user, tags, provider, model, input, output, cost, estimated)
  SELECT id, at, tenant, '', '', '', provider, model, input, output, cost, estimated FROM old_expenses;
INSERT INTO charges(budget, expense, cost) SELECT budget, id, cost FROM old_expenses;
DROP TABLE old_expenses;
)sql";

/// From version 2, which had a row for each call: those keep it, they are of no minute.
inline const std::string kFromSecond = R"sql(
ALTER TABLE expenses ADD COLUMN minute INTEGER;
ALTER TABLE expenses ADD COLUMN calls INTEGER NOT NULL DEFAULT 1;
ALTER TABLE expenses ADD COLUMN unknown INTEGER NOT NULL DEFAULT 0;
UPDATE expenses SET unknown=1 WHERE cost IS NULL;
CREATE UNIQUE INDEX expenses_at ON expenses(minute, tenant, vkey, end_user, tags, provider, model, estimated);
ALTER TABLE charges ADD COLUMN calls INTEGER NOT NULL DEFAULT 1;
)sql";

}  // namespace troupe::ledger
