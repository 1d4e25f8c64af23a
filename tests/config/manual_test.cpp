#include "config/manual.hpp"

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "config/reference.hpp"
#include "config/schema.hpp"
#include "tests/config/support.hpp"
#include "tests/support/catch.hpp"

using namespace troupe::config;

namespace {

const ManualEntry* entry(const std::string& path) {
  for (const auto& one : manual()) {
    if (one.path == path) return &one;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("every knob says what it does, what may be written and what its default is") {
  CHECK(manual().size() > 90);
  for (const auto& one : manual()) {
    CAPTURE(one.path);
    CHECK_FALSE(one.what.empty());
    CHECK_FALSE(one.type.empty());
    CHECK_FALSE((one.required && !one.standard.empty()));
  }
}

TEST_CASE("defaults in the manual are the ones in force") {
  REQUIRE(entry("server.limits.body") != nullptr);
  CHECK(entry("server.limits.body")->standard == "20MiB");
  CHECK(entry("models.NAME.retry.budget")->standard == "20%");
  CHECK(entry("models.NAME.timeout.first_token")->standard == "1m");
  CHECK(entry("server.listen")->restart);
  CHECK(entry("models.NAME.targets[].use")->required);
}

TEST_CASE("every field that the loader takes is in the manual") {
  // The loader names the fields it knows when one is unknown and nothing is near.
  const auto result = load(
      "version: 1\nproviders: { mock: { type: mock, zzzzzzzz: 1 } }\nbreaker: { zzzzzzzz: 1 }\n"
      "models: { m: { targets: [ { use: mock/x, zzzzzzzz: 1 } ], retry: { zzzzzzzz: 1 } } }");
  CHECK(result.problems.size() == 4);
  for (const auto& problem : result.problems) {
    if (!problem.hint.starts_with("one of: ")) continue;
    auto section = problem.path.substr(0, problem.path.rfind('.'));
    if (section.starts_with("models.m")) section.replace(0, 8, "models.NAME");
    if (section.ends_with("[0]")) section.replace(section.size() - 3, 3, "[]");
    std::istringstream names(problem.hint.substr(8));
    for (std::string name; names >> name;) {
      if (name.back() == ',') name.pop_back();
      CAPTURE(section, name);
      CHECK(entry(section + "." + name) != nullptr);
    }
  }
}

TEST_CASE("the schema is JSON, closed, and has every section") {
  const auto schema = nlohmann::json::parse(json_schema());
  CHECK(schema["additionalProperties"] == false);
  CHECK(schema["required"] == nlohmann::json::parse(R"(["version","providers"])"));
  const auto& model = schema["properties"]["models"]["additionalProperties"];
  CHECK(model["properties"]["targets"]["items"]["required"][0] == "use");
  CHECK(model["properties"]["queue"]["properties"]["max_wait"]["default"] == "5s");
}

TEST_CASE("the committed reference page is what the manual says") {
  const std::string path = source_dir() + "/docs/configuration.md";
  if (std::getenv("TROUPE_WRITE_REFERENCE") != nullptr) std::ofstream(path) << reference_page();
  std::ifstream file(path);
  std::stringstream committed;
  committed << file.rdbuf();
  INFO("write it anew with TROUPE_WRITE_REFERENCE=1 build/dev/tests/test_config");
  CHECK(committed.str() == reference_page());
}
