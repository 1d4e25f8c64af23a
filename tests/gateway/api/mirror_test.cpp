#include "gateway/api/mirror.hpp"

#include <string>

#include "tests/gateway/api/stage.hpp"
#include "tests/support/catch.hpp"

using namespace std::chrono_literals;

namespace troupe::api::testing {
namespace {

std::shared_ptr<config::Config> with_shadow(double share = 1) {
  auto config = team_config([](config::Tenant& tenant) { tenant.limits.rpm = 10; });
  auto shadow = config->models.front();
  shadow.name = "shadow";
  config->models.push_back(shadow);
  config->models.front().mirror = config::Mirror{"shadow", share};
  return config;
}

std::string chat_of_team() {
  return chat_as("tk");
}

}  // namespace

TEST_CASE("a mirrored request goes to the shadow after the answer, and its own answer to nobody") {
  Stage stage(with_shadow());
  auto first = stage.upstream(0);
  auto second = stage.upstream(1);
  auto client = stage.client();
  stage.grant(0);
  client.send(chat_of_team());
  stage.run();
  CHECK(stage.desk.asked.size() == 1);
  stage.grant(1);
  first.send(completion());
  stage.run();
  CHECK(has(client.read(), "x-troupe-provider: one"));
  REQUIRE(stage.desk.asked.size() == 2);
  const auto& facts = *stage.desk.asked[1].facts;
  CHECK(facts.model == "shadow");
  CHECK(facts.tenant == "(mirror)");
  CHECK(facts.priority == config::RequestClass::batch);
  CHECK_FALSE(facts.fallback);
  CHECK(has(second.read(), R"("content":"hi")"));
  CHECK(stage.worker->mirrors == 1);
  const auto answered = client.read().size();
  stage.clock.advance(1s);
  second.send(completion());
  stage.run();
  CHECK(client.read().size() == answered);
  CHECK(stage.worker->mirrors == 0);
  REQUIRE(stage.observer.records.size() == 2);
  CHECK(stage.observer.records[0].route == "primary");
  CHECK(stage.observer.records[0].total == 0s);
  const auto& copy = stage.observer.records[1];
  CHECK(copy.route == "mirror");
  CHECK(copy.tenant == "(mirror)");
  CHECK(copy.model == "shadow");
  CHECK(copy.usage.input.count == 7);
  CHECK(stage.observer.started == 2);
  CHECK(stage.desk.settled.size() == 2);
}

TEST_CASE("what the caller demanded of its own call is not demanded of the copy") {
  Stage stage(with_shadow());
  auto first = stage.upstream(0);
  auto client = stage.client();
  stage.grant(0);
  client.send(with_head(chat_of_team(),
                        "x-troupe-provider: one\r\nx-troupe-key: key-one\r\nx-troupe-max-cost-usd: 1\r\n"));
  stage.run();
  first.send(completion());
  stage.run();
  REQUIRE(stage.desk.asked.size() == 2);
  CHECK(stage.desk.asked[0].facts->pinned_provider == "one");
  CHECK(stage.desk.asked[0].facts->max_cost);
  const auto& facts = *stage.desk.asked[1].facts;
  CHECK(facts.pinned_provider.empty());
  CHECK(facts.pinned_key.empty());
  CHECK_FALSE(facts.max_cost);
}

TEST_CASE("a shadow that refuses, fails or is too busy concerns nobody") {
  Stage stage(with_shadow());
  auto client = stage.client();
  for (const int status : {0, 500}) {
    auto first = stage.upstream(0);
    auto second = stage.upstream(1);
    stage.grant(0);
    if (status != 0) stage.grant(1);
    client.send(chat_of_team());
    stage.run();
    first.send(completion());
    stage.run();
    if (status != 0) second.send(answer(status, R"({"error":{"message":"oops"}})"));
    stage.run();
    CHECK(stage.observer.records.back().route == "mirror");
    CHECK(stage.observer.records.back().fault);
    CHECK(stage.worker->mirrors == 0);
  }
  stage.worker->mirrors = kMostMirrors;
  auto first = stage.upstream(0);
  stage.grant(0);
  client.send(chat_of_team());
  stage.run();
  first.send(completion());
  stage.run();
  CHECK(stage.observer.records.back().fault == Fault::policy_queue_full);
  stage.worker->mirrors = 0;
  CHECK_FALSE(has(client.read(), "HTTP/1.1 5"));
}

TEST_CASE("what was not answered is not mirrored, and a node that drains gives its copies up") {
  Stage stage(with_shadow());
  auto client = stage.client();
  client.send(chat_of_team());  // nothing is left
  stage.run();
  CHECK(stage.observer.records.size() == 1);
  CHECK(stage.desk.asked.size() == 1);
  auto first = stage.upstream(0);
  auto second = stage.upstream(1);
  stage.grant(0);
  stage.grant(1);
  client.send(chat_of_team());
  stage.run();
  first.send(completion());
  stage.run();
  CHECK(stage.worker->mirrors == 1);
  stage.worker->draining = true;
  stage.pass(1s);
  CHECK(stage.worker->mirrors == 0);
  CHECK(stage.observer.records.back().fault == Fault::troupe_draining);
}

TEST_CASE("what a cache answered is not mirrored") {
  auto config = with_shadow();
  config->cache.exact = config::ExactCache{};
  Stage stage(config);
  auto first = stage.upstream(0);
  auto client = stage.client();
  stage.grant(0);
  client.send(chat_of_team());
  stage.run();
  first.send(completion());
  stage.run();
  CHECK(stage.observer.records.size() == 2);
  client.send(chat_of_team());
  stage.run();
  CHECK(has(client.read(), "x-troupe-cache: hit"));
  CHECK(stage.observer.records.size() == 3);
  CHECK(stage.observer.records.back().route == "cache");
  CHECK(stage.observer.started == 3);
}

TEST_CASE("a share of requests is mirrored, the same ones whoever asks") {
  int chosen = 0;
  for (int i = 0; i < 10'000; ++i) {
    const auto id = "req_" + std::to_string(i);
    CHECK_FALSE(mirrors(0, id));
    CHECK(mirrors(1, id));
    CHECK(mirrors(0.05, id) == mirrors(0.05, id));
    chosen += mirrors(0.05, id) ? 1 : 0;
  }
  CHECK(chosen > 400);
  CHECK(chosen < 600);
}

}  // namespace troupe::api::testing
