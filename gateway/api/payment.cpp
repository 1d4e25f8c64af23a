#include "gateway/api/payment.hpp"

#include <fmt/format.h>

#include "config/periods.hpp"
#include "gateway/api/accounting.hpp"

namespace troupe::api {

std::optional<Money> most_cost(const actors::Endpoint& endpoint, Tokens input, Tokens output,
                               const std::optional<Money>& unknown_price) {
  Usage usage;
  usage.input = input;
  usage.output = output;
  if (const auto cost = cost_of(endpoint, usage)) return cost;
  if (!unknown_price) return std::nullopt;
  return *unknown_price * (input + output);
}

Money cost_to_book(const CallEnd& end, Money reserved, const std::optional<Money>& unknown_price) {
  if (!end.sent) return {};
  if (end.cost) return *end.cost;
  if (end.usage && unknown_price) return *unknown_price * (end.usage->input + end.usage->output);
  if (!end.usage && end.status >= 400) return {};
  return reserved;
}

void Payment::settle(const CallEnd& end, const actors::Endpoint& endpoint, WallTime at) {
  if (!money) return;
  auto expense = std::move(whose);
  expense.at = at;
  expense.provider = endpoint.key->provider->name;
  expense.model = endpoint.model;
  if (end.usage) {
    expense.input = end.usage->input;
    expense.output = end.usage->output;
  }
  if (!end.sent || (!end.usage && end.status >= 400)) {
    expense.cost = 0;
  } else if (end.cost) {
    expense.cost = end.cost->picos;
  }
  expense.estimated = !end.usage || end.usage->estimated;
  std::vector<policy::Picos> costs;
  const auto& holds = money.holds();
  for (std::size_t i = 0; i < holds.size(); ++i)
    costs.push_back(cost_to_book(end, Money{holds[i].amount}, unknown_prices[i]).picos);
  money.settle(expense, costs);
}

std::string moment(WallTime at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::minutes>(at - day));
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02} UTC", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count());
}

std::string exhausted_words(const config::Fund& fund, WallTime until) {
  std::string title = fund.title;
  if (!title.empty()) title.front() = 'T';
  if (fund.rule.rolling) {
    return fmt::format(
        "{} may spend ${} in any {}: less is left than this call could cost. What was spent is free "
        "again {} later, the next of it at {}.",
        title, fund.rule.usd, span(fund.rule.period), span(fund.rule.period), moment(until));
  }
  return fmt::format(
      "{} has used up its budget of ${} per {}: less is left than this call could cost. It renews on "
      "{}.",
      title, fund.rule.usd, name(fund.rule.period), moment(until));
}

}  // namespace troupe::api
