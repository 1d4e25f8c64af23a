#include "config/check_report.hpp"

#include "tests/config/support.hpp"
#include "tests/support/catch.hpp"

using namespace troupe::config;

namespace {

bool has(const std::string& all, const std::string& part) {
  return all.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("problems print as file:line:column: path: message (hint)") {
  const auto result = load("version: 1\nproviders: { mock: { type: mok } }\n");
  CHECK(report_text("troupe.yaml", result) ==
        "troupe.yaml:2:28: providers.mock.type: unknown value \"mok\" (did you mean \"mock\"?)\n"
        "troupe.yaml: 1 problem\n");
}

TEST_CASE("a valid file is said to be valid, with its warnings") {
  CHECK(report_text("f", load(kMock)) == "f: valid (1 provider, 0 models, 0 tenants)\n");
  const auto doubtful = load(
      "version: 1\nproviders: { p: { type: openai, base_url: \"http://10.0.0.1/v1\", keys: [ { name: a, "
      "secret: x } ] } }");
  CHECK(has(report_text("f", doubtful), "f:2:43: warning: providers.p.base_url: keys travel"));
}

TEST_CASE("the JSON report has the same facts") {
  const auto json = report_json("f", load("version: 1\nprovders: {}\n"));
  CHECK(json["valid"] == false);
  CHECK(json["problems"][0]["line"] == 1);
  CHECK(json["problems"].back()["path"] == "provders");
  CHECK(json["problems"].back()["hint"] == "did you mean \"providers\"?");
}

TEST_CASE("an explanation tells who may call, what the keys allow in sum, and what models cost") {
  const auto result = load(R"(version: 1
providers:
  openai: { type: openai, keys: [ { name: a, secret: x, limits: { rpm: 500, tpm: 9 } }, { name: b, secret: y, limits: { rpm: 100 } } ] }
  mock: { type: mock }
models: { smart: { targets: [ { use: openai/gpt-4o }, { use: mock/none, tier: 2 } ] } }
)");
  CAPTURE(said(result.problems));
  REQUIRE(result);
  const auto text = explain(*result.config, *PriceCatalogue::embedded());
  CHECK(has(text, "A client needs no key"));
  CHECK(has(text, "together: 600 requests/min\n"));
  CHECK(has(text, "openai/gpt-4o  input $2.5/Mtok, output $10/Mtok"));
  CHECK(has(text, "mock/none  input unknown, output unknown"));
}
