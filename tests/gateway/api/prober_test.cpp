#include "gateway/api/prober.hpp"

#include <nlohmann/json.hpp>

#include "tests/gateway/api/stage.hpp"
#include "tests/support/catch.hpp"

using namespace std::chrono_literals;

namespace troupe::api::testing {
namespace {

struct Bench {
  Stage stage;
  Wire provider = stage.upstream();
  Prober prober{*stage.worker};

  Bench() { stage.desk.probes.push_back({stage.granted(), "are you there"}); }
  ~Bench() {
    prober.stop();
    stage.worker->dog.wake_all();
    stage.run();
  }
  void tick() {
    prober.tick();
    stage.run();
  }
};

TEST_CASE("a probe is a call of one token, settled, counted and told") {
  Bench b;
  b.tick();
  CHECK(has(b.provider.read(), R"("content":"are you there")"));
  CHECK(has(b.provider.read(), R"("max_tokens":1)"));
  CHECK(has(b.provider.read(), R"("model":"gpt-4o")"));
  CHECK(b.prober.under_way() == 1);
  b.provider.send(completion());
  b.stage.run();
  CHECK(b.prober.under_way() == 0);
  CHECK_FALSE(b.stage.desk.settled.at(0).second.fault);
  REQUIRE(b.stage.desk.probed_keys.size() == 1);
  CHECK(b.stage.desk.probed_keys[0].key == "one/key-one");
  CHECK_FALSE(b.stage.desk.probed_keys[0].fault);
  CHECK(b.stage.observer.probes.at(0).usage.input.count == 7);
  CHECK(b.stage.observer.records.empty());
}

TEST_CASE("a probe that is refused says why") {
  Bench b;
  b.tick();
  b.provider.send(answer(401, R"({"error":{"message":"no","code":"invalid_api_key"}})"));
  b.stage.run();
  CHECK(b.stage.desk.probed_keys.at(0).fault == Fault::provider_key_dead);
  CHECK(b.stage.desk.probed_keys.at(0).tried);
  CHECK(b.stage.observer.probes.at(0).fault == Fault::provider_key_dead);
}

TEST_CASE("a probe that hangs is over after its patience") {
  Bench b;
  b.tick();
  b.stage.pass(20s);
  CHECK(b.stage.desk.probed_keys.at(0).fault == Fault::provider_timeout_total);
  CHECK(b.prober.under_way() == 0);
}

TEST_CASE("a node that stops gives up its probes and blames nobody") {
  Bench b;
  b.tick();
  b.prober.stop();
  b.stage.worker->dog.wake_all();
  b.stage.run();
  CHECK(b.prober.under_way() == 0);
  CHECK_FALSE(b.stage.desk.probed_keys.at(0).tried);
  CHECK(b.stage.desk.settled.at(0).second.fault == Fault::troupe_draining);
  b.stage.desk.probes.push_back({b.stage.granted(), "ping"});
  b.tick();
  CHECK(b.stage.desk.probes.size() == 1);
}

TEST_CASE("OpenAI itself is asked with the name that its newer models know") {
  config::Provider provider;
  provider.type = config::ProviderType::openai;
  CHECK(nlohmann::json::parse(probe_body(provider, "ping")).contains("max_completion_tokens"));
  provider.base_url = "http://127.0.0.1:8000/v1";
  CHECK(nlohmann::json::parse(probe_body(provider, "ping"))["max_tokens"] == 1);
  CHECK(nlohmann::json::parse(probe_body(provider, "caf\xff"))["messages"].size() == 1);
}

}  // namespace
}  // namespace troupe::api::testing
