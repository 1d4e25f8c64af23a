#include <libpq-fe.h>

#include <algorithm>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>

#include "cluster/keyring/json.hpp"
#include "cluster/keystore/store.hpp"

namespace troupe::keystore {
namespace {

using keyring::Record;

constexpr Duration kLook = std::chrono::seconds(1);  // also when nobody notified
constexpr Duration kBackoff = std::chrono::milliseconds(250), kBackoffMost = std::chrono::seconds(5);
// Writers take turns, so that `seq` grows in the order in which rows become visible: whoever has seen one has
// seen all before it.
constexpr auto kTurn = "SELECT pg_advisory_xact_lock(7165748650)";
constexpr auto kSchema =
    "CREATE TABLE IF NOT EXISTS troupe_keys(id text PRIMARY KEY, seq bigint NOT NULL, body text NOT NULL);"
    "CREATE INDEX IF NOT EXISTS troupe_keys_seq ON troupe_keys(seq);"
    "CREATE SEQUENCE IF NOT EXISTS troupe_keys_number";

struct Finish {
  void operator()(PGconn* connection) const { PQfinish(connection); }
  void operator()(PGresult* result) const { PQclear(result); }
};
using Connection = std::unique_ptr<PGconn, Finish>;
using Rows = std::unique_ptr<PGresult, Finish>;

/// The first line: the others are hints with the same words.
std::string first_line(const char* text) {
  std::string out(text);
  return out.substr(0, out.find('\n'));
}

class PostgresStore final : public Store {
 public:
  explicit PostgresStore(std::string uri) : uri_(std::move(uri)) {}

  Result<std::vector<Record>> load() override;
  Result<void> save(const std::vector<Record>& records) override;
  bool shared() const override { return true; }
  Result<std::vector<Record>> look(Time now) override;

 private:
  Result<void> connect();
  Result<Rows> run(const char* sql, std::initializer_list<const char*> values = {});
  Result<void> write(const std::vector<Record>& records);
  Result<Record> joined(const Record& record);
  Result<std::vector<Record>> since(std::int64_t seq);
  bool notified();
  tl::unexpected<Error> trouble(const std::string& what);

