#include "config/funds.hpp"

#include "tests/config/support.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::config;

namespace {

const std::string kHash = "sha256:" + std::string(64, 'a');

Funds funds(const std::string& budgets) {
  const auto result = load(kMock + R"(models: { smart: { targets: [ { use: mock/a } ] } }
store: { path: /tmp/x }
tenants:
  search:
    keys: [ { name: prod, hash: ")" +
                           kHash + R"(", budget: { usd: 1 } } ]
    budget: { usd: 10 }
  free: {}
)" + budgets);
  CAPTURE(said(result.problems));
  REQUIRE(result);
  return Funds(*result.config);
}

std::vector<std::string> owners(const std::vector<SharedFund>& all) {
  std::vector<std::string> out;
  for (const auto& fund : all) out.push_back(fund->owner);
  return out;
}

using Names = std::vector<std::string>;
using Tags = std::vector<std::pair<std::string, std::string>>;

}  // namespace

TEST_CASE("a request counts in its tenant's, its key's and every budget that means it") {
  const auto all = funds(R"(budgets:
  - { name: all, usd: 100 }
  - { name: prod, tag: env=prod, usd: 5 }
  - { name: bob, tenant: search, user: bob, usd: 2 }
  - { name: smart, model: smart, usd: 2 }
)");
  const Tags prod{{"env", "prod"}}, test{{"env", "test"}};
  CHECK(owners(all.of({"search", "prod", "bob", "smart", &prod})) ==
        Names{"tenant/search", "key/search/prod", "budget/all", "budget/prod", "budget/bob", "budget/smart"});
  CHECK(owners(all.of({"search", "other", "eve", "other", &test})) == Names{"tenant/search", "budget/all"});
  CHECK(owners(all.of({"free", "", "bob", "smart", nullptr})) == Names{"budget/all", "budget/smart"});
  CHECK(owners(all.of({})) == Names{"budget/all"});
  CHECK(all.fixed().size() == 6);
}

TEST_CASE("a star is one budget for each value, found again by its owner") {
  const auto all = funds(
      R"(budgets: [ { name: each, tenant: search, user: "*", usd: 3 }, { name: teams, tag: "team=*", usd: 4 } ])");
  const Tags tags{{"team", "a"}};
  const auto of = all.of({"search", "", "bob", "smart", &tags});
  CHECK(owners(of) == Names{"tenant/search", "budget/each/user=bob", "budget/teams/team=a"});
  CHECK(of[1]->title == "the budget 'each' of user=bob");
  CHECK(all.of({"search", "", "", "smart", nullptr}).size() == 1);  // nobody is no one's user
  CHECK(all.fixed().size() == 2);
  const auto found = all.find("budget/each/user=bob");
  REQUIRE(found);
  CHECK(found->rule.usd == 3);
  CHECK_FALSE(all.find("budget/each"));
  CHECK_FALSE(all.find("budget/none/user=bob"));
  CHECK_FALSE(all.find("tenant/free"));
}

TEST_CASE("a very long value goes by its digest") {
  const auto all = funds(R"(budgets: [ { name: each, user: "*", usd: 3 } ])");
  const std::string longest(5000, 'x');
  const auto of = all.of({"", "", longest, "", nullptr});
  REQUIRE(of.size() == 1);
  CHECK(of[0]->owner.size() < 200);
}

TEST_CASE("requests share one copy of a budget that is known beforehand") {
  const auto all = funds("budgets: [ { name: all, usd: 100 } ]");
  const auto copy = all;
  const auto of = copy.of({"search", "prod", "", "smart", nullptr});
  REQUIRE(owners(of) == Names{"tenant/search", "key/search/prod", "budget/all"});
  for (const auto& fund : of) CHECK(all.find(fund->owner) == fund);
}

TEST_CASE("a key and its old secret, which are two keys of one name, have one budget") {
  Config config;
  Tenant tenant;
  tenant.name = "t";
  VirtualKey key;
  key.name = "k";
  key.budget.emplace().usd = 1;
  tenant.keys = {key, key};
  config.tenants = {tenant};
  CHECK(owners(Funds(config).fixed()) == Names{"key/t/k"});
}
