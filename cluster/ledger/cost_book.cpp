#include "cluster/ledger/cost_book.hpp"

#include <algorithm>
#include <chrono>

namespace troupe::ledger {
namespace {

constexpr std::size_t kLongest = 160;  // of a name: users and tags are anybody's words

std::int64_t first_of_month(std::int64_t day) {
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(day))};
  const std::chrono::sys_days first(date.year() / date.month() / std::chrono::day(1));
  return first.time_since_epoch().count();
}

CostSum sum_of(const policy::Expense& expense) {
  CostSum sum;
  sum.calls = 1;
  sum.input = expense.input.count;
  sum.output = expense.output.count;
  sum.cost = expense.cost.value_or(0);
  sum.unknown = expense.cost ? 0 : 1;
  sum.estimated = expense.estimated ? 1 : 0;
  return sum;
}

std::string shortened(std::string text) {
  if (text.size() <= kLongest) return text;
  auto end = kLongest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;  // whole characters
  return text.substr(0, end) + "...";
}

std::vector<std::pair<CostBy, std::string>> names_of(const policy::Expense& expense) {
  std::vector<std::pair<CostBy, std::string>> out{{CostBy::provider, expense.provider},
                                                  {CostBy::model, expense.provider + "/" + expense.model},
                                                  {CostBy::tenant, expense.tenant}};
  if (!expense.key.empty()) out.emplace_back(CostBy::key, expense.tenant + "/" + expense.key);
  if (!expense.user.empty()) out.emplace_back(CostBy::user, shortened(expense.tenant + "/" + expense.user));
  for (const auto& [name, value] : expense.tags) out.emplace_back(CostBy::tag, shortened(name + "=" + value));
  return out;
}

}  // namespace

CostSum& CostSum::operator+=(const CostSum& other) {
  calls += other.calls;
  input += other.input;
  output += other.output;
  cost += other.cost;
  unknown += other.unknown;
  estimated += other.estimated;
  return *this;
}

std::int64_t day_number(WallTime at) {
  return std::chrono::floor<std::chrono::days>(at).time_since_epoch().count();
}

std::size_t CostBook::names(std::int64_t day, CostBy by) const {
  const auto found = names_.find({day, by});
  return found == names_.end() ? 0 : found->second;
}

std::vector<CostRow> CostBook::of(const std::vector<const policy::Expense*>& expenses) const {
  std::map<Place, CostSum> sums;
  std::map<std::pair<std::int64_t, CostBy>, std::size_t> fresh;
  for (const auto* expense : expenses) {
    const auto today = day_number(expense->at);
    for (auto& [by, name] : names_of(*expense)) {
      const auto day = by == CostBy::user ? first_of_month(today) : today;
      Place place{day, by, std::move(name)};
      if (!rows_.contains(place) && !sums.contains(place)) {
        auto& more = fresh[{day, by}];
        if (names(day, by) + more >= kMost)
          std::get<2>(place) = "(other)";
        else
          ++more;
      }
      sums[std::move(place)] += sum_of(*expense);
    }
  }
  std::vector<CostRow> out;
  for (const auto& [place, sum] : sums)
    out.push_back({std::get<0>(place), std::get<1>(place), std::get<2>(place), sum});
  return out;
}

void CostBook::add(const std::vector<CostRow>& rows) {
  for (const auto& row : rows) {
    const auto [at, fresh] = rows_.try_emplace({row.day, row.by, row.name});
    if (fresh) ++names_[{row.day, row.by}];
    at->second += row.sum;
  }
}

void CostBook::forget_before(std::int64_t day) {
  rows_.erase(rows_.begin(), rows_.lower_bound({day, CostBy::provider, ""}));
  names_.erase(names_.begin(), names_.lower_bound({day, CostBy::provider}));
}

std::map<std::string, CostSum> CostBook::sums(CostBy by, std::int64_t from, std::int64_t until) const {
  if (by == CostBy::user) from = first_of_month(from);
  std::map<std::string, CostSum> out;
  for (auto at = rows_.lower_bound({from, CostBy::provider, ""}); at != rows_.end(); ++at) {
    const auto& [day, what, name] = at->first;
    if (day >= until) break;
    if (what == by) out[name] += at->second;
  }
  return out;
}

std::map<std::int64_t, CostSum> CostBook::days(std::int64_t from, std::int64_t until) const {
  std::map<std::int64_t, CostSum> out;
  for (auto at = rows_.lower_bound({from, CostBy::provider, ""}); at != rows_.end(); ++at) {
    const auto& [day, what, name] = at->first;
    if (day >= until) break;
    if (what == CostBy::provider) out[day] += at->second;
  }
  return out;
}

}  // namespace troupe::ledger
