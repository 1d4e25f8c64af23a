#include "cluster/treasury/view.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "cluster/money/period.hpp"
#include "config/periods.hpp"

namespace troupe::money {
namespace {

using nlohmann::json;

constexpr std::string_view kTenant = "tenant/";

json dollars(Picos amount) {
  return Money{amount}.dollars();
}

/// Exact, for those who add up.
std::string exact(Picos amount) {
  return format_dollars(Money{amount});
}

json row(const Account& account, const config::Fund& fund) {
  const auto& rule = fund.rule;
  const auto& whole = account.cluster;
  const auto& block = account.block;
  const auto counted = whole.spent + whole.doubt + whole.lost;
  json out{{"owner", fund.owner},
           {"name", fund.title},
           {"period", name(rule.period)},
           {"rolling", rule.rolling},
           {"alert_at", rule.alert.at},
           {"from", day_of(account.budget.from)},
           {"renews", day_of(account.budget.until)},
           {"usd", dollars(account.budget.cap)},
           {"known", account.heard},
           {"spent_usd", dollars(whole.spent)},
           {"in_doubt_usd", dollars(whole.doubt)},
           {"lost_usd", dollars(whole.lost)},
           {"held_usd", dollars(whole.held - counted)},
           {"left_usd", dollars(std::max<Picos>(0, account.budget.cap - whole.beside - counted))},
           {"earlier_usd", dollars(whole.beside)},
           {"used_ratio", used_ratio(account)},
           {"spent", exact(whole.spent)},
           {"in_doubt", exact(whole.doubt)}};
  if (fund.owner.starts_with(kTenant)) out["tenant"] = fund.owner.substr(kTenant.size());
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
  return static_cast<double>(whole.beside + whole.spent + whole.doubt + whole.lost) /
         static_cast<double>(account.budget.cap);
}

json budgets_json(const Bank& bank, const std::vector<config::SharedFund>& funds, const Office& office,
                  const std::map<std::string, BudgetId>& current) {
  std::map<std::string_view, const config::Fund*> by_owner;
  for (const auto& fund : funds) by_owner[fund->owner] = fund.get();
  auto rows = json::array();
  for (const auto& account : bank.cashier().accounts()) {
    const auto now = current.find(account.budget.owner);
    if (now == current.end() || now->second != account.budget.id) continue;
    const auto fund = by_owner.find(account.budget.owner);
    if (fund != by_owner.end()) rows.push_back(row(account, *fund->second));
  }
  return {{"allocator", office.holder}, {"treasury", state_of(bank)}, {"budgets", std::move(rows)}};
}

namespace {

std::string_view word(const std::optional<ledger::CostBy>& by) {
  static constexpr std::array<std::string_view, 6> kWords{"provider", "model", "tenant",
                                                          "key",      "user",  "tag"};
  return by ? kWords.at(static_cast<std::size_t>(*by)) : "day";
}

json cost_row(std::string_view name, const ledger::CostSum& sum, Picos total) {
  const bool known = sum.calls == 0 || sum.unknown < sum.calls;  // of any call at all
  return {{"name", name},
          {"requests", sum.calls},
          {"cost_usd", known ? json(exact(sum.cost)) : json()},
          {"micro_usd", known ? json(Money{sum.cost}.micros_up()) : json()},
          {"pico_usd", sum.cost},
          {"share", total > 0 ? static_cast<double>(sum.cost) / static_cast<double>(total) : 0.0},
          {"unknown", sum.unknown},
          {"estimated", sum.estimated},
          {"tokens_in", sum.input},
          {"tokens_out", sum.output}};
}

constexpr Second kDay = 86'400;

}  // namespace

json costs_json(const ledger::CostBook& book, const std::optional<ledger::CostBy>& by, std::int64_t from,
                std::int64_t until) {
  std::vector<std::pair<std::string, ledger::CostSum>> rows;
  ledger::CostSum total;
  for (const auto& [day, sum] : book.days(from, until)) {
    total += sum;
    if (!by) rows.emplace_back(day_of(day * kDay), sum);
  }
  if (by) {
    for (auto& [name, sum] : book.sums(*by, from, until)) rows.emplace_back(name, sum);
    std::stable_sort(rows.begin(), rows.end(),
                     [](const auto& a, const auto& b) { return a.second.cost > b.second.cost; });
  }
  auto costs = json::array();
  for (const auto& [name, sum] : rows) costs.push_back(cost_row(name, sum, total.cost));
  return {{"by", word(by)},
          {"from", day_of(from * kDay)},
          {"until", day_of(until * kDay)},
          {"costs", std::move(costs)},
          {"total", cost_row("total", total, total.cost)}};
}

}  // namespace troupe::money
