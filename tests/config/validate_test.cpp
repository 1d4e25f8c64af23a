#include "config/validate.hpp"

#include "tests/config/support.hpp"
#include "tests/support/catch.hpp"

using namespace troupe::config;

namespace {

const std::string kHash = "sha256:" + std::string(64, 'a');

std::string problems_of(const std::string& rest, const std::string& head = kMock) {
  return said(load(head + rest, world({{"S", "sk-1"}})).problems);
}

bool has(const std::string& all, const std::string& part) {
  return all.find(part) != std::string::npos;
}

std::string provider(const std::string& fields) {
  return problems_of("providers: { p: { " + fields + " } }", "version: 1\n");
}

}  // namespace

TEST_CASE("an API port beyond loopback is refused until a tenant has a key") {
  CHECK(
      has(problems_of("server: { listen: 0.0.0.0:8080 }"), "3:19 server.listen: the API port would be open"));
  CHECK(has(problems_of("server: { listen: \"[::]:8080\" }"), "open to everybody"));
  CHECK(has(problems_of("server: { listen: 0.0.0.0:8080 }\ntenants: { t: { limits: { rpm: 1 } } }"),
            "server.listen"));
  CHECK(problems_of("server: { listen: 0.0.0.0:8080 }\ntenants: { t: { keys: [ { name: k, hash: \"" + kHash +
                    "\" } ] } }")
            .empty());
  CHECK(problems_of("server: { listen: \"[::1]:0\", admin: \"localhost:0\" }").empty());
}

TEST_CASE("an admin port beyond loopback is refused without a token") {
  CHECK(has(problems_of("server: { admin: 10.0.0.1:9901 }"), "admin_token is not set"));
  CHECK(problems_of("server: { admin: 10.0.0.1:9901, admin_token: \"${S}\" }").empty());
}

TEST_CASE("addresses must parse and differ") {
  for (const std::string bad :
       {":8080", "8080", "127.0.0.1", "127.0.0.1:99999", "host:80", "[::1]", "::1:80", "1.2.3:80"}) {
    CAPTURE(bad);
    CHECK(has(problems_of("server: { listen: \"" + bad + "\" }"), "server.listen: not an address"));
  }
  CHECK(has(problems_of("server: { listen: 127.0.0.1:80, admin: 127.0.0.1:80 }"), "the same address"));
}

TEST_CASE("a target must name a provider and a key that exist") {
  CHECK(has(problems_of("models: { m: { targets: [ { use: mock/x, key: mok } ] } }"),
            "models.m.targets[0].key: provider \"mock\" has no key \"mok\" (did you mean \"mock\"?)"));
  CHECK(
      has(problems_of("models: { m: { targets: [ { use: other } ] } }"), "\"other\" is not provider/model"));
  CHECK(has(problems_of("models: { m: { targets: [] } }"), "no target"));
  CHECK(has(problems_of("models: { m: { targets: [ { use: mock/a }, { use: mock/a } ] } }"),
            "the same target twice"));
  CHECK(has(problems_of("models: { m: { targets: [ { use: mock/a, weight: 0 } ] } }"), "weight 0"));
  CHECK(has(problems_of("models: { m: { targets: [ { use: mock/a, tier: 0 } ] } }"), "tier: \"0\" is not"));
}

TEST_CASE("fallbacks must exist and must not run in a circle") {
  const std::string t = "targets: [ { use: mock/x } ]";
  CHECK(has(problems_of("models: { smart: { " + t + ", fallbacks: [ chep ] }, cheap: { " + t + " } }"),
            "models.smart.fallbacks[0]: there is no model \"chep\" (did you mean \"cheap\"?)"));
  const auto round = problems_of("models:\n  a: { " + t + ", fallbacks: [ b ] }\n  b: { " + t +
                                 ", fallbacks: [ c ] }\n  c: { " + t + ", fallbacks: [ a ] }");
  CHECK(has(round, "models.c.fallbacks[0]: fallbacks run in a circle: a -> b -> c -> a"));
  CHECK(has(problems_of("models: { a: { " + t + ", fallbacks: [ a ] } }"), "circle: a -> a"));
  CHECK(problems_of("models: { a: { " + t + ", fallbacks: [ b, c ] }, b: { " + t +
                    ", fallbacks: [ c ] }, c: { " + t + " } }")
            .empty());
}

TEST_CASE("a chain of fallbacks and the number of models have limits") {
  const auto models = [](int count, bool chained) {
    std::string text = "models:\n";
    for (int at = 0; at < count; ++at) {
      const auto next = chained && at + 1 < count ? ", fallbacks: [ m" + std::to_string(at + 1) + " ]" : "";
      text += "  m" + std::to_string(at) + ": { targets: [ { use: mock/x } ]" + next + " }\n";
    }
    return problems_of(text);
  };
  CHECK(models(64, true).empty());
  CHECK(has(models(66, true), "more than 64 fallbacks in a row"));
  CHECK(has(models(5001, false), "models: 5001 of them, more than 5000"));
}