  const std::string uri_;
  Connection connection_;
  std::int64_t seen_ = 0;  ///< the greatest seq that was read
  Time look_at_ = Time::min(), retry_at_ = Time::min();
  Duration backoff_ = kBackoff;
  std::string last_trouble_;
};

/// Nothing that it says has the password: libpq names host, port and user only.
tl::unexpected<Error> PostgresStore::trouble(const std::string& what) {
  if (connection_ && PQstatus(connection_.get()) != CONNECTION_OK) connection_.reset();
  last_trouble_ = "store.postgres: " + what;
  return fail(Fault::troupe_internal, last_trouble_);
}

Result<Rows> PostgresStore::run(const char* sql, std::initializer_list<const char*> values) {
  const std::vector<const char*> all(values);
  Rows rows(PQexecParams(connection_.get(), sql, static_cast<int>(all.size()), nullptr, all.data(), nullptr,
                         nullptr, 0));
  const auto status = PQresultStatus(rows.get());
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
    return trouble(first_line(PQerrorMessage(connection_.get())));
  return rows;
}

/// Nothing waits longer than a few seconds for a database that is gone.
Result<void> PostgresStore::connect() {
  if (connection_ && PQstatus(connection_.get()) == CONNECTION_OK) return {};
  const char* names[] = {"dbname",           "connect_timeout",  "options",         "keepalives_idle",
                         "tcp_user_timeout", "application_name", "client_encoding", nullptr};
  const char* values[] = {
      uri_.c_str(), "2",    "-c statement_timeout=2000 -c lock_timeout=2000 -c client_min_messages=warning",
      "5",          "3000", "troupe",
      "UTF8",       nullptr};
  connection_.reset(PQconnectdbParams(names, values, 1));
  if (PQstatus(connection_.get()) != CONNECTION_OK)
    return trouble(first_line(PQerrorMessage(connection_.get())));
  PQsetNoticeProcessor(
      connection_.get(), [](void*, const char*) {}, nullptr);  // it would write to standard error
  Rows made(PQexec(connection_.get(), kSchema));
  if (PQresultStatus(made.get()) != PGRES_COMMAND_OK)
    return trouble(first_line(PQerrorMessage(connection_.get())));
  if (auto listening = run("LISTEN troupe_keys"); !listening) return tl::unexpected(listening.error());
  return {};
}

Result<std::vector<Record>> PostgresStore::since(std::int64_t seq) {
  const auto text = std::to_string(seq);
  auto rows =
      run("SELECT seq, id, body FROM troupe_keys WHERE seq > $1::bigint ORDER BY seq", {text.c_str()});
  if (!rows) return tl::unexpected(rows.error());
  std::vector<Record> out;
  for (int i = 0; i < PQntuples(rows->get()); ++i) {
    auto record = keyring::from_json(PQgetvalue(rows->get(), i, 2));
    if (!record)
      return fail(Fault::troupe_internal, std::string("store.postgres: the key ") +
                                              PQgetvalue(rows->get(), i, 1) + " cannot be read");
    seen_ = std::max<std::int64_t>(seen_, std::stoll(PQgetvalue(rows->get(), i, 0)));
    out.push_back(*std::move(record));
  }
  return out;
}

Result<std::vector<Record>> PostgresStore::load() {
  if (auto connected = connect(); !connected) return tl::unexpected(connected.error());
  seen_ = 0;
  return since(0);
}

bool PostgresStore::notified() {
  bool any = false;
  PQconsumeInput(connection_.get());
  while (auto* note = PQnotifies(connection_.get())) {
    any = true;
    PQfreemem(note);
  }
  return any;
}

Result<std::vector<Record>> PostgresStore::look(Time now) {
  if (now < retry_at_) return fail(Fault::troupe_internal, last_trouble_);
  const bool fresh = !connection_ || PQstatus(connection_.get()) != CONNECTION_OK;
  auto connected = connect();
  if (connected && !fresh && !notified() && now < look_at_) return std::vector<Record>{};
  auto found = connected ? since(seen_) : tl::unexpected(connected.error());
  look_at_ = now + kLook;
  if (found) {
    backoff_ = kBackoff;
    retry_at_ = Time::min();
  } else {
    retry_at_ = now + backoff_;
    backoff_ = std::min(2 * backoff_, kBackoffMost);
  }
  return found;
}

Result<Record> PostgresStore::joined(const Record& record) {
  auto rows = run("SELECT body FROM troupe_keys WHERE id = $1", {record.id.c_str()});
  if (!rows) return tl::unexpected(rows.error());
  if (PQntuples(rows->get()) == 0) return record;
  const auto stored = keyring::from_json(PQgetvalue(rows->get(), 0, 0));
  return stored ? keyring::join(*stored, record) : record;
}

Result<void> PostgresStore::write(const std::vector<Record>& records) {
  for (const auto* sql : {"BEGIN", kTurn})
    if (auto begun = run(sql); !begun) return tl::unexpected(begun.error());
  for (const auto& record : records) {
    const auto whole = joined(record);
    if (!whole) return tl::unexpected(whole.error());
    const auto body = keyring::to_json(*whole).dump();
    auto put = run(
        "INSERT INTO troupe_keys VALUES($1, nextval('troupe_keys_number'), $2) ON CONFLICT(id) DO UPDATE SET "
        "seq = excluded.seq, body = excluded.body",
        {record.id.c_str(), body.c_str()});
    if (!put) return tl::unexpected(put.error());
  }
  for (const auto* sql : {"NOTIFY troupe_keys", "COMMIT"})
    if (auto ended = run(sql); !ended) return tl::unexpected(ended.error());
  return {};
}

Result<void> PostgresStore::save(const std::vector<Record>& records) {
  if (auto connected = connect(); !connected) return connected;
  auto written = write(records);
  if (!written && connection_) Rows(PQexec(connection_.get(), "ROLLBACK"));
  return written;
}

}  // namespace

Result<std::unique_ptr<Store>> open_postgres(const std::string& uri) {
  char* error = nullptr;
  auto* options = PQconninfoParse(uri.c_str(), &error);
  // What libpq says of it would quote it, with the password.
  PQfreemem(error);
  if (options == nullptr)
    return fail(Fault::troupe_internal,
                "store.postgres is no connection URI: write postgresql://user:password@host:5432/database");
  PQconninfoFree(options);
  return std::make_unique<PostgresStore>(uri);
}

}  // namespace troupe::keystore
