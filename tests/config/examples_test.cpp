#include <filesystem>
#include <set>

#include "config/check_report.hpp"
#include "config/load.hpp"
#include "tests/config/support.hpp"
#include "tests/support/catch.hpp"

using namespace troupe::config;

namespace {

/// Every variable is set (a node's name must be one) and every file is there, but nothing else of the
/// machine.
Environment generous(const std::string& path) {
  Environment made;
  made.variable = [](const std::string& name) {
    if (name == "TROUPE_NODE") return std::optional<std::string>("node-2");
    return name.starts_with("OTEL") ? std::nullopt : std::optional<std::string>("value-of-" + name);
  };
  made.file = [path](const std::string& asked, std::size_t limit) {
    return asked == path ? real_environment().file(path, limit)
                         : std::optional<std::string>("secret of " + asked + "\n");
  };
  return made;
}

}  // namespace

TEST_CASE("every example loads, explains itself and shows no secret") {
  std::set<std::string> seen;
  for (const auto& file : std::filesystem::directory_iterator(source_dir() + "/config/examples")) {
    const auto path = file.path().string();
    CAPTURE(path);
    const auto result = load_file(path, generous(path));
    CAPTURE(said(result.problems));
    REQUIRE(result);
    CHECK(result.warnings.empty());
    const auto text = explain(*result.config, *troupe::config::PriceCatalogue::embedded());
    CHECK(text.find("provider ") != std::string::npos);
    CHECK(text.find("value-of-") == std::string::npos);
    CHECK(text.find("secret of") == std::string::npos);
    seen.insert(file.path().stem().string());
  }
  CHECK(seen == std::set<std::string>{"anthropic", "cluster", "complete", "failover", "minimal", "mock-chaos",
                                      "tenants", "three-keys", "tls"});
}
