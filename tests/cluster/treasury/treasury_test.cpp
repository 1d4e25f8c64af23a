// Treasuries with real ledgers and threads, joined by a line of messages instead of a network.
#include "cluster/treasury/treasury.hpp"

#include <deque>
#include <filesystem>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "core/random.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/folder.hpp"

using namespace troupe;
using namespace troupe::money;
using Taken = Purse::Taken;
using troupe::testing::Folder;

namespace {

constexpr Picos kDollar = 1'000'000'000'000;

std::shared_ptr<config::Config> config_of(const std::string& store) {
  auto config = std::make_shared<config::Config>();
  config->store.path = store;
  config->tenants.emplace_back().name = "team";
  config->tenants.back().budget.emplace().usd = 10;
  return config;
}

std::unique_ptr<Treasury> started(std::shared_ptr<config::Config> config) {
  auto treasury = Treasury::start({std::move(config), "node-1", &real_clock(), entropy_seed()});
  if (!treasury) FAIL(treasury.error().message);
  return std::move(*treasury);
}

/// Asks until the answer is not "wait", for a bounded time of this machine.
template <class Pump>
Taken taken(Treasury& treasury, Picos amount, Pump pump) {
  const auto cash = treasury.cash();
  const auto until = real_clock().now() + std::chrono::seconds(20);
  auto last = Taken::wait;
  while (last == Taken::wait && real_clock().now() < until) {
    last = cash.purse("tenant/team")->take(amount);
    if (last != Taken::wait) break;
    cash.hurry();
    pump();
    std::this_thread::yield();
  }
  return last;
}
Taken taken(Treasury& treasury, Picos amount) {
  return taken(treasury, amount, [] {});
}

void spend(Treasury& treasury, Picos reserved, Picos cost) {
  const auto cash = treasury.cash();
  const auto purse = cash.purse("tenant/team");
  policy::Expense expense;
  expense.tenant = "team";
  expense.cost = cost;
  cash.book(expense, {{purse->id(), purse->until(), cost}});
  purse->settle(reserved, cost);
}

nlohmann::json budget(const Treasury& treasury) {
  return treasury.view().at("budgets").at(0);
}

}  // namespace

TEST_CASE("a node on its own spends its budget to the end, and after a clean stop the books are exact") {
  const Folder folder;
  {
    const auto treasury = started(config_of(folder / "a"));
    CHECK(treasury->cash().purse("nobody") == nullptr);
    for (int i = 0; i < 10; ++i) {
      REQUIRE(taken(*treasury, kDollar) == Taken::yes);
      spend(*treasury, kDollar, kDollar);
    }
    CHECK(taken(*treasury, 1) == Taken::exhausted);
    treasury->close(std::chrono::seconds(5));
  }
  const auto again = started(config_of(folder / "a"));
  CHECK(taken(*again, 1) == Taken::exhausted);
  CHECK(budget(*again).at("here").at("spent") == "10.000000");
  CHECK(budget(*again).at("here").at("in_doubt") == "0.000000");
}

TEST_CASE("what a process that vanished had taken is in doubt for the next one, and is not spent again") {
  const Folder folder;
  const auto first = started(config_of(folder / "a"));
  REQUIRE(taken(*first, 4 * kDollar) == Taken::yes);
  // As the disk is at this instant.
  std::filesystem::copy(folder / "a", folder / "b");
  const auto second = started(config_of(folder / "b"));
  CHECK(taken(*second, 7 * kDollar) == Taken::exhausted);
  const auto doubt = second->view().at("budgets").at(0).at("in_doubt_usd").get<double>();
  CHECK(doubt >= 4);
  CHECK(doubt <= 10);
}

TEST_CASE("a store that another process uses is refused with words") {
  const Folder folder;
  const auto first = started(config_of(folder / "a"));
  const auto second = Treasury::start({config_of(folder / "a"), "node-1", &real_clock(), 1});
  REQUIRE_FALSE(second);
  CHECK(second.error().message.find("another process") != std::string::npos);
}

TEST_CASE("three nodes spend one budget, and each tells the same story") {
  const Folder folder;
  std::mutex mutex;
  std::deque<std::tuple<std::string, std::string, Message>> line;
  std::map<std::string, std::unique_ptr<Treasury>> nodes;
  for (const std::string name : {"a", "b", "c"}) {
    auto config = config_of(folder / name);
    config->cluster.emplace();
    config->cluster->node = name;
    config->cluster->voters = {{"a", ""}, {"b", ""}, {"c", ""}};
    config->cluster->office = std::chrono::milliseconds(100);
    nodes[name] = started(config);
    nodes[name]->connect([&, name](const std::string& to, const Message& message) {
      const std::lock_guard lock(mutex);
      line.emplace_back(name, to, message);
    });
    nodes[name]->office(name == "b", "b");
  }
  const auto pump = [&] {
    for (;;) {
      std::unique_lock lock(mutex);
      if (line.empty()) return;
      const auto [from, to, message] = std::move(line.front());
      line.pop_front();
      lock.unlock();
      nodes.at(to)->heard(from, message);
    }
  };
  Picos spent = 0;
  // A refusal near the end may rest on words that are a quarter of a second old.
  const auto end = real_clock().now() + std::chrono::seconds(20);
  for (int i = 0; spent <= 9 * kDollar && real_clock().now() < end; ++i) {
    auto& node = *nodes.at(std::string(1, static_cast<char>('a' + i % 3)));
    if (taken(node, kDollar / 2, pump) != Taken::yes) continue;
    spend(node, kDollar / 2, kDollar / 4);
    spent += kDollar / 4;
  }
  CHECK(spent <= 10 * kDollar);
  CHECK(spent > 9 * kDollar);
  const auto known = [&](const std::string& name) {
    pump();
    return budget(*nodes.at(name)).at("spent") == format_dollars(Money{spent});
  };
  const auto until = real_clock().now() + std::chrono::seconds(20);
  while (!(known("a") && known("b") && known("c")) && real_clock().now() < until) std::this_thread::yield();
  for (const auto* name : {"a", "b", "c"}) CHECK(known(name));
  for (auto& [name, node] : nodes) node->connect({});
}
