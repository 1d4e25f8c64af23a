#include "cluster/money/bank.hpp"

#include <deque>

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::money;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

const Budget kBudget{7, "team", 1000, 0, 1'000'000};

/// Banks on a perfect network, with disks that sync at once unless they are told not to.
struct Town {
  explicit Town(const std::vector<NodeName>& names, std::vector<std::uint32_t> alerts = {}) : voters(names) {
    budget.alerts = std::move(alerts);
    for (const auto& name : names) {
      images[name].ledger = ++ledgers;
      start(name);
    }
  }
  void start(const NodeName& name) {
    banks[name] = std::make_unique<Bank>(BankSettings{name, ++lives, voters, {}}, images[name], now);
    banks[name]->configure({budget}, now);
    flush(name);
  }
  void flush(const NodeName& name) {
    auto& bank = *banks[name];
    for (const auto& write : bank.take_writes()) images[name].apply(write);
    if (stuck.count(name)) return;
    Outbox out;
    bank.synced(bank.last_write(), now, out);
    post(name, out);
    for (const auto& write : bank.take_writes()) images[name].apply(write);
  }
  void post(const NodeName& from, Outbox& out) {
    for (auto& outgoing : out) line.emplace_back(from, std::move(outgoing));
    out.clear();
  }
  void run(int ticks) {
    for (int i = 0; i < ticks; ++i) {
      now += milliseconds(20);
      for (auto& [name, bank] : banks) {
        Outbox out;
        bank->tick({name == holder, holder}, now, out);
        post(name, out);
        flush(name);
      }
      for (int hops = 0; hops < 10000 && !line.empty(); ++hops) {
        auto [from, message] = std::move(line.front());
        line.pop_front();
        if (!banks.count(message.to)) continue;
        Outbox out;
        banks[message.to]->hear(from, message.message, now, out);
        post(message.to, out);
        flush(message.to);
      }
    }
  }
  /// What is handed out to be told while so much time passes.
  std::vector<std::uint32_t> alarms(Duration span) {
    std::vector<std::uint32_t> out;
    for (const auto until = now + span; now < until;) {
      run(1);
      for (auto& [name, bank] : banks)
        for (const auto& alarm : bank->take_alarms(now)) out.push_back(alarm.share);
    }
    return out;
  }
  bool takes(const NodeName& name, Picos amount) {
    for (int i = 0; i < 30; ++i) {
      if (banks[name]->purse(7)->take(amount) == Purse::Taken::yes) return true;
      banks[name]->hurry();
      run(1);
    }
    return false;
  }

  std::vector<NodeName> voters;
  std::uint64_t ledgers = 0, lives = 0;
  std::map<NodeName, Image> images;
  std::map<NodeName, std::unique_ptr<Bank>> banks;
  std::set<NodeName> stuck;
  std::deque<std::pair<NodeName, Outgoing>> line;
  NodeName holder = "a";
  Budget budget = kBudget;
  Time now{std::chrono::hours(1)};
};

}  // namespace

TEST_CASE("a node on its own is its own majority") {
  Town town({"a"});
  CHECK(town.takes("a", 400));
  CHECK(town.takes("a", 600));
  CHECK_FALSE(town.takes("a", 1));
}

TEST_CASE("all nodes together spend the budget, and no more") {
  Town town({"a", "b", "c"});
  Picos spent = 0;
  for (int i = 0; i < 40; ++i) {
    const auto name = std::string(1, static_cast<char>('a' + i % 3));
    if (town.takes(name, 37)) spent += 37;
  }
  CHECK(spent <= 1000);
  CHECK(spent > 1000 - 37);
}

TEST_CASE("a budget that is added has money like those that were there, which notice nothing") {
  Town town({"a", "b", "c"});
  REQUIRE(town.takes("a", 100));
  auto more = kBudget;
  more.id = 8;
  more.owner = "budget/each/user=bob";
  for (auto& [name, bank] : town.banks) bank->add({more}, town.now);
  town.run(50);
  const auto spends = [&](const NodeName& name, BudgetId id, Picos amount) {
    for (int i = 0; i < 60; ++i) {
      if (town.banks[name]->purse(id)->take(amount) == Purse::Taken::yes) return true;
      town.banks[name]->hurry();
      town.run(1);
    }
    return false;
  };
  CHECK(spends("b", 8, 900));
  CHECK_FALSE(spends("c", 8, 101));
  CHECK(spends("c", 7, 900));
  CHECK_FALSE(spends("b", 7, 1));
}

