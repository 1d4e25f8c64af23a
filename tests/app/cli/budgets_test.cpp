#include "app/cli/budgets.hpp"

#include "tests/support/catch.hpp"

using namespace troupe::cli;

TEST_CASE("a budget's row says what is spent, in doubt and left, and when it renews") {
  const Json body = {{"budgets",
                      {{{"owner", "tenant/team"},
                        {"period", "month"},
                        {"usd", 500},
                        {"spent_usd", 123.4567},
                        {"in_doubt_usd", 0.5},
                        {"lost_usd", 0},
                        {"left_usd", 376.0433},
                        {"used_ratio", 0.248},
                        {"renews", "2026-12-01"}}}}};
  const auto table = budgets_table(body, false);
  for (const auto* part :
       {"team", "month", "500.00", "123.4567", "0.5000", "376.0433", "24.8%", "2026-12-01"}) {
    CAPTURE(table, part);
    CHECK(table.find(part) != std::string::npos);
  }
  CHECK(table.find("ledger") == std::string::npos);
}

TEST_CASE("trouble with the ledger is said below the table") {
  const auto table = budgets_table({{"budgets", Json::array()}, {"trouble", "the disk is full"}}, false);
  CHECK(table.find("nobody has a budget") != std::string::npos);
  CHECK(table.find("the disk is full") != std::string::npos);
}

TEST_CASE("costs are rows with their share, and a total") {
  const auto row = [](const char* name, const char* usd, double share) {
    return Json{{"name", name},    {"requests", 3},    {"cost_usd", usd}, {"share", share},
                {"tokens_in", 12}, {"tokens_out", 34}, {"unknown", 0}};
  };
  const Json body = {
      {"by", "tag"}, {"costs", {row("env=prod", "1.5", 0.75)}}, {"total", row("total", "2", 1)}};
  const auto table = costs_table(body, false);
  for (const auto* part : {"env=prod", "1.5", "75.0%", "total", "100.0%"}) {
    CAPTURE(table, part);
    CHECK(table.find(part) != std::string::npos);
  }
  auto unpriced = row("x", "", 0);
  unpriced["cost_usd"] = nullptr;
  CHECK(costs_table({{"costs", {unpriced}}}, false).find("unknown") != std::string::npos);
  CHECK(costs_table({{"costs", Json::array()}}, false) == "nothing was spent\n");
}
