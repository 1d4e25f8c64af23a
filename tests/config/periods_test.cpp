#include "config/periods.hpp"

#include <string>

#include "tests/config/support.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::config;

TEST_CASE("a period is called what the configuration calls it") {
  CHECK(name(BudgetPeriod::day) == "day");
  CHECK(name(BudgetPeriod::week) == "week");
  CHECK(name(BudgetPeriod::month) == "month");
  for (const auto period : {BudgetPeriod::day, BudgetPeriod::week, BudgetPeriod::month}) {
    const auto result = load(kMock + R"(models: { smart: { targets: [ { use: mock/a } ] } }
store: { path: /tmp/x }
tenants: { team: { budget: { usd: 1, period: )" +
                             std::string(name(period)) + " } } }\n");
    CAPTURE(said(result.problems));
    REQUIRE(result);
    CHECK(result.config->tenants.front().budget->period == period);
  }
}

TEST_CASE("a rolling budget looks back on as many days, whatever the calendar says") {
  CHECK(span(BudgetPeriod::day) == "24 hours");
  CHECK(span(BudgetPeriod::week) == "7 days");
  CHECK(span(BudgetPeriod::month) == "30 days");
}
