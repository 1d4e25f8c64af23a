#include "gateway/api/payment.hpp"

#include <fmt/format.h>

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
  policy::Expense expense;
  expense.at = at;
  expense.tenant = tenant;
  expense.provider = endpoint.key->provider->name;
  expense.model = endpoint.model;
  if (end.usage) {
    expense.input = end.usage->input;
    expense.output = end.usage->output;
  }
  expense.cost = cost_to_book(end, Money{money.amount()}, unknown_price).picos;
  expense.estimated = !end.usage || end.usage->estimated;
  money.settle(expense);
}

std::string moment(WallTime at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::minutes>(at - day));
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02} UTC", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count());
}

}  // namespace troupe::api