TEST_CASE("what lay still for long is found again by whoever needs it") {
  Town town({"a", "b", "c"});
  REQUIRE(town.takes("a", 100));
  town.banks["a"]->purse(7)->settle(100, 100);
  town.run(1000);  // 20 s
  CHECK(town.takes("b", 890));
  town.run(1000);
  CHECK(town.takes("c", 10));
  CHECK_FALSE(town.takes("a", 1));
}

TEST_CASE("a first start waits for every voter, because a lost majority looks the same") {
  Town town({"a", "b", "c"});
  town.banks.erase("c");
  CHECK_FALSE(town.takes("a", 1));
  CHECK(town.banks["a"]->treasurer()->state() == Treasurer::State::reading);
  town.start("c");
  CHECK(town.takes("a", 1));
}

TEST_CASE("when a majority's disks are new and money was granted, nobody grants any more") {
  Town town({"a", "b", "c"});
  REQUIRE(town.takes("a", 400));
  for (const auto& name : {"b", "c"}) {
    town.images[name] = {};
    town.images[name].ledger = ++town.ledgers;
  }
  for (const auto& name : {"a", "b", "c"}) town.start(name);
  CHECK_FALSE(town.takes("b", 1));
  CHECK(town.banks["a"]->treasurer()->state() == Treasurer::State::lost);
}

TEST_CASE("a restart of everybody forgets nothing") {
  Town town({"a", "b", "c"});
  REQUIRE(town.takes("a", 400));
  REQUIRE(town.takes("b", 300));
  for (const auto& name : {"a", "b", "c"}) town.start(name);
  town.holder = "b";
  CHECK_FALSE(town.takes("c", 301));
  CHECK(town.takes("c", 100));
}

TEST_CASE("a grant has no effect while a majority's disks are stuck") {
  Town town({"a", "b", "c"});
  REQUIRE(town.takes("a", 10));
  town.stuck = {"b", "c"};
  CHECK_FALSE(town.takes("a", 900));
  town.stuck = {"c"};
  CHECK(town.takes("a", 900));
}

TEST_CASE(
    "a share that is reached is handed out once, not in the first seconds, and again when nobody heard") {
  Town town({"a", "b", "c"}, {5000});
  REQUIRE(town.takes("b", 600));
  town.banks["b"]->settled(7, 600);
  CHECK(town.alarms(seconds(2)).empty());
  CHECK(town.alarms(seconds(2)) == std::vector<std::uint32_t>{5000});
  CHECK(town.alarms(seconds(10)).empty());
  town.now += minutes(5);
  CHECK(town.alarms(seconds(1)) == std::vector<std::uint32_t>{5000});
  town.banks["a"]->told(7, 5000);
  town.now += minutes(5);
  CHECK(town.alarms(seconds(10)).empty());
}

TEST_CASE("what a node told when another was treasurer already is not told again") {
  Town town({"a", "b", "c"}, {5000});
  REQUIRE(town.takes("b", 600));
  town.banks["b"]->settled(7, 600);
  CHECK(town.alarms(seconds(4)).size() == 1);
  town.holder = "b";
  town.run(10);
  town.banks["a"]->told(7, 5000);
  CHECK(town.alarms(seconds(10)).empty());
}

TEST_CASE("a new treasurer outbids every epoch that a disk has promised") {
  Town town({"a", "b", "c"});
  REQUIRE(town.takes("a", 10));
  town.images["c"].promised = {90, "x", 1};
  town.start("c");
  town.holder = "b";
  CHECK(town.takes("b", 10));
  CHECK(town.banks["b"]->treasurer()->epoch().number > 90);
}

TEST_CASE("a node that closes gives its block back at once") {
  Town town({"a", "b", "c"});
  REQUIRE(town.takes("a", 100));
  town.banks["a"]->purse(7)->settle(100, 0);
  town.banks["a"]->close();
  town.run(20);
  CHECK(town.banks["a"]->quiet());
  CHECK(town.images["a"].blocks.at(7).mark == 0);
  CHECK(town.takes("b", 1000));
}
