#include "cluster/locksmith/effective.hpp"

#include "config/auth.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::locksmith;
using keyring::Record;

namespace {

config::Tenant named(const std::string& name) {
  config::Tenant out;
  out.name = name;
  return out;
}

config::Config file() {
  config::Config out;
  config::Tenant team;
  team.name = "team";
  config::VirtualKey own;
  own.name = "own";
  own.hash = config::virtual_key_hash("own-secret");
  team.keys = {own};
  out.tenants = {team, named("other")};
  return out;
}

Record key(const std::string& id, const std::string& name, const std::string& secret) {
  Record out;
  out.id = id;
  out.made = out.turned = {1000, "a"};
  out.tenant = "team";
  out.name = name;
  out.hash = config::virtual_key_hash(secret);
  return out;
}

}  // namespace

TEST_CASE("a made key stands beside those of the file, with all its policy") {
  auto record = key("vk_1", "made", "tr-1");
  record.policy = {
      {"smart"}, {"openai"}, {"10.0.0.0/8"}, {{"env", "prod"}}, 5000, "default", 1, 2, 3, 4, 5, 6, 7,
      0,         {},         false};
  const auto config = with_keys(file(), {record}, 0);
  REQUIRE(config->tenants[0].keys.size() == 2);
  const auto& made = config->tenants[0].keys[1];
  CHECK(made.name == "made");
  CHECK(made.models == std::vector<std::string>{"smart"});
  CHECK(made.providers == std::vector<std::string>{"openai"});
  CHECK(made.ip == std::vector<std::string>{"10.0.0.0/8"});
  CHECK(made.tags.at("env") == "prod");
  CHECK(made.expires == WallTime(std::chrono::seconds(5)));
  CHECK(made.priority == config::RequestClass::standard);
  CHECK(made.limits == config::Limits{1, 2, 3, 4, 5, 6, 7});
  CHECK(config::TenantIndex(*config).find("tr-1") != nullptr);
  CHECK(config->tenants[1].keys.empty());
}

TEST_CASE("a made key's budget is its own amount, and otherwise as its tenant's") {
  auto configured = file();
  auto& whole = configured.tenants[0].budget.emplace();
  whole.usd = 1000;
  whole.period = config::BudgetPeriod::month;
  whole.on_exhausted = config::OnExhausted::cheapest;
  whole.alert.at = {0.5};
  auto rich = key("vk_1", "a", "tr-1"), plain = key("vk_2", "b", "tr-2"), alone = key("vk_3", "c", "tr-3");
  rich.policy.usd = alone.policy.usd = 5;
  rich.policy.period = alone.policy.period = "day";
  rich.policy.rolling = true;
  alone.tenant = "other";
  const auto config = with_keys(configured, {rich, plain, alone}, 0);
  const auto& budget = config->tenants[0].keys[1].budget;
  REQUIRE(budget);
  CHECK(budget->usd == 5);
  CHECK(budget->period == config::BudgetPeriod::day);
  CHECK(budget->rolling);
  CHECK(budget->on_exhausted == config::OnExhausted::cheapest);
  CHECK(budget->alert.at == std::vector<double>{0.5});
  CHECK_FALSE(config->tenants[0].keys[2].budget);
  REQUIRE(config->tenants[1].keys[0].budget);
  CHECK(config->tenants[1].keys[0].budget->on_exhausted == config::OnExhausted::reject);
  CHECK(config->tenants[0].budget->usd == 1000);
}

TEST_CASE("revoked keys and keys of tenants that are gone open nothing") {
  auto revoked = key("vk_1", "a", "tr-1"), orphan = key("vk_2", "b", "tr-2");
  revoked.revoked = 5;
  orphan.tenant = "gone";
  const auto config = with_keys(file(), {revoked, orphan}, 10);
  CHECK(config->tenants[0].keys.size() == 1);
}

TEST_CASE("an old secret opens under the same name until its grace time or the key itself is over") {
  auto record = key("vk_1", "made", "new");
  record.former = {{config::virtual_key_hash("old"), "", 8000},
                   {config::virtual_key_hash("older"), "", 2000}};
  record.policy.expires = 7000;
  const auto config = with_keys(file(), {record}, 3000);
  REQUIRE(config->tenants[0].keys.size() == 3);
  const auto& old = config->tenants[0].keys[2];
  CHECK(old.name == "made");
  CHECK(old.hash == config::virtual_key_hash("old"));
  CHECK(old.expires == WallTime(std::chrono::seconds(7)));
  record.policy.expires = 0;
  CHECK(with_keys(file(), {record}, 3000)->tenants[0].keys[2].expires == WallTime(std::chrono::seconds(8)));
}

TEST_CASE("two keys that were given one name on two sides of a partition can be told apart") {
  const auto config = with_keys(file(), {key("vk_abcdefgh", "own", "1"), key("vk_1", "x", "2")}, 0);
  CHECK(config->tenants[0].keys[1].name == "own~cdefgh");
  CHECK(config->tenants[0].keys[2].name == "x");
}
