#include "gateway/admin/record_json.hpp"

#include "tests/gateway/admin/fakes.hpp"
#include "tests/support/catch.hpp"

namespace troupe::admin {
namespace {

std::vector<std::string> steps(const Json& record) {
  std::vector<std::string> out;
  for (const auto& step : record["timeline"])
    out.push_back(step["what"].get<std::string>() + "@" + step["at_ms"].dump());
  return out;
}

TEST_CASE("times are RFC 3339 in UTC with milliseconds") {
  CHECK(iso_time(WallTime(testing::ManualClock::kWallStart + std::chrono::milliseconds(7))) ==
        "2025-01-01T00:00:00.007Z");
}

TEST_CASE("a timeline tells queue, attempts, first token and end in order") {
  auto record = served("r");
  record.queued = std::chrono::milliseconds(5);
  record.attempts[0].took = std::chrono::milliseconds(10);
  record.attempts.push_back(record.attempts[0]);
  CHECK(steps(detail(record)) == std::vector<std::string>{"received@0.0", "queued@0.0", "attempt@5.0",
                                                          "attempt@15.0", "first_token@30.0", "done@130.0"});
}

TEST_CASE("an attempt that says when it began stands there") {
  auto record = served("r");
  record.attempts.push_back(record.attempts[0]);
  record.attempts[1].began = std::chrono::milliseconds(20);
  record.attempts[1].hedge = true;
  const auto told = detail(record);
  CHECK(told["timeline"][2]["at_ms"] == 20.0);
  CHECK(told["timeline"][2]["hedge"] == true);
}

TEST_CASE("an unknown cost is null and a known one an exact decimal") {
  auto record = served("r");
  CHECK(summary(record)["cost_usd"] == "0.000001234567");
  record.cost.reset();
  CHECK(summary(record)["cost_usd"].is_null());
}

TEST_CASE("a failed request ends as failed, with its fault") {
  const auto told = detail(failed("r", Fault::troupe_all_open));
  CHECK(told["fault"] == "troupe_all_open");
  CHECK(told["timeline"].back()["what"] == "failed");
}

}  // namespace
}  // namespace troupe::admin
