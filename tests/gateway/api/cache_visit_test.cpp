#include "gateway/api/cache_visit.hpp"

#include <set>

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::api;
using namespace std::chrono_literals;

TEST_CASE("whoever may use or demanded something else gets an answer of its own") {
  std::set<std::string> policies;
  const auto fresh = [&](const actors::RequestFacts& facts, const config::Tenant* tenant) {
    return policies.insert(cache_policy(facts, tenant)).second;
  };
  actors::RequestFacts facts;
  config::Tenant tenant;
  CHECK(fresh(facts, nullptr));
  tenant.models = {"smart"};
  CHECK(fresh(facts, &tenant));
  tenant.models = {"smart", "small"};
  CHECK(fresh(facts, &tenant));
  tenant.models.clear();
  tenant.providers = {"smart"};
  CHECK(fresh(facts, &tenant));
  const auto changed = [&](auto change) {
    auto other = facts;
    change(other);
    return fresh(other, nullptr);
  };
  CHECK(changed([](auto& f) { f.providers = std::make_shared<const std::vector<std::string>>(1, "one"); }));
  CHECK(changed([](auto& f) { f.pinned_provider = "one"; }));
  CHECK(changed([](auto& f) { f.pinned_key = "one"; }));
  CHECK(changed([](auto& f) { f.fallback = !f.fallback; }));
  CHECK(changed([](auto& f) { f.max_cost = Money{5}; }));
  CHECK(changed([](auto& f) { f.max_latency = 5ns; }));
}

TEST_CASE("the order in which a policy names things is none of its meaning") {
  config::Tenant one, two;
  one.models = {"a", "b"};
  two.models = {"b", "a"};
  CHECK(cache_policy({}, &one) == cache_policy({}, &two));
}

TEST_CASE("an alias with other targets or other fallbacks is another") {
  config::Model model;
  config::Target target;
  target.provider = "one";
  target.model = "gpt";
  model.targets = {target};
  const auto before = cache_revision(model);
  model.fallbacks = {"other"};
  CHECK(cache_revision(model) != before);
  model.fallbacks.clear();
  model.targets[0].model = "gpt-2";
  CHECK(cache_revision(model) != before);
  model.targets[0] = target;
  model.targets[0].provider = "two";
  CHECK(cache_revision(model) != before);
}
