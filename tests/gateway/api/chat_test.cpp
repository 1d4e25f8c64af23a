#include "gateway/api/chat.hpp"

#include "tests/gateway/api/stage.hpp"
#include "tests/support/catch.hpp"

using namespace std::chrono_literals;

namespace troupe::api::testing {
namespace {

std::shared_ptr<config::Config> with_limits() {
  return team_config([](config::Tenant& tenant) { tenant.limits.rpm = 10; });
}

TEST_CASE("an answer says who gave it, and leaves one record") {
  Stage stage;
  auto provider = stage.upstream();
  auto client = stage.client();
  stage.grant();
  client.send(chat_request());
  stage.run();
  provider.send(completion());
  stage.run();
  const auto& text = client.read();
  CHECK(has(text, "HTTP/1.1 200 OK"));
  CHECK(has(text, "x-troupe-node: node-t"));
  CHECK(has(text, "x-troupe-provider: one"));
  CHECK(has(text, "x-troupe-key: key-one"));
  CHECK(has(text, "x-troupe-route: primary"));
  CHECK(has(text, "x-troupe-attempts: 1"));
  CHECK(has(text, "\"content\":\"Hello\""));
  REQUIRE(stage.observer.records.size() == 1);
  const auto& record = stage.observer.records.front();
  CHECK(record.status == 200);
  CHECK(record.usage.input.count == 7);
  CHECK(record.attempts.size() == 1);
  CHECK(record.attempts.front().began == std::optional<Duration>(0s));
  CHECK(stage.desk.settled.size() == 1);
  CHECK(stage.worker->requests == 0);
}

TEST_CASE("a key that fails is followed by another, and the record tells both in time") {
  Stage stage;
  auto first = stage.upstream(0);
  auto second = stage.upstream(1);
  auto client = stage.client();
  stage.grant(0);
  stage.grant(1);
  client.send(chat_request());
  stage.run();
  stage.clock.advance(3s);
  first.send(answer(500, R"({"error":{"message":"oops"}})"));
  stage.run();
  CHECK(client.read().empty());
  REQUIRE(stage.desk.asked.size() == 2);
  CHECK(stage.desk.asked[1].tried_keys == std::vector<std::uint32_t>{0});
  CHECK_FALSE(stage.desk.asked[1].hedge);
  second.send(completion());
  stage.run();
  CHECK(has(client.read(), "x-troupe-provider: two"));
  CHECK(has(client.read(), "x-troupe-attempts: 2"));
  const auto& attempts = stage.observer.records.at(0).attempts;
  REQUIRE(attempts.size() == 2);
  CHECK(attempts[0].fault == Fault::provider_server_error);
  CHECK(attempts[1].began == std::optional<Duration>(3s));
  CHECK(stage.desk.settled.size() == 2);
}

TEST_CASE("a caller's own mistake goes to the caller and to nobody else") {
  Stage stage;
  auto provider = stage.upstream();
  auto client = stage.client();
  stage.grant();
  client.send(chat_request());
  stage.run();
  provider.send(answer(400, R"({"error":{"message":"Invalid value","param":"messages","code":null}})"));
  stage.run();
  CHECK(has(client.read(), "HTTP/1.1 400"));
  CHECK(has(client.read(), "Invalid value"));
  CHECK(stage.desk.asked.size() == 1);
}

TEST_CASE("a refusal that no waiting helps is told at once with when to come back") {
  Stage stage;
  auto client = stage.client();
  stage.desk.answers.emplace_back(
      actors::Refused{Fault::troupe_no_capacity, stage.clock.now() + 90s, "all full", std::nullopt, false});
  client.send(chat_request());
  stage.run();
  CHECK(has(client.read(), "HTTP/1.1 429"));
  CHECK(has(client.read(), "retry-after: 90"));
  CHECK(has(client.read(), "all full"));
  CHECK(stage.observer.records.at(0).attempts.empty());
}

TEST_CASE("a request that stood in line asks from its head, and leaves it once") {
  Stage stage;
  auto provider = stage.upstream();
  auto client = stage.client();
  stage.desk.answers.emplace_back(
      actors::Refused{Fault::troupe_no_capacity, stage.clock.now() + 1s, "full", std::nullopt, true});
  stage.grant();
  client.send(chat_request());
  stage.run();
  stage.pass(1s);
  CHECK(stage.desk.joined == 1);
  CHECK(stage.desk.left == 1);
  REQUIRE(stage.desk.asked.size() == 2);
  CHECK(stage.desk.asked[1].in_line);
  CHECK(stage.desk.asked[1].ticket == 7);
  provider.send(completion());
  stage.run();
  CHECK(has(client.read(), "HTTP/1.1 200"));
  CHECK(stage.desk.left == 1);
}

TEST_CASE("a tenant over its own limit reaches no router, and a request too large is no 429") {
  Stage stage(with_limits());
  auto client = stage.client();
  stage.desk.admission.refused =
      actors::Refused{Fault::policy_rate_limited, stage.clock.now() + 5s, "too many", {}, false};
  client.send(chat_as("tk"));
  stage.run();
  CHECK(has(client.read(), "HTTP/1.1 429"));
  CHECK(has(client.read(), "retry-after: 5"));
  stage.desk.admission.refused->retry_at = kNever;
  client.send(chat_as("tk"));
  stage.run();
  CHECK(has(client.read(), "HTTP/1.1 413"));
  CHECK(stage.desk.asked.empty());
  CHECK(stage.desk.tenants.empty());
}

TEST_CASE("a tenant for whom other nodes may have permits waits for them a moment, and no longer") {
  Stage stage(with_limits());
  auto provider = stage.upstream();
  auto client = stage.client();
  stage.desk.admission.refused =
      actors::Refused{Fault::policy_rate_limited, stage.clock.now() + 20ms, "none here", {}, true};
  client.send(chat_as("tk"));
  stage.run();
  CHECK(client.read().empty());
  SECTION("they come") {
    stage.desk.admission = {};
    stage.desk.admission.permit = 7;
    stage.grant();
    stage.pass(20ms);
    provider.send(completion());
    stage.run();
    CHECK(has(client.read(), "HTTP/1.1 200"));
    CHECK(stage.observer.records.at(0).queued == 20ms);
  }
  SECTION("they do not") {
    for (int i = 0; i < 60 && client.read().empty(); ++i) {
      stage.desk.admission.refused->retry_at = stage.clock.now() + 40ms;
      stage.pass(20ms);
    }
    CHECK(has(client.read(), "HTTP/1.1 429"));
    CHECK(stage.observer.records.at(0).queued <= 500ms);
    CHECK(stage.observer.records.at(0).queued >= 400ms);
  }
  SECTION("the caller goes") {
    client.close();
    stage.run();
    stage.pass(40ms);
    CHECK(stage.observer.records.at(0).fault == Fault::caller_gone);
  }
}

TEST_CASE("a tenant's permit is settled once, with what was counted, and unused where nobody was called") {
  Stage stage(with_limits());
  auto provider = stage.upstream();
  auto client = stage.client();
  stage.desk.admission.permit = 41;
  stage.grant();
  client.send(chat_as("tk"));
  stage.run();
  provider.send(completion());
  stage.run();
  REQUIRE(stage.desk.tenants.size() == 1);
  CHECK(stage.desk.tenants[0].name == "team");
  CHECK(stage.desk.tenants[0].permit == 41);
  CHECK(stage.desk.tenants[0].usage.input.count == 7);
  CHECK(stage.desk.tenants[0].called);
  client.send(chat_as("tk"));
  stage.run();  // the desk has nothing left
  CHECK(has(client.read(), "HTTP/1.1 503"));
  REQUIRE(stage.desk.tenants.size() == 2);
  CHECK_FALSE(stage.desk.tenants[1].called);
}

TEST_CASE("a slow call is hedged once its time is over, and the faster one wins") {
  Stage stage;
  auto slow = stage.upstream(0);
  auto fast = stage.upstream(1);
  auto client = stage.client();
  auto first = stage.granted(0);
  first.hedge_after = 2s;
  stage.desk.answers.emplace_back(std::move(first));
  stage.grant(1);
  client.send(chat_request());
  stage.run();
  CHECK(stage.desk.asked.size() == 1);
  stage.pass(2s);
  REQUIRE(stage.desk.asked.size() == 2);
  CHECK(stage.desk.asked[1].hedge);
  fast.send(completion());
  stage.run();
  CHECK(has(client.read(), "x-troupe-route: hedge"));
  CHECK(slow.over());
  REQUIRE(stage.desk.settled.size() == 2);
  CHECK(stage.observer.records.at(0).attempts.at(1).hedge);
}

TEST_CASE("a hedge that is refused is none, and the first call goes on") {
  Stage stage;
  auto slow = stage.upstream(0);
  auto client = stage.client();
  auto first = stage.granted(0);
  first.hedge_after = 2s;
  stage.desk.answers.emplace_back(std::move(first));
  client.send(chat_request());
  stage.run();
  stage.pass(2s);
  slow.send(completion());
  stage.run();
  CHECK(has(client.read(), "x-troupe-route: primary"));
  CHECK(stage.observer.records.at(0).attempts.size() == 1);
}

TEST_CASE("a client that leaves while the provider thinks ends the call") {
  Stage stage;
  auto provider = stage.upstream();
  auto client = stage.client();
  stage.grant();
  client.send(chat_request());
  stage.run();
  client.close();
  stage.run();
  CHECK(provider.over());
  REQUIRE(stage.desk.settled.size() == 1);
  CHECK(stage.desk.settled[0].second.fault == Fault::caller_gone);
  CHECK(stage.observer.records.at(0).fault == Fault::caller_gone);
  CHECK(stage.worker->connections == 0);
}

TEST_CASE("what is no chat request is refused before anybody is asked") {
  Stage stage;
  auto client = stage.client();
  client.send(http_request("POST /v1/chat/completions HTTP/1.1", R"({"model":"smart"})"));
  client.send(http_request("POST /v1/chat/completions HTTP/1.1\r\nx-troupe-timeout-ms: soon",
                           R"({"model":"smart","messages":[{"role":"user","content":"hi"}]})"));
  stage.run();
  CHECK(has(client.read(), "\"param\":\"messages\""));
  CHECK(has(client.read(), "x-troupe-timeout-ms must be"));
  CHECK(stage.desk.asked.empty());
  CHECK(stage.observer.records.size() == 2);
}

}  // namespace
}  // namespace troupe::api::testing
