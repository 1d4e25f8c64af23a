#include "cluster/money/period.hpp"

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::money;
using config::BudgetPeriod;

namespace {

WallTime utc(int year, unsigned month, unsigned day, int hour = 0, int minute = 0) {
  return std::chrono::sys_days(std::chrono::year(year) / static_cast<int>(month) / static_cast<int>(day)) +
         std::chrono::hours(hour) + std::chrono::minutes(minute);
}
Second at(WallTime wall) {
  return std::chrono::duration_cast<std::chrono::seconds>(wall.time_since_epoch()).count();
}

config::Config with_budget(BudgetPeriod period) {
  config::Config config;
  config.tenants.emplace_back();
  config.tenants.back().name = "team";
  config.tenants.back().budget = config::Budget{12.5, period, {}, {}};
  config.tenants.emplace_back().name = "free";
  return config;
}

}  // namespace

TEST_CASE("a day, a week from Monday and a month are the calendar's, in UTC") {
  const auto wall = utc(2024, 2, 29, 23, 59);  // a Thursday
  CHECK(period_at(BudgetPeriod::day, wall) == Period{at(utc(2024, 2, 29)), at(utc(2024, 3, 1))});
  CHECK(period_at(BudgetPeriod::week, wall) == Period{at(utc(2024, 2, 26)), at(utc(2024, 3, 4))});
  CHECK(period_at(BudgetPeriod::month, wall) == Period{at(utc(2024, 2, 1)), at(utc(2024, 3, 1))});
  CHECK(period_at(BudgetPeriod::month, utc(2026, 12, 31)).until == at(utc(2027, 1, 1)));
  CHECK(period_at(BudgetPeriod::week, utc(2024, 3, 3, 12)).from == at(utc(2024, 2, 26)));
  CHECK(day_of(at(wall)) == "2024-02-29");
}

TEST_CASE("a new period and another kind of period are other budgets") {
  const auto day = budget_id("tenant/a", BudgetPeriod::day, 0);
  CHECK(day != budget_id("tenant/a", BudgetPeriod::day, 86400));
  CHECK(day != budget_id("tenant/a", BudgetPeriod::month, 0));
  CHECK(day != budget_id("tenant/b", BudgetPeriod::day, 0));
  CHECK(day == budget_id("tenant/a", BudgetPeriod::day, 0));
}

TEST_CASE("only tenants with a budget have one, and its cap is exact") {
  const auto budgets = budgets_at(with_budget(BudgetPeriod::month), utc(2026, 11, 15));
  REQUIRE(budgets.size() == 1);
  CHECK(budgets[0].owner == "team");
  CHECK(budgets[0].cap == 12'500'000'000'000);
  CHECK(budgets[0].until == at(utc(2026, 12, 1)));
}

TEST_CASE("around midnight both periods have money, because clocks differ, and the new one is current") {
  const auto config = with_budget(BudgetPeriod::day);
  const auto before = utc(2026, 11, 15, 23, 59) + std::chrono::seconds(30), after = utc(2026, 11, 16);
  CHECK(budgets_at(config, before).size() == 2);
  CHECK(budgets_at(config, after).size() == 2);
  CHECK(budgets_at(config, utc(2026, 11, 16, 12)).size() == 1);
  CHECK(current_at(config, before).at("team") ==
        budget_id("tenant/team", BudgetPeriod::day, at(utc(2026, 11, 15))));
  CHECK(current_at(config, after).at("team") == budget_id("tenant/team", BudgetPeriod::day, at(after)));
}
