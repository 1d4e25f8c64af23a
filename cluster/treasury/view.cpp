#include "cluster/treasury/view.hpp"

#include <nlohmann/json.hpp>

#include "cluster/money/period.hpp"

namespace troupe::money {
namespace {

using nlohmann::json;

json dollars(Picos amount) {
  return Money{amount}.dollars();
}

/// Exact, for those who add up.
std::string exact(Picos amount) {
  return format_dollars(Money{amount});
}

json row(const Account& account, const config::Budget& rule) {
  const auto& whole = account.cluster;
  const auto& block = account.block;
  const auto counted = whole.spent + whole.doubt + whole.lost;
  json out{{"tenant", account.budget.owner},
           {"period", name(rule.period)},
           {"from", day_of(account.budget.from)},
           {"renews", day_of(account.budget.until)},
           {"usd", dollars(account.budget.cap)},
           {"known", account.heard},
           {"spent_usd", dollars(whole.spent)},
           {"in_doubt_usd", dollars(whole.doubt)},
           {"lost_usd", dollars(whole.lost)},
           {"held_usd", dollars(whole.held - counted)},
           {"left_usd", dollars(std::max<Picos>(0, account.budget.cap - counted))},
           {"used_ratio", used_ratio(account)},
           {"spent", exact(whole.spent)},
           {"in_doubt", exact(whole.doubt)}};
  out["here"] = {{"spent", exact(block.settled)},
                 {"in_doubt", exact(block.doubt)},
                 {"ready_usd", dollars(account.ready)},
                 {"reserved_usd", dollars(account.reserved)},
                 {"free_usd", dollars(account.free)}};
  return out;
}

}  // namespace

std::string_view state_of(const Bank& bank) {
  if (!bank.treasurer()) return "";
  switch (bank.treasurer()->state()) {
    case Treasurer::State::reading:
      return "reading";
    case Treasurer::State::lost:
      return "lost";
    case Treasurer::State::founding:
      return "founding";
    case Treasurer::State::open:
      break;
  }
  return "open";
}

double used_ratio(const Account& account) {
  const auto& whole = account.cluster;
  if (account.budget.cap <= 0) return 0;
  return static_cast<double>(whole.spent + whole.doubt + whole.lost) /
         static_cast<double>(account.budget.cap);
}

json budgets_json(const Bank& bank, const config::Config& config, const Office& office,
                  const std::map<std::string, BudgetId>& current) {
  auto rows = json::array();
  for (const auto& account : bank.cashier().accounts()) {
    const auto now = current.find(account.budget.owner);
    if (now == current.end() || now->second != account.budget.id) continue;
    for (const auto& tenant : config.tenants)
      if (tenant.name == account.budget.owner && tenant.budget) rows.push_back(row(account, *tenant.budget));
  }
  return {{"allocator", office.holder}, {"treasury", state_of(bank)}, {"budgets", std::move(rows)}};
}

}  // namespace troupe::money
