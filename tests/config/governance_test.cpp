#include "config/governance.hpp"

#include "config/show.hpp"
#include "tests/config/support.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::config;
using namespace std::chrono_literals;

namespace {

const std::string kBase =
    kMock + "models: { smart: { targets: [ { use: mock/a } ] } }\nstore: { path: /tmp/x }\n";
const std::string kHash = "sha256:" + std::string(64, 'a');

std::string wrong(const std::string& rest) {
  return said(load(kBase + rest).problems);
}

bool has(const std::string& all, const std::string& part) {
  return all.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a tenant and its keys say who may do what") {
  const auto result =
      load(kBase + R"(tenants:
  search:
    keys: [ { name: prod, hash: ")" +
           kHash + R"(", models: [ smart ], providers: [ mock ], ip: [ 10.0.0.0/8 ], class: batch,
              tags: { env: prod }, expires: "2027-01-01", limits: { rpm: 5 }, budget: { usd: 1, period: day } } ]
    class: default
    weight: 2.5
    tags: { team: search }
    limits: { rpm: 600, per_user: { rpm: 20, concurrency: 2 } }
)");
  CAPTURE(said(result.problems));
  REQUIRE(result);
  const auto& tenant = result.config->tenants.at(0);
  CHECK(tenant.priority == RequestClass::standard);
  CHECK(tenant.weight == 2.5);
  CHECK(tenant.limits.rpm == 600);
  CHECK(tenant.per_user.rpm == 20);
  CHECK(tenant.per_user.concurrency == 2);
  CHECK(tenant.tags.at("team") == "search");
  const auto& key = tenant.keys.at(0);
  CHECK(key.models == std::vector<std::string>{"smart"});
  CHECK(key.ip == std::vector<std::string>{"10.0.0.0/8"});
  CHECK(key.priority == RequestClass::batch);
  CHECK(key.expires == WallTime(std::chrono::sys_days(std::chrono::year(2027) / 1 / 1)));
  CHECK(key.limits.rpm == 5);
  REQUIRE(key.budget);
  CHECK(key.budget->period == BudgetPeriod::day);
}

TEST_CASE("budgets may be anybody's, and say when they are told") {
  const auto result = load(kBase + R"(budgets:
  - { name: prod, tag: env=prod, usd: 100, period: week, rolling: true, alert_at: [ 80%, 1.0 ],
      webhook: "https://hooks.example/x", webhook_secret: s3, webhook_format: slack, on_exhausted: cheapest }
  - { name: each, user: "*", usd: 2 }
)");
  CAPTURE(said(result.problems));
  REQUIRE(result);
  REQUIRE(result.config->budgets.size() == 2);
  const auto& prod = result.config->budgets[0];
  CHECK(prod.tag == "env=prod");
  CHECK(prod.budget.rolling);
  CHECK(prod.budget.on_exhausted == OnExhausted::cheapest);
  CHECK(prod.budget.alert.at == std::vector<double>{0.8, 1.0});
  CHECK(prod.budget.alert.webhook_format == WebhookFormat::slack);
  CHECK(result.config->budgets[1].user == "*");
}

TEST_CASE("caches, batches, classifier, mirror and sticky have their defaults") {
  const auto result = load(kMock + R"(models:
  smart: { targets: [ { use: mock/a } ], strategy: sticky, sticky_by: conversation, mirror: { to: shadow, share: 5% } }
  shadow: { targets: [ { use: mock/b } ], cache: off }
cache: { exact: {}, semantic: { threshold: 0.9, embed: mock/embed } }
classifier: { url: "http://127.0.0.1:1/task" }
batches: { reserve: 30% }
)");
  CAPTURE(said(result.problems));
  REQUIRE(result);
  const auto& config = *result.config;
  REQUIRE(config.cache.exact);
  CHECK(config.cache.exact->ttl == 10min);
  CHECK(config.cache.exact->max == 256 << 20);
  REQUIRE(config.cache.semantic);
  CHECK(config.cache.semantic->guard);
  CHECK(config.cache.semantic->threshold == 0.9);
  CHECK(config.classifier->timeout == 50ms);
  CHECK(config.batches.reserve == 0.3);
  CHECK(config.models[0].sticky_by == StickyBy::conversation);
  CHECK(config.models[0].mirror->share == 0.05);
  CHECK_FALSE(config.models[1].cache);
}

TEST_CASE("what a policy names must exist") {
  CHECK(has(wrong("tenants: { t: { providers: [ mok ] } }"),
            "tenants.t.providers[0]: there is no provider \"mok\""));
  CHECK(has(wrong("tenants: { t: { models: [ smrt ] } }"), "did you mean \"smart\""));
  CHECK(has(wrong("tenants: { t: { ip: [ 10.0.0.0/40 ] } }"),
            "tenants.t.ip[0]: \"10.0.0.0/40\" is no address"));
  CHECK(has(wrong("tenants: { t: { tags: { \"a b\": c } } }"), "tenants.t.tags.a b: a tag's name"));
  CHECK(has(wrong("tenants: { t: { keys: [ { name: k, hash: \"" + kHash + "\", models: [ no ] } ] } }"),
            "tenants.t.keys[0].models[0]: there is no model"));
  CHECK(has(wrong("budgets: [ { name: a, usd: 1, model: no } ]"), "budgets[0].model: there is no model"));
  CHECK(has(wrong("budgets: [ { name: a, usd: 1, tag: env } ]"), "budgets[0].tag: not a name and a value"));
  CHECK(has(wrong("budgets: [ { name: a, usd: 1 }, { name: a, usd: 2 } ]"), "two budgets are named \"a\""));
  CHECK(has(said(load(kMock + "models: { a: { targets: [ { use: mock/a } ], mirror: { to: b } } }").problems),
            "models.a.mirror.to: there is no model \"b\""));
  CHECK(has(wrong("cache: { semantic: { embed: nobody/x } }"), "there is no provider \"nobody\""));
}

TEST_CASE("moments, shares and addresses of services are checked where they stand") {
  CHECK(has(wrong("tenants: { t: { keys: [ { name: k, hash: \"" + kHash + "\", expires: soon } ] } }"),
            "\"soon\" is not a moment"));
  CHECK(has(wrong("budgets: [ { name: a, usd: 1, alert_at: [ 0 ] } ]"),
            "budgets[0].alert_at[0]: \"0\" is not a list"));
  CHECK(has(wrong("budgets: [ { name: a, usd: 1, webhook: \"ftp://x\", alert_at: [ 1 ] } ]"),
            "not an http or https URL"));
  CHECK(has(wrong("budgets: [ { name: a, usd: 1, webhook: \"http://x\" } ]"), "there is no alert_at"));
  CHECK(has(wrong("classifier: { url: \"file:/x\" }"), "classifier.url: not an http"));
}

TEST_CASE("a budget needs a disk, whoever's it is") {
  CHECK(has(said(load(kMock + "budgets: [ { name: a, usd: 1 } ]").problems), "budgets[0]: needs a disk"));
}

TEST_CASE("a webhook's secret and the database's address are secrets") {
  const auto result = load(kBase +
                           "budgets: [ { name: a, usd: 1, alert_at: [ 1 ], webhook: \"http://x\", "
                           "webhook_secret: hunter2 } ]");
  REQUIRE(result);
  const auto shown = show(*result.config).dump();
  CHECK(shown.find("hunter2") == std::string::npos);
  CHECK(shown.find("http://x") == std::string::npos);
  CHECK(result.config->budgets[0].budget.alert.webhook_secret.reveal() == "hunter2");
}
