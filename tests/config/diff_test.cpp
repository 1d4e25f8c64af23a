#include "config/diff.hpp"

#include "config/show.hpp"
#include "tests/config/support.hpp"
#include "tests/support/catch.hpp"

using namespace troupe::config;

namespace {

Config sample() {
  const auto result = load(R"(version: 1
server: { admin_token: token-1 }
providers:
  openai: { type: openai, keys: [ { name: a, secret: sk-1, limits: { rpm: 5 } }, { name: b, secret: sk-2 } ], headers: { X-Team: blue } }
  mock: { type: mock }
models:
  smart: { targets: [ { use: openai/gpt-4o } ] }
)");
  REQUIRE(result);
  return *result.config;
}

std::string paths(const std::vector<Change>& changes) {
  std::string all;
  for (const auto& change : changes) {
    const auto* sign = change.kind == Change::Kind::added     ? "+"
                       : change.kind == Change::Kind::removed ? "-"
                                                              : "~";
    all += sign + change.path + (change.restart ? "!" : "") + " ";
  }
  return all;
}

}  // namespace

TEST_CASE("equal configurations have no differences") {
  CHECK(diff(sample(), sample()).empty());
}

TEST_CASE("a changed field is told with both values") {
  auto after = sample();
  after.providers[0].keys[0].limits.rpm = 9;
  CHECK(diff(sample(), after) ==
        std::vector<Change>{{Change::Kind::changed, "providers.openai.keys[a].limits.rpm", "5", "9", false}});
}

TEST_CASE("a rotated secret is a change that shows neither") {
  auto after = sample();
  after.providers[0].keys[1].secret = Secret("sk-3");
  after.providers[0].headers["X-Team"] = "red";
  const auto changes = diff(sample(), after);
  CHECK(paths(changes) == "~providers.openai.headers ~providers.openai.keys[b].secret ");
  CHECK(changes[1].before == "***");
  CHECK(changes[1].after == "***");
  CHECK(changes[0].after.find("red") == std::string::npos);
}

TEST_CASE("rows that came or went are one change each") {
  auto after = sample();
  after.providers.pop_back();
  after.models.push_back(after.models[0]);
  after.models[1].name = "cheap";
  after.models[0].hedge.emplace();
  CHECK(paths(diff(sample(), after)) == "+models.cheap +models.smart.hedge -providers.mock ");
}

TEST_CASE("what a reload cannot do asks for a restart") {
  auto after = sample();
  after.server.listen = "127.0.0.1:9";
  after.server.admin = "127.0.0.1:8";
  after.server.threads = 4;
  after.server.tls = TlsFiles{"c", "k"};
  after.server.drain_timeout = std::chrono::seconds(1);
  CHECK(paths(diff(sample(), after)) ==
        "~server.admin! ~server.drain_timeout ~server.listen! ~server.threads! +server.tls! ");
}

TEST_CASE("the shown configuration holds every value in force and no secret") {
  const auto text = show(sample()).dump();
  CHECK(text.find("sk-1") == std::string::npos);
  CHECK(text.find("token-1") == std::string::npos);
  CHECK(text.find("blue") == std::string::npos);
  const auto json = show(sample());
  CHECK(json["providers"]["openai"]["keys"][0]["secret"] == "***");
  CHECK(json["providers"]["openai"]["keys"][0]["limits"]["rpm"] == 5);
  CHECK(json["breaker"]["cooldown"] == "30s");
  CHECK(json["models"]["smart"]["targets"][0]["use"] == "openai/gpt-4o");
  CHECK_FALSE(json.contains("probes"));
}

TEST_CASE("a shown configuration without secrets loads again as the same") {
  const auto first =
      load(kMock +
           "models: { m: { targets: [ { use: mock/x, input_price: 1.5/Mtok } ], hedge: { after: 2s } } }\n"
           "probes: { every: 45s }\nbreaker: { error_rate: 12.5% }\n");
  REQUIRE(first);
  const auto again = load(show(*first.config).dump());
  CAPTURE(said(again.problems));
  REQUIRE(again);
  CHECK(diff(*first.config, *again.config).empty());
}

TEST_CASE("a proxy's new password is a difference that nobody can read") {
  auto before = sample(), after = sample();
  before.providers[0].proxy = "http://me:pw-one@proxy:3128";
  after.providers[0].proxy = "http://me:pw-two@proxy:3128";
  const auto changes = diff(before, after);
  REQUIRE(changes.size() == 1);
  CHECK(changes[0].before == "http://***@proxy:3128");
  CHECK(changes[0].after == "http://***@proxy:3128");
  CHECK(show(after).dump().find("pw-") == std::string::npos);
}
