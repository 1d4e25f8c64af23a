#include "cluster/ledger/lines.hpp"

#include <chrono>
#include <string_view>
#include <tuple>

namespace troupe::ledger {
namespace {

std::string text_of(const std::vector<std::pair<std::string, std::string>>& tags) {
  std::string out;
  for (const auto& [name, value] : tags)
    out.append(out.empty() ? "" : ",").append(name).append("=").append(value);
  return out;
}

Line begun(const policy::Expense& expense, std::int64_t minute, std::string tags) {
  Line line;
  line.minute = minute;
  line.at = std::chrono::floor<std::chrono::milliseconds>(expense.at.time_since_epoch()).count();
  line.tenant = expense.tenant;
  line.key = expense.key;
  line.user = expense.user;
  line.tags = std::move(tags);
  line.provider = expense.provider;
  line.model = expense.model;
  line.estimated = expense.estimated;
  return line;
}

void add(const Entry& entry, Line& to) {
  const auto& expense = entry.expense;
  ++to.calls;
  to.unknown += expense.cost ? 0 : 1;
  to.input += expense.input.count;
  to.output += expense.output.count;
  to.cost += expense.cost.value_or(0);
  for (const auto& charge : entry.charges) {
    auto& sum = to.charges[charge.budget];
    sum.cost += charge.cost;
    ++sum.calls;
  }
}

}  // namespace

std::vector<Line> lines_of(const std::vector<Entry>& entries) {
  using Place = std::tuple<std::int64_t, std::string_view, std::string_view, std::string_view, std::string,
                           std::string_view, std::string_view, bool>;
  std::map<Place, std::size_t> places;
  std::vector<Line> out;
  for (const auto& entry : entries) {
    if (entry.charges.empty()) continue;
    const auto& expense = entry.expense;
    const auto minute = std::chrono::floor<std::chrono::minutes>(expense.at).time_since_epoch().count();
    auto tags = text_of(expense.tags);
    const auto [at, fresh] = places.try_emplace(Place{minute, expense.tenant, expense.key, expense.user, tags,
                                                      expense.provider, expense.model, expense.estimated},
                                                out.size());
    if (fresh) out.push_back(begun(expense, minute, std::move(tags)));
    add(entry, out[at->second]);
  }
  return out;
}

}  // namespace troupe::ledger
