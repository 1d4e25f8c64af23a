#include "cluster/money/period.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "config/periods.hpp"

namespace troupe::money {
namespace {

using std::chrono::days;
constexpr auto kSkew = std::chrono::minutes(1);

Second second_of(std::chrono::sys_days day) {
  return std::chrono::duration_cast<std::chrono::seconds>(day.time_since_epoch()).count();
}

std::vector<std::uint32_t> alerts_of(const config::Alert& alert) {
  std::vector<std::uint32_t> out;
  for (const auto share : alert.at) out.push_back(static_cast<std::uint32_t>(std::lround(share * 10'000)));
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

Budget budget_of(const config::Fund& fund, BudgetId id, Period period) {
  Budget budget{id, fund.owner, fund.rule.cap().picos, period.from, period.until};
  budget.alerts = alerts_of(fund.rule.alert);
  return budget;
}

/// The same one again comes last.
void put(std::vector<Budget>& to, Budget budget) {
  std::erase_if(to, [&](const Budget& other) { return other.id == budget.id; });
  to.push_back(std::move(budget));
}

std::array<WallTime, 3> moments(WallTime wall) {
  return {wall - kSkew, wall + kSkew, wall};
}

std::vector<Budget> periods_of(const config::Fund& fund, WallTime wall) {
  std::vector<Budget> out;
  for (const auto moment : moments(wall)) {
    const auto period = period_at(fund.rule.period, moment);
    put(out, budget_of(fund, budget_id(fund.owner, fund.rule.period, period.from), period));
  }
  return out;
}

/// One slot more than the span has: the oldest is still partly in it.
std::vector<Budget> slots_of(const config::Fund& fund, WallTime wall) {
  const auto kind = fund.rule.period;
  const auto owner = fund.owner + "/rolling";
  const int slots = kind == config::BudgetPeriod::day ? 24 : kind == config::BudgetPeriod::week ? 7 : 30;
  std::vector<Budget> out;
  const auto add = [&](Period slot, bool past) {
    auto budget = budget_of(fund, budget_id(owner, kind, slot.from), slot);
    budget.group = budget_id(owner, kind, 0);
    budget.past = past;
    put(out, std::move(budget));
  };
  const auto now = slot_at(kind, wall);
  const auto length = now.until - now.from;
  for (int back = slots; back > 0; --back) add({now.from - back * length, now.until - back * length}, true);
  for (const auto moment : moments(wall)) add(slot_at(kind, moment), false);
  return out;
}

}  // namespace

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

Period slot_at(config::BudgetPeriod kind, WallTime wall) {
  using std::chrono::hours;
  if (kind != config::BudgetPeriod::day) return period_at(config::BudgetPeriod::day, wall);
  const auto hour = std::chrono::floor<hours>(wall);
  const auto from = std::chrono::duration_cast<std::chrono::seconds>(hour.time_since_epoch()).count();
  return {from, from + 3600};
}

std::vector<Budget> budgets_at(const std::vector<config::SharedFund>& funds, WallTime wall) {
  std::vector<Budget> out;
  for (const auto& fund : funds) {
    const auto of = fund->rule.rolling ? slots_of(*fund, wall) : periods_of(*fund, wall);
    out.insert(out.end(), of.begin(), of.end());
  }
  return out;
}

std::map<std::string, BudgetId> current_of(const std::vector<Budget>& budgets) {
  std::map<std::string, BudgetId> out;
  for (const auto& budget : budgets) out[budget.owner] = budget.id;
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
