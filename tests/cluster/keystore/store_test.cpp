#include "cluster/keystore/store.hpp"

#include <algorithm>
#include <fstream>
#include <functional>

#include "tests/cluster/keystore/postgres_server.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/folder.hpp"

using namespace troupe;
using namespace troupe::keystore;
using namespace std::chrono_literals;
using keyring::Record;
using troupe::testing::Folder;

namespace {

Record key(const std::string& id, const std::string& name = "prod") {
  Record out;
  out.id = id;
  out.made = out.turned = {1000, "a"};
  out.tenant = "team";
  out.name = name;
  out.policy.models = {"smart", "it's \"quoted\" — and long"};
  out.policy.rpm = 60;
  out.hash = "sha256:" + id;
  out.prefix = "tr-a1b2…";
  return out;
}

Record revoked(Record record) {
  record.revoked = 2000;
  return record;
}

std::vector<Record> sorted(Result<std::vector<Record>> records) {
  REQUIRE(records);
  std::sort(records->begin(), records->end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  return *records;
}

/// Where no server is installed it is said, and nothing tested.
bool runs(const PostgresServer& server) {
  if (!server.runs()) WARN(server.said());
  return server.runs();
}

/// What every store does.
void behaves(const std::function<std::unique_ptr<Store>()>& open) {
  {
    auto store = open();
    CHECK(sorted(store->load()).empty());
    REQUIRE(store->save({key("1"), key("2")}));
    CHECK(sorted(store->load()) == std::vector{key("1"), key("2")});
    REQUIRE(store->save({}));
  }
  auto store = open();
  CHECK(sorted(store->load()) == std::vector{key("1"), key("2")});
  REQUIRE(store->save({revoked(key("1"))}));
  REQUIRE(store->save({key("1")}));  // older news do not undo it
  CHECK(sorted(store->load()) == std::vector{revoked(key("1")), key("2")});
  std::vector<Record> many;
  for (int i = 0; i < 1000; ++i) many.push_back(key("m" + std::to_string(i)));
  REQUIRE(store->save(many));
  CHECK(store->load()->size() == 1002);
}

}  // namespace

TEST_CASE("a store on disk keeps what it was given, joined with what it had") {
  Folder folder;
  behaves([&] { return std::move(*open_sqlite(folder.path() / "made")); });
}

TEST_CASE("a store in PostgreSQL keeps what it was given, joined with what it had") {
  PostgresServer server;
  if (!runs(server)) return;
  behaves([&] { return std::move(*open_postgres(server.said())); });
}

TEST_CASE("nodes that share a store see each other's changes when they look, each once") {
  PostgresServer server;
  if (!runs(server)) return;
  auto one = std::move(*open_postgres(server.said()));
  auto two = std::move(*open_postgres(server.said()));
  REQUIRE(one->load());
  REQUIRE(two->load());
  CHECK(one->shared());
  REQUIRE(two->look(Time(10s))->empty());
  REQUIRE(one->save({key("1")}));
  // Within the second that a look is good for: the notification says that there is something.
  Result<std::vector<Record>> seen;
  const auto until = real_clock().now() + 5s;
  while (seen && seen->empty() && real_clock().now() < until) seen = two->look(Time(10s + 1ms));
  CHECK(sorted(seen) == std::vector{key("1")});
  CHECK(two->look(Time(10s + 2ms))->empty());
  CHECK(two->look(Time(12s))->empty());
}

TEST_CASE("a database that is gone is said to be, and looked for again") {
  PostgresServer server;
  if (!runs(server)) return;
  auto store = std::move(*open_postgres(server.said()));
  REQUIRE(store->save({key("1")}));
  REQUIRE(store->load());
  server.stop();
  const auto refused = store->save({key("2")});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.find("store.postgres: ") == 0);
  CHECK(refused.error().message.find("postgres-secret") == std::string::npos);
  REQUIRE_FALSE(store->look(Time(10s)));
  REQUIRE_FALSE(store->look(Time(10s + 100ms)));  // its pause
  server.start();
  REQUIRE_FALSE(store->look(Time(10s + 100ms)));
  const auto again = store->look(Time(20s));
  REQUIRE(again);
  CHECK(again->empty());  // 1 is known, 2 was never there
  REQUIRE(store->save({key("2")}));
  CHECK(sorted(store->load()).size() == 2);
}

TEST_CASE("a bad URI is refused without being repeated") {
  const auto store = open_postgres("postgresql://troupe:hunter2@host:notaport:5/x?y");
  REQUIRE_FALSE(store);
  CHECK(store.error().message.find("hunter2") == std::string::npos);
}

TEST_CASE("a second process on the same file is told so") {
  Folder folder;
  auto first = open_sqlite(folder.path());
  REQUIRE(first);
  REQUIRE((*first)->save({key("1")}));
  const auto second = open_sqlite(folder.path());
  REQUIRE_FALSE(second);
  CHECK(second.error().message.find("another process") != std::string::npos);
}

TEST_CASE("a damaged file is said to be") {
  Folder folder;
  std::ofstream(folder.path() / "keys.db") << std::string(4096, 'x');
  const auto store = open_sqlite(folder.path());
  REQUIRE_FALSE(store);
  CHECK(store.error().message.find("damaged") != std::string::npos);
}
