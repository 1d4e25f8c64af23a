#pragma once
// The tables of a ledger. Internal to cluster/ledger. Ids of 64 bits are stored as SQLite's signed integers.

namespace troupe::ledger {

inline constexpr int kVersion = 1;  ///< PRAGMA user_version

inline constexpr auto kSchema = R"sql(
CREATE TABLE self(
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
)sql";

}  // namespace troupe::ledger
