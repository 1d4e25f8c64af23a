// What the policies of a tenant and of its virtual key let through, and whose limits are asked.
#include "tests/gateway/api/stage.hpp"
#include "tests/support/catch.hpp"

using namespace std::chrono_literals;

namespace troupe::api::testing {
namespace {

std::string models_as(const std::string& key) {
  return "GET /v1/models HTTP/1.1\r\nHost: x\r\nx-api-key: " + key + "\r\n\r\n";
}

void use(Stage& stage, std::shared_ptr<config::Config> config, bool known = true) {
  stage.worker->use(make_setup(std::move(config), config::PriceCatalogue::embedded(), known));
}

}  // namespace

TEST_CASE("a key is refused from the moment on that it expires, on the connection that used it") {
  auto config = team_config();
  Stage stage(config);
  config = team_config([&](config::Tenant& tenant) { tenant.keys[0].expires = stage.clock.wall() + 10s; });
  use(stage, config);
  auto client = stage.client();
  client.send(models_as("tk"));
  stage.run();
  CHECK(has(client.read(), "HTTP/1.1 200"));
  stage.pass(10s);
  client.send(models_as("tk"));
  stage.run();
  CHECK(has(client.read(), "expired_api_key"));
}

TEST_CASE("a key that is gone is refused on a connection that has proved it and waits for its next request") {
  Stage stage(team_config());
  auto client = stage.client();
  client.send(models_as("tk"));
  stage.run();
  CHECK(has(client.read(), "HTTP/1.1 200"));
  use(stage,
      team_config([](config::Tenant& tenant) { tenant.keys[0].hash = config::virtual_key_hash("new"); }));
  client.send(models_as("tk"));
  stage.run();
  CHECK(has(client.read(), "HTTP/1.1 401"));
}

TEST_CASE("a node that may not know all keys asks to come again with one that it does not know") {
  const auto config = team_config();
  Stage stage(config);
  use(stage, config, false);
  auto client = stage.client();
  client.send(models_as("other") + models_as("tk"));
  stage.run();
  const auto text = client.read();
  CHECK(has(text, "HTTP/1.1 503"));
  CHECK(has(text, "keys_not_known_yet"));
  CHECK(has(text, "retry-after: 1"));
  CHECK(has(text, "HTTP/1.1 200"));
}

TEST_CASE("an address has to be in a range of the tenant and in one of the key") {
  Stage stage(team_config([](config::Tenant& tenant) {
    tenant.ip = {"10.0.0.0/8", "::1"};
    tenant.keys[0].ip = {"10.1.0.0/16", "::1"};
  }));
  const auto answer = [&](const std::string& peer) {
    auto client = stage.client(peer);
    client.send(models_as("tk"));
    stage.run();
    return client.read();
  };
  CHECK(has(answer("10.1.2.3:5000"), "HTTP/1.1 200"));
  CHECK(has(answer("::1:5000"), "HTTP/1.1 200"));
  CHECK(has(answer("10.2.2.3:5000"), "HTTP/1.1 403"));
  CHECK(has(answer("11.1.2.3:5000"), "ip_not_allowed"));
}

TEST_CASE("with tenants and a store a key is asked for although there is none") {
  auto config = team_config([](config::Tenant& tenant) { tenant.keys.clear(); });
  CHECK_FALSE(make_setup(config, config::PriceCatalogue::embedded())->needs_key);
  config->store.path = "somewhere";
  CHECK(make_setup(config, config::PriceCatalogue::embedded())->needs_key);
}

TEST_CASE("a request passes the limits of its tenant and of its key, and both are settled") {
  Stage stage(team_config([](config::Tenant& tenant) {
    tenant.limits.rpm = 10;
    tenant.keys[0].limits.rpm = 5;
  }));
  auto provider = stage.upstream();
  auto client = stage.client();
  stage.desk.admission.permit = 41;
  stage.desk.admission.requests = {10, 3, 5s};
  stage.grant();
  client.send(chat_as("tk"));
  stage.run();
  provider.send(completion());
  stage.run();
  CHECK(has(client.read(), "x-ratelimit-remaining-requests: 3"));
  CHECK(stage.desk.admitted == std::vector<std::string>{"team", "vkey/team/k"});
  REQUIRE(stage.desk.tenants.size() == 2);
  CHECK(stage.desk.tenants[0].name == "team");
  CHECK(stage.desk.tenants[1].name == "vkey/team/k");
  CHECK(stage.desk.tenants[1].usage.input.count == 7);
  CHECK(stage.observer.records.at(0).virtual_key == "k");
}

TEST_CASE("a request that no allowed provider can serve reaches no router, and the error names the policy") {
  Stage stage(team_config([](config::Tenant& tenant) {
    tenant.providers = {"nobody"};
    tenant.keys[0].providers = {"nobody", "else"};
  }));
  auto client = stage.client();
  client.send(chat_as("tk"));
  stage.run();
  const auto text = client.read();
  CHECK(has(text, "HTTP/1.1 403"));
  CHECK(has(text, "provider_not_allowed"));
  CHECK(has(text, "lets only these providers answer: nobody."));
  CHECK(stage.desk.asked.empty());
}

TEST_CASE("routing is told which providers may answer") {
  Stage stage(team_config([](config::Tenant& tenant) {
    tenant.providers = {stage_config()->providers.front().name, "nobody"};
  }));
  auto client = stage.client();
  client.send(chat_as("tk"));
  stage.run();
  REQUIRE(stage.desk.asked.size() == 1);
  REQUIRE(stage.desk.asked[0].facts->providers);
  CHECK(stage.desk.asked[0].facts->providers->size() == 2);
}

}  // namespace troupe::api::testing
