#include "config/load.hpp"

#include "tests/config/support.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::config;
using namespace std::chrono_literals;

TEST_CASE("a file with one mock provider is a whole configuration with the defaults") {
  const auto result = load(kMock);
  CAPTURE(said(result.problems));
  REQUIRE(result);
  CHECK(result.config->server.listen == "127.0.0.1:8080");
  CHECK(result.config->source == "test.yaml");
  CHECK(result.config->breaker.cooldown == 30s);
  REQUIRE(result.config->providers.size() == 1);
  CHECK(result.config->providers[0].type == ProviderType::mock);
  REQUIRE(result.config->providers[0].keys.size() == 1);
  CHECK(result.config->providers[0].keys[0].name == "mock");
}

namespace {

/// A file that names every section.
std::shared_ptr<const Config> everything() {
  const auto result = load(R"(version: 1
server:
  listen: 0.0.0.0:8080
  admin: "[::1]:9901"
  tls: { cert: server.pem, key: server.key }
  drain_timeout: 45s
  threads: 3
  limits: { body: 1MiB, header: 16KiB, connections: 7, idle: 2m }
providers:
  openai:
    type: openai
    keys:
      - { name: a, secret: "${KEY_A}", weight: 2, limits: { rpm: 500, rpd: 10000, tpm: 200000, concurrency: 64 } }
      - { name: b, secret: "${file:/run/b}" }
    headers: { OpenAI-Organization: org-1 }
  local: { type: openai, base_url: "http://127.0.0.1:8000/v1", keys: [ { name: local } ] }
  mock: { type: mock, ttft: 20ms, tokens_per_second: 12.5, error_rate: 10% }
breaker: { failures: 9, error_rate: 0.25, when_all_open: try_least_bad }
probes: { every: 45s }
models:
  smart:
    strategy: least_latency
    targets:
      - { use: openai/gpt-4o, weight: 3, key: a }
      - { use: local/meta/llama, tier: 2, input_price: 2.50/Mtok, output_price: $10/Mtok }
    fallbacks: [ cheap ]
    retry: { attempts: 2, budget: 5%, on: [ timeout ] }
    timeout: { first_token: 1500ms, total: 1h }
    hedge: { after: 800ms, max: 1% }
    queue: { max_wait: 0s, max_length: 0 }
  cheap: { targets: [ { use: mock/any } ], hedge: { after: p95 } }
tenants:
  team:
    keys: [ { name: prod, hash: "sha256:0000000000000000000000000000000000000000000000000000000000000001" } ]
    models: [ smart ]
    limits: { rpm: 600 }
telemetry: { log: { level: warn, format: text, bodies: off }, access_log: off, otlp: "${OTLP:-}" }
)",
                           world({{"KEY_A", "sk-a"}}, {{"/run/b", "sk-b\r\n"}}));
  CAPTURE(said(result.problems));
  REQUIRE(result);
  return result.config;
}

}  // namespace

TEST_CASE("the node's and the providers' fields arrive") {
  const auto config = everything();
  const auto& c = *config;
  CHECK(c.server.tls->key == "server.key");
  CHECK(c.server.limits.body == 1 << 20);
  CHECK(c.server.limits.idle == 2min);
  CHECK(c.server.threads == 3);
  REQUIRE(c.providers.size() == 3);
  CHECK(c.providers[0].keys[0].secret.reveal() == "sk-a");
  CHECK(c.providers[0].keys[0].limits == Limits{500, 200000, 0, 0, 10000, 0, 64});
  CHECK(c.providers[0].keys[1].secret.reveal() == "sk-b");
  CHECK(c.providers[0].headers.at("OpenAI-Organization") == "org-1");
  CHECK(c.providers[2].mock.ttft == 20ms);
  CHECK(c.providers[2].mock.tokens_per_second == 12.5);
  CHECK(c.providers[2].mock.error_rate == Approx(0.1));
  CHECK(c.breaker.when_all_open == WhenAllOpen::try_least_bad);
  CHECK(c.probes->every == 45s);
}

