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

std::vector<config::SharedFund> with_budget(BudgetPeriod period) {
  config::Config config;
  config.tenants.emplace_back();
  config.tenants.back().name = "team";
  config.tenants.back().budget.emplace();
  config.tenants.back().budget->usd = 12.5;
  config.tenants.back().budget->period = period;
  config.tenants.emplace_back().name = "free";
  return config::Funds(config).fixed();
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
  CHECK(budgets[0].owner == "tenant/team");
  CHECK(budgets[0].cap == 12'500'000'000'000);
  CHECK(budgets[0].until == at(utc(2026, 12, 1)));
}

TEST_CASE("around midnight both periods have money, because clocks differ, and the new one is current") {
  const auto funds = with_budget(BudgetPeriod::day);
  const auto before = utc(2026, 11, 15, 23, 59) + std::chrono::seconds(30), after = utc(2026, 11, 16);
  CHECK(budgets_at(funds, before).size() == 2);
  CHECK(budgets_at(funds, after).size() == 2);
  CHECK(budgets_at(funds, utc(2026, 11, 16, 12)).size() == 1);
  CHECK(current_of(budgets_at(funds, before)).at("tenant/team") ==
        budget_id("tenant/team", BudgetPeriod::day, at(utc(2026, 11, 15))));
  CHECK(current_of(budgets_at(funds, after)).at("tenant/team") ==
        budget_id("tenant/team", BudgetPeriod::day, at(after)));
}

namespace {

std::vector<config::SharedFund> rolling(BudgetPeriod period) {
  auto fund = *with_budget(period).front();
  fund.rule.rolling = true;
  return {std::make_shared<const config::Fund>(std::move(fund))};
}

}  // namespace

TEST_CASE("a rolling budget is slots that share one cap, of which all but the current are past") {
  const auto wall = utc(2026, 11, 15, 12, 30);
  for (const auto& [kind, slots] :
       {std::pair(BudgetPeriod::day, 24), {BudgetPeriod::week, 7}, {BudgetPeriod::month, 30}}) {
    const auto budgets = budgets_at(rolling(kind), wall);
    CAPTURE(slots);
    REQUIRE(budgets.size() == static_cast<std::size_t>(slots) + 1);
    for (const auto& budget : budgets) {
      CHECK(budget.group == budgets[0].group);
      CHECK(budget.cap == budgets[0].cap);
      CHECK(budget.past == (budget.id != budgets.back().id));
    }
    CHECK(budgets.back().from <= at(wall));
    CHECK(budgets.back().until > at(wall));
    CHECK(budgets.front().until == budgets[1].from);
    CHECK(current_of(budgets).at("tenant/team") == budgets.back().id);
  }
  CHECK(budgets_at(rolling(BudgetPeriod::day), wall)[0].from == at(utc(2026, 11, 14, 12)));
  CHECK(budgets_at(rolling(BudgetPeriod::week), wall)[0].from == at(utc(2026, 11, 8)));
}

TEST_CASE("where slots meet both have money, and neither is past") {
  const auto budgets = budgets_at(rolling(BudgetPeriod::day), utc(2026, 11, 15, 12, 0));
  REQUIRE(budgets.size() == 25);
  CHECK(budgets[22].past);
  CHECK_FALSE(budgets[23].past);
  CHECK_FALSE(budgets[24].past);
}

TEST_CASE("alerts are shares in ten thousandths, each once, the least first") {
  auto fund = *with_budget(BudgetPeriod::month).front();
  fund.rule.alert.at = {1.0, 0.8, 0.8, 0.333};
  const auto budgets = budgets_at({std::make_shared<const config::Fund>(fund)}, utc(2026, 11, 15));
  CHECK(budgets[0].alerts == std::vector<std::uint32_t>{3330, 8000, 10000});
}
