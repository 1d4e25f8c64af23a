#include "cluster/money/period.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <array>
#include <cstdio>

namespace troupe::money {
namespace {

using std::chrono::days;
constexpr auto kSkew = std::chrono::minutes(1);

Second second_of(std::chrono::sys_days day) {
  return std::chrono::duration_cast<std::chrono::seconds>(day.time_since_epoch()).count();
}

}  // namespace

std::string_view name(config::BudgetPeriod kind) {
  switch (kind) {
    case config::BudgetPeriod::day:
      return "day";
    case config::BudgetPeriod::week:
      return "week";
    case config::BudgetPeriod::month:
      break;
  }
  return "month";
}

Period period_at(config::BudgetPeriod kind, WallTime wall) {
  const auto today = std::chrono::floor<days>(wall);
  if (kind == config::BudgetPeriod::day) return {second_of(today), second_of(today + days(1))};
  if (kind == config::BudgetPeriod::week) {
    const auto monday = today - (std::chrono::weekday(today) - std::chrono::Monday);
    return {second_of(monday), second_of(monday + days(7))};
  }
  const std::chrono::year_month_day date(today);
  const auto first = date.year() / date.month() / std::chrono::day(1);
  return {second_of(first), second_of(std::chrono::sys_days(first + std::chrono::months(1)))};
}

BudgetId budget_id(std::string_view owner, config::BudgetPeriod kind, Second from) {
  const auto text = std::string(owner) + "/" + std::string(name(kind)) + "/" + std::to_string(from);
  return XXH3_64bits(text.data(), text.size());
}

std::vector<Budget> budgets_at(const config::Config& config, WallTime wall) {
  std::vector<Budget> out;
  const std::array<WallTime, 3> moments{wall - kSkew, wall + kSkew, wall};
  for (const auto& tenant : config.tenants) {
    if (!tenant.budget) continue;
    std::vector<Budget> of;
    for (const auto moment : moments) {
      const auto kind = tenant.budget->period;
      const auto period = period_at(kind, moment);
      const auto id = budget_id("tenant/" + tenant.name, kind, period.from);
      std::erase_if(of, [&](const Budget& budget) { return budget.id == id; });
      of.push_back({id, tenant.name, tenant.budget->cap().picos, period.from, period.until});
    }
    out.insert(out.end(), of.begin(), of.end());
  }
  return out;
}

std::map<std::string, BudgetId> current_at(const config::Config& config, WallTime wall) {
  std::map<std::string, BudgetId> out;
  for (const auto& budget : budgets_at(config, wall)) out[budget.owner] = budget.id;
  return out;
}

std::string day_of(Second second) {
  const std::chrono::year_month_day date(
      std::chrono::floor<days>(std::chrono::sys_seconds(std::chrono::seconds(second))));
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text.data();
}

}  // namespace troupe::money
