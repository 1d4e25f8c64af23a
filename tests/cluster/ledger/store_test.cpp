#include "cluster/ledger/store.hpp"

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