TEST_CASE("an alias may not look like provider/model") {
  CHECK(has(problems_of("models: { a/b: { targets: [ { use: mock/x } ] } }"), "models.a/b: a model's name"));
}

TEST_CASE("an alias with a dot in its name keeps its place") {
  CHECK(has(problems_of("models:\n  gpt-4.1: { targets: [] }"), "4:23 models.gpt-4.1.targets"));
}

TEST_CASE("key names are unique within their provider, and plain") {
  CHECK(has(provider("type: mock, keys: [ { name: a }, { name: a } ]"), "two keys of \"p\" are named \"a\""));
  CHECK(has(provider("type: mock, keys: [ { name: \"a b\" } ]"), "a key's name is"));
  CHECK(has(provider("type: mock, keys: [ { } ]"), "providers.p.keys[0].name: \"name\" is missing"));
  CHECK(has(provider("type: mock, keys: [ { name: a, weight: 0 } ]"), "every key has weight 0"));
}

TEST_CASE("the vendor's own API needs a secret, a server of one's own does not") {
  CHECK(has(provider("type: openai, keys: [ { name: a } ]"), "asks for a key"));
  CHECK(has(provider("type: openai, base_url: \"http://127.0.0.1/v1\""), "providers.p.keys: no key"));
  CHECK(provider("type: openai, base_url: \"http://127.0.0.1/v1\", keys: [ { name: local } ]").empty());
  CHECK(provider("type: anthropic, keys: [ { name: a, secret: \"${S}\" } ]").empty());
}

TEST_CASE("AWS knows a caller by an access key, a profile, an API key, or what its tools find") {
  const auto bedrock = [](const std::string& key) {
    return provider("type: bedrock, region: eu-west-1" +
                    (key.empty() ? "" : ", keys: [ { name: a, " + key + " } ]"));
  };
  CHECK(bedrock("").empty());
  CHECK(bedrock("weight: 1").empty());
  CHECK(bedrock("profile: prod").empty());
  CHECK(bedrock("secret: \"${S}\"").empty());
  CHECK(bedrock("access_key_id: AKIA, secret: \"${S}\", session_token: t").empty());
  CHECK(has(bedrock("access_key_id: AKIA"), "half an access key"));
  CHECK(has(bedrock("session_token: t, secret: \"${S}\""), "half an access key"));
  CHECK(has(bedrock("profile: prod, secret: \"${S}\""), "write one of the two"));
  CHECK(has(provider("type: bedrock"), "providers.p.region: bedrock runs in a region"));
  CHECK(has(provider("type: openai, keys: [ { name: a, secret: \"${S}\", profile: x } ]"),
            "are for type: bedrock"));
}

TEST_CASE("Vertex AI asks for a project; its credential file may stand in the secret") {
  const std::string file = "secret: \"{\\n\\\"type\\\": 1}\"";
  CHECK(provider("type: vertex, project: p-1").empty());
  CHECK(provider("type: vertex, project: p-1, region: europe-west4, keys: [ { name: a, " + file + " } ]")
            .empty());
  CHECK(has(provider("type: vertex"), "providers.p.project: Vertex AI asks for"));
  CHECK(has(provider("type: vertex, project: \"a/b\""), "providers.p.project"));
  CHECK(has(provider("type: vertex, project: p-1, region: \"a.b\""), "not the name of a location"));
}

TEST_CASE("rules are parsed and lead to aliases that exist") {
  const std::string smart = "models: { smart: { targets: [ { use: mock/x } ] } }\n";
  CHECK(problems_of(smart + "routing: [ { when: 'input_tokens > 5', to: smart } ]").empty());
  CHECK(has(problems_of(smart + "routing: [ { when: 'input_tokens >', to: smart } ]"),
            "routing[0].when: a value is missing here (at character 15)"));
  CHECK(has(problems_of(smart + "routing: [ { when: 'true', to: smrat } ]"), "did you mean \"smart\"?"));
  CHECK(has(problems_of("tasks: { legal: { words: [] } }"), "tasks.legal.words: no word"));
  CHECK(has(problems_of("tasks: { \"a b\": { words: [ x ] } }"), "a task's name is"));
}

TEST_CASE("a secret that no header can carry is refused") {
  CHECK(has(provider("type: openai, keys: [ { name: a, secret: \"a\\nHost: evil\" } ]"),
            "no header can carry"));
}

