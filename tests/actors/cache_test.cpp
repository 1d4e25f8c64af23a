#include "actors/cache_actor.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "tests/actors/house.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::actors;
using namespace troupe::actors::testing;
using namespace std::chrono_literals;

namespace {

constexpr cache::Digest kKey{5, 6, 7, 8};

std::shared_ptr<config::Config> caching(std::int64_t most = 1 << 20) {
  auto config = house_config({provider("p", {key("a")})}, {model("m", {"p/x"})});
  config->cache.exact.emplace();
  config->cache.exact->max = most;
  return config;
}

cache::EntryPtr entry(std::string body, std::string tenant = "t") {
  auto made = std::make_shared<cache::Entry>();
  made->body = std::move(body);
  made->tenant = std::move(tenant);
  return made;
}

/// A caller, and whether it was called back.
struct Caller {
  bool called = false;
  std::unique_ptr<CacheLook> look;
  explicit Caller(House& house)
      : look(house.desk().look_up(kKey, cache::kAnyAge, [this] { called = true; })) {
    house.run();
  }
  Caller(const Caller&) = delete;
  bool waits() const { return !look->told(); }
  bool leads() const { return look->told() && !look->told()->entry; }
  std::string body() const { return look->told() && look->told()->entry ? look->told()->entry->body : ""; }
};

/// A node with neighbours.
struct Linked {
  troupe::testing::ManualClock clock;
  boost::asio::io_context io{1};
  std::shared_ptr<Company> company;

  template <class Send>
  explicit Linked(Send send) {
    CompanyOptions options;
    options.config = caching();
    options.threads = {&io};
    options.clock = &clock;
    options.caller_runs_threads = true;
    options.cache_send = std::move(send);
    company = Company::start(std::move(options));
  }
  void run() {
    io.restart();
    io.poll();
  }
};

}  // namespace

TEST_CASE("the first who asks leads at once, the others are told when it has the answer") {
  House house(caching());
  Caller first(house), second(house), third(house);
  CHECK(first.leads());
  CHECK_FALSE(first.called);
  CHECK((second.waits() && third.waits()));
  first.look->end({entry("A"), 1min, false});
  house.run();
  CHECK((second.body() == "A" && third.body() == "A"));
  CHECK(second.called);
  Caller later(house);
  CHECK(later.body() == "A");
  house.clock.advance(1min);
  Caller latest(house);
  CHECK(latest.leads());
}

TEST_CASE("a caller that goes is not waited for, whether it leads or waits") {
  House house(caching());
  auto first = std::make_unique<Caller>(house);
  auto second = std::make_unique<Caller>(house);
  Caller third(house);
  second.reset();
  first.reset();
  house.run();
  CHECK(third.leads());
  CHECK(third.called);
}

TEST_CASE("an answer that nobody looked for can be kept, and everything forgotten") {
  House house(caching());
  house.desk().keep(kKey, entry("A", "t"), 1min);
  house.run();
  CHECK(Caller(house).body() == "A");
  house.company->flush_cache("u");
  house.run();
  CHECK(Caller(house).body() == "A");
  house.company->flush_cache("t");
  house.run();
  CHECK(Caller(house).leads());
}

TEST_CASE("its actor shows what it holds") {
  House house(caching());
  house.desk().keep(kKey, entry("A"), 1min);
  house.run();
  (void)Caller(house);
  const auto info = house.inspect("cache", "0");
  CHECK(info.detail["entries"] == 1);
  CHECK(info.detail["max_bytes"] == 1 << 20);
  CHECK(info.detail["tenants"]["t"]["hits"] == 1);
  CHECK(info.detail["owners"] == nlohmann::json{"node-1"});
}

TEST_CASE("without a cache nobody is asked; a reload switches it on, bounds it, and off") {
  auto off = caching();
  off->cache.exact.reset();
  House house(off);
  CHECK_FALSE(house.desk().look_up(kKey, cache::kAnyAge, {}));
  house.company->apply(caching());
  house.run();
  house.desk().keep(kKey, entry("A"), 1min);
  house.run();
  CHECK(Caller(house).body() == "A");
  house.company->apply(caching(100));  // less than one entry takes
  house.run();
  CHECK(Caller(house).leads());
  house.desk().keep(kKey, entry("A"), 1min);
  house.company->apply(off);
  house.run();
  CHECK(house.inspect("cache", "0").detail["entries"] == 0);
}

TEST_CASE("another node's question is answered through the one who sends") {
  std::vector<std::pair<std::string, cache::Message>> sent;
  Linked node([&](const std::string& to, const cache::Message& message) { sent.emplace_back(to, message); });
  node.company->hear_cache("node-2", cache::Look{kKey, 9, cache::kAnyAge});
  node.run();
  REQUIRE(sent.size() == 1);
  CHECK(sent[0].first == "node-2");
  CHECK(std::get<cache::Lead>(sent[0].second).id == 9);
  node.company->hear_cache("node-2", cache::Fill{kKey, 9, entry("B"), 1min});
  node.company->hear_cache("node-3", cache::Look{kKey, 4, cache::kAnyAge});
  node.run();
  REQUIRE(sent.size() == 2);
  CHECK(std::get<cache::Hit>(sent[1].second).entry->body == "B");
}

TEST_CASE("whoever waits when the actor falls gets the answer itself") {
  Linked node([](const std::string&, const cache::Message&) { throw std::runtime_error("link"); });
  bool called = false;
  const auto first = node.company->desk(0).look_up(kKey, cache::kAnyAge, {});
  const auto second = node.company->desk(0).look_up(kKey, cache::kAnyAge, [&] { called = true; });
  node.run();
  REQUIRE(first->told());
  REQUIRE_FALSE(second->told());
  node.company->hear_cache("node-2", cache::Look{{1, 1, 1, 1}, 9, cache::kAnyAge});
  node.run();
  CHECK(called);
  REQUIRE(second->told());
  CHECK_FALSE(second->told()->entry);
}