TEST_CASE("the models', tenants' and telemetry's fields arrive") {
  const auto config = everything();
  const auto& c = *config;
  const auto& smart = c.models[0];
  CHECK(smart.strategy == Strategy::least_latency);
  CHECK(smart.targets[0].key == "a");
  CHECK(smart.targets[1].provider == "local");
  CHECK(smart.targets[1].model == "meta/llama");
  CHECK(smart.targets[1].input_price == Money{2'500'000});
  CHECK(smart.targets[1].output_price == Money{10'000'000});
  CHECK(smart.retry.on == std::vector<std::string>{"timeout"});
  CHECK(smart.timeout.first_token == 1500ms);
  CHECK(*smart.hedge->after == 800ms);
  CHECK_FALSE(smart.hedge->after_p95);
  CHECK(smart.queue.max_length == 0);
  CHECK(c.models[1].hedge->after_p95);
  CHECK(c.tenants[0].keys[0].name == "prod");
  CHECK(c.telemetry.log_level == "warn");
  CHECK_FALSE(c.telemetry.access_log);
}

TEST_CASE("all problems are told at once, each with its line, column and path") {
  const auto result = load(R"(version: 1
servr: {}
providers:
  mock: { type: mock, ttft: 50 }
models:
  smart:
    strategy: cheapst
    targets: [ { use: mok/x, weight: -1 } ]
)");
  CHECK_FALSE(result);
  CHECK(
      said(result.problems) ==
      "2:1 servr: unknown field \"servr\" (did you mean \"server\"?)\n"
      "4:29 providers.mock.ttft: \"50\" is not a duration with its unit, as 500ms, 30s, 2m or 1h, from 0s to "
      "1h (units are required: 50s or 50ms)\n"
      "7:15 models.smart.strategy: unknown value \"cheapst\" (did you mean \"cheapest\"?)\n"
      "8:23 models.smart.targets[0].use: there is no provider \"mok\" (did you mean \"mock\"?)\n"
      "8:38 models.smart.targets[0].weight: \"-1\" is not a number from 0 to 1000000\n");
}

TEST_CASE("an unset variable is an error at its place") {
  const auto result = load(
      "version: 1\nproviders:\n  openai: { type: openai, keys: [ { name: a, secret: \"${NOT_SET}\" } ] }\n");
  CHECK(said(result.problems)
            .rfind("3:54 providers.openai.keys[0].secret: the environment variable NOT_SET is "
                   "not set",
                   0) == 0);
}

TEST_CASE("a secret that is empty is not taken for no secret") {
  const auto result = load(
      "version: 1\nproviders:\n  x: { type: openai, base_url: \"http://127.0.0.1/v1\", keys: [ { name: a, "
      "secret: "
      "\"${K}\" } ] }\n",
      world({{"K", ""}}));
  CHECK(said(result.problems).find("the secret is empty") != std::string::npos);
}

TEST_CASE("no problem repeats a secret or a variable's value") {
  const auto result = load(R"(version: 1
server: { admin_token: "${T}", drain_timeout: "${T}" }
providers:
  "p": { type: "${T}", base_url: "${T}", proxy: "${T}", keys: [ { name: "a b", secret: "${T}", weight: "${T}" } ] }
tenants: { t: { keys: [ { name: k, hash: "hunter2" } ] } }
)",
                           world({{"T", "hunter2\x01"}}));
  CHECK_FALSE(result);
  CHECK(said(result.problems).find("hunter2") == std::string::npos);
}

TEST_CASE("what later versions will do is refused now, with what to do instead") {
  const auto result = load(kMock + R"(# nothing
telemetry: { otlp: "http://collector:4317" }
)");
  CHECK(said(result.problems).find("4:14 telemetry.otlp: \"") != std::string::npos);
  REQUIRE(result.problems.size() == 1);
  CHECK_FALSE(result.problems[0].hint.empty());
}

TEST_CASE("the version is required") {
  CHECK(said(load("providers: { mock: { type: mock } }").problems).find("\"version\" is missing") !=
        std::string::npos);
  CHECK(said(load("version: 2\nproviders: { mock: { type: mock } }").problems).find("is not the number 1") !=
        std::string::npos);
}

TEST_CASE("JSON is a configuration too") {
  CHECK(load(R"({"version": 1, "providers": {"mock": {"type": "mock", "ttft": "5ms"}}})"));
}

TEST_CASE("an empty text names what is missing") {
  CHECK(load("").problems.size() >= 2);
  CHECK(load("just text").problems.size() >= 1);
  CHECK(load("[1, 2]").problems.size() >= 1);
}

TEST_CASE("a file that cannot be read is one problem") {
  const auto result = load_file("/no/such.yaml", world());
  REQUIRE(result.problems.size() == 1);
  CHECK(result.problems[0].message == "cannot read the file \"/no/such.yaml\"");
  CHECK(load_file("/a.yaml", world({}, {{"/a.yaml", kMock}})));
}
