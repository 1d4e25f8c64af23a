#include "gateway/admin/access_log.hpp"

#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "core/log.hpp"
#include "tests/gateway/admin/fakes.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/folder.hpp"

namespace troupe::admin {
namespace {

/// What logging `record` writes.
nlohmann::json logged(const RequestRecord& record) {
  const troupe::testing::Folder folder;
  const auto path = folder / "log";
  log::start(log::Level::info, log::Format::json, path);
  log_request(record);
  log::stop();
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return nlohmann::json::parse(text.str());
}

TEST_CASE("a request is one line with who answered and what it cost") {
  const auto line = logged(served("req_1"));
  CHECK(line["event"] == "request");
  CHECK(line["id"] == "req_1");
  CHECK(line["provider"] == "openai");
  CHECK(line["key"] == "primary");
  CHECK(line["route"] == "primary");
  CHECK(line["cost_usd"] == "0.000001234567");
  CHECK(line["tokens_in"] == 100);
  CHECK(line["attempts"] == 1);
  CHECK(line["ttft_ms"] == 30);
  CHECK_FALSE(line.contains("fault"));
}

TEST_CASE("an unknown price is said to be unknown") {
  auto record = served("req_1");
  record.cost.reset();
  const auto line = logged(record);
  CHECK(line["cost"] == "unknown");
  CHECK_FALSE(line.contains("cost_usd"));
}

TEST_CASE("the attempts of a request are told in order") {
  auto record = served("req_1");
  auto lost = record.attempts[0];
  lost.key = "secondary";
  lost.fault = Fault::provider_overloaded;
  lost.took = std::chrono::milliseconds(12);
  record.attempts.insert(record.attempts.begin(), lost);
  CHECK(logged(record)["tried"] == "openai/secondary/provider_overloaded/12ms openai/primary/ok/129ms");
}

TEST_CASE("what a client calls a model is cut short") {
  auto record = failed("req_1", Fault::caller_unknown_model);
  record.model = std::string(5000, 'x');
  const auto line = logged(record);
  CHECK(line["model"].get<std::string>().size() == 128);
  CHECK(line["fault"] == "caller_unknown_model");
  CHECK_FALSE(line.contains("cost"));
}

}  // namespace
}  // namespace troupe::admin
