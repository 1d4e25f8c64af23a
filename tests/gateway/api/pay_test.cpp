// A call and the budget of its tenant: no money, no call.
#include <utility>

#include "tests/gateway/api/stage.hpp"
#include "tests/support/catch.hpp"

using namespace std::chrono_literals;

namespace troupe::api::testing {
namespace {

using policy::Picos;

std::shared_ptr<config::Config> with_budget(config::OnExhausted then = config::OnExhausted::reject) {
  return team_config([then](config::Tenant& tenant) {
    tenant.budget.emplace().usd = 10;
    tenant.budget->on_exhausted = then;
    tenant.keys[0].budget = tenant.budget;
  });
}

/// Every token costs what its endpoint says; answers are of 7 and 3.
struct Shop {
  Stage stage;
  std::shared_ptr<policy::Purse> purse =
      std::make_shared<policy::Purse>(1, "tenant/team", 1'000'000, WallTime(stage.clock.wall() + 1h));
  std::shared_ptr<policy::Purse> of_key =
      std::make_shared<policy::Purse>(2, "vkey/team/k", 1'000'000, WallTime(stage.clock.wall() + 1h));
  std::vector<policy::Expense> booked;
  std::vector<Wire> clients;

  explicit Shop(config::OnExhausted then = config::OnExhausted::reject) : stage(with_budget(then)) {
    auto& cash = stage.worker->cash;
    of_key->credit(1'000'000);
    cash.purse = [this](const std::string& owner) { return owner == "tenant/team" ? purse : of_key; };
    cash.book = [this](const policy::Expense& expense, std::vector<policy::Charge>) {
      booked.push_back(expense);
    };
  }
  void grant(std::size_t at, std::optional<Picos> price) {
    auto granted = stage.granted(at);
    auto endpoint = std::make_shared<actors::Endpoint>(*granted.endpoint);
    auto info = std::make_shared<config::ModelInfo>();
    if (price) info->input = info->output = Money{*price};
    endpoint->info = std::move(info);
    granted.endpoint = std::move(endpoint);
    stage.desk.answers.emplace_back(std::move(granted));
  }
  /// What the client has been told so far.
  const std::string& ask() {
    clients.push_back(stage.client());
    clients.back().send(chat_as("tk", R"(,"max_tokens":100)"));
    stage.run();
    return clients.back().read();
  }
  const std::string& told() { return clients.back().read(); }
  /// The most that a call at that price may cost: what is reserved for it.
  Picos most(Picos price) const { return price * (stage.desk.asked.back().facts->input.count + 100); }
  bool handed_back() const { return !stage.desk.settled.empty() && !stage.desk.settled.back().second.called; }
};

}  // namespace

TEST_CASE("a call is paid before it is sent, with the most that it can cost, and settled by what it did") {
  Shop shop;
  shop.purse->credit(1'000'000);
  auto provider = shop.stage.upstream(0);
  shop.grant(0, 2);
  shop.ask();
  CHECK(has(provider.read(), "POST"));
  CHECK(shop.purse->reserved() == shop.most(2));
  provider.send(completion());
  shop.stage.run();
  CHECK(has(shop.told(), "HTTP/1.1 200"));
  CHECK(shop.purse->reserved() == 0);
  CHECK(shop.purse->spent() == 20);
  REQUIRE(shop.booked.size() == 1);
  CHECK(shop.booked[0].tenant == "team");
  CHECK(shop.booked[0].cost == 20);
}

TEST_CASE("what could cost more than is left anywhere is refused before anybody is called") {
  Shop shop;
  shop.purse->credit(150);
  shop.purse->expect(0);
  auto provider = shop.stage.upstream(0);
  shop.grant(0, 2);
  CHECK(has(shop.ask(), "HTTP/1.1 429"));
  CHECK(has(shop.told(), "budget_exhausted"));
  CHECK(has(shop.told(), "The tenant 'team' has used up its budget"));
  CHECK(has(shop.told(), "retry-after: 3600"));
  CHECK(provider.read().empty());
  CHECK(shop.handed_back());
  CHECK(shop.purse->ready() == 150);
}

TEST_CASE("every budget that a call counts in pays for it, or none does") {
  Shop shop;
  shop.purse->credit(1'000'000);
  auto provider = shop.stage.upstream(0);
  shop.grant(0, 2);
  shop.ask();
  CHECK(shop.of_key->reserved() == shop.most(2));
  shop.of_key->withdraw(150);
  shop.of_key->expect(0);
  const auto before = shop.purse->ready();
  shop.grant(0, 2);
  CHECK(has(shop.ask(), "The key 'k' of the tenant 'team' has used up its budget"));
  CHECK(shop.purse->ready() == before);
  CHECK(shop.handed_back());
}

TEST_CASE("a call without a price is refused where the budget does not say what it counts as") {
  Shop shop;
  shop.purse->credit(1'000'000);
  auto provider = shop.stage.upstream(0);
  shop.grant(0, std::nullopt);
  CHECK(has(shop.ask(), "price_unknown"));
  CHECK(provider.read().empty());
  CHECK(shop.handed_back());
  CHECK(shop.purse->ready() == 1'000'000);
}

TEST_CASE("who waited for money pays for the endpoint that it is sent to, however dear that is by then") {
  Shop shop;
  auto provider = shop.stage.upstream(1);
  shop.grant(0, 2);
  shop.ask();
  CHECK(shop.handed_back());
  CHECK(shop.told().empty());
  shop.purse->credit(1'000'000);
  shop.grant(1, 50);
  shop.stage.pass(20ms);
  CHECK(has(provider.read(), "POST"));
  CHECK(shop.purse->reserved() == shop.most(50));
}

TEST_CASE("money that does not come in time is no reason to call without it") {
  Shop shop;
  auto provider = shop.stage.upstream(0);
  shop.grant(0, 2);
  shop.ask();
  shop.stage.pass(3s);
  CHECK(has(shop.told(), "budget_unavailable"));
  CHECK(provider.read().empty());
}

TEST_CASE("a budget that says so sends what it cannot pay to the cheapest endpoint that it can, once") {
  Shop shop(config::OnExhausted::cheapest);
  shop.purse->credit(150);
  shop.purse->expect(0);
  shop.of_key->expect(0);
  shop.grant(0, 2);
  shop.grant(1, 2);
  CHECK(has(shop.ask(), "budget_exhausted"));
  REQUIRE(shop.stage.desk.asked.size() == 2);
  const auto& facts = *shop.stage.desk.asked[1].facts;
  CHECK(facts.max_cost == Money{150});
  CHECK(facts.thrift == 1);
}

}  // namespace troupe::api::testing