TEST_CASE("base URLs are http or https without user, query and fragment") {
  for (const std::string bad :
       {"ftp://x/v1", "https://", "https://u:p@h/v1", "https://h/v1?k=1", "https://h/v1#a", "h/v1",
        "https://h:0/v1", "https://h:x/v1", "https://[::1/v1", "https://a b/v1"}) {
    CAPTURE(bad);
    CHECK(has(provider("type: openai, base_url: \"" + bad + "\", keys: [ { name: a } ]"),
              "base_url: not an http"));
  }
  CHECK(provider("type: openai, base_url: \"https://[::1]:8443/a/v1\", keys: [ { name: a } ]").empty());
  CHECK(has(provider("type: mock, proxy: \"https://h:3128\""), "proxy: not an http proxy"));
  CHECK(has(provider("type: mock, proxy: \"http://u:p/x@h:3128\""), "proxy: not an http proxy"));
  CHECK(provider("type: mock, proxy: \"http://proxy:3128\"").empty());
  CHECK(provider("type: mock, proxy: \"http://u:p%40q@proxy:3128\"").empty());
}

TEST_CASE("headers that the node sets itself cannot be configured") {
  CHECK(has(provider("type: mock, headers: { Authorization: x }"), "set by the node itself"));
  CHECK(has(provider("type: mock, headers: { \"a b\": x }"), "not a header name"));
  CHECK(has(provider("type: mock, headers: { X-A: \"a\\r\\nb\" }"), "no header can carry"));
}

TEST_CASE("a virtual key is given by its hash, once") {
  const auto keys = [](const std::string& hash) {
    return problems_of("tenants: { a: { keys: [ { name: k, hash: \"" + hash +
                       "\" } ] }, b: { keys: [ { name: k, hash: \"" + kHash + "\" } ] } }");
  };
  CHECK(has(keys("sk-plain-text"), "not sha256: and 64"));
  CHECK_FALSE(has(keys("sk-plain-text"), "sk-plain-text"));
  CHECK(has(keys("sha256:" + std::string(64, 'A')), "lower-case"));
  CHECK(has(keys(kHash), "the same key as one of tenant \"a\""));
  CHECK(keys("sha256:" + std::string(64, 'b')).empty());
}

TEST_CASE("a tenant's models exist") {
  CHECK(has(problems_of(
                "models: { smart: { targets: [ { use: mock/x } ] } }\ntenants: { t: { models: [ smrt ] } }"),
            "tenants.t.models[0]: there is no model \"smrt\" (did you mean \"smart\"?)"));
}

TEST_CASE("times that contradict each other are refused") {
  CHECK(has(problems_of("breaker: { cooldown: 20m }"), "breaker.cooldown: longer than cooldown_max"));
  const auto model = [](const std::string& rest) {
    return problems_of("models: { m: { targets: [ { use: mock/x } ], " + rest + " } }");
  };
  CHECK(has(model("timeout: { first_token: 2m, total: 1m }"), "first_token: longer than total (1m)"));
  CHECK(has(model("retry: { backoff: 9s }"), "longer than backoff_max"));
}

TEST_CASE("what is legal but probably not meant is a warning") {
  const auto result = load(
      "version: 1\nproviders: { p: { type: openai, base_url: \"http://10.0.0.1/v1\", keys: [ { name: a, "
      "secret: x }, { name: b, secret: x } ] } }");
  REQUIRE(result);
  CHECK(has(said(result.warnings), "unencrypted"));
  CHECK(has(said(result.warnings), "the same secret as key \"a\""));
}

TEST_CASE("probes and a tenant's limits hold without a warning, and a probe must ask something") {
  const auto result = load(kMock + "tenants: { t: { limits: { rpm: 5 } } }\nprobes: { every: 60s }\n");
  REQUIRE(result);
  CHECK_FALSE(has(said(result.warnings), "tenants.t.limits"));
  CHECK_FALSE(has(said(result.warnings), "probes"));
  CHECK(has(said(load(kMock + "probes: { every: 60s, prompt: '' }\n").problems), "probes.prompt: is empty"));
}

TEST_CASE("a provider at the node's own address is refused") {
  const auto at = [](const std::string& listen, const std::string& base_url) {
    return said(load("version: 1\nserver: { listen: \"" + listen +
                     "\", admin_token: t }\nproviders: { p: { type: openai, base_url: \"" + base_url +
                     "\", keys: [ { name: a } ] } }")
                    .problems);
  };
  const std::string own = "providers.p.base_url: is this node's own address";
  CHECK(has(at("127.0.0.1:8080", "http://127.0.0.1:8080/v1"), own));
  CHECK(has(at("127.0.0.1:8080", "http://localhost:8080/v1"), own));
  CHECK(has(at("127.0.0.1:8080", "http://127.0.0.1:9901/v1"), own));
  CHECK_FALSE(has(at("127.0.0.1:8080", "http://127.0.0.1:8081/v1"), own));
  CHECK_FALSE(has(at("127.0.0.1:8080", "http://10.0.0.1:8080/v1"), own));
}

TEST_CASE("clients' variables in the node's own environment are named") {
  const auto result =
      load_environment(world({{"OPENAI_API_KEY", "sk-x"}, {"OPENAI_BASE_URL", "http://localhost:8080/v1"}}));
  CHECK_FALSE(result);
  CHECK(has(said(result.problems), "is this node's own address"));
  CHECK(result.problems.at(0).hint.find("OPENAI_BASE_URL") != std::string::npos);
}
