#include "app/cli/budgets.hpp"

#include <fmt/format.h>

#include <ostream>

#include "app/cli/looks.hpp"
#include "app/cli/table.hpp"

namespace troupe::cli {
namespace {

double number(const Json& object, std::string_view field) {
  const auto& value = at(object, field);
  return value.is_number() ? value.get<double>() : 0;
}

std::string dollars(const Json& row, std::string_view field) {
  return fmt::format("{:.4f}", number(row, field));
}

Paint paint_of_use(double ratio) {
  return ratio >= 1 ? Paint::red : ratio >= 0.8 ? Paint::yellow : Paint::green;
}

}  // namespace

std::string budgets_table(const Json& body, bool color) {
  Table table({"BUDGET", "PER", ">USD", ">SPENT", ">IN DOUBT", ">LOST", ">LEFT", ">USED", "RENEWS"});
  const auto& rows = at(body, "budgets");
  if (rows.is_array()) {
    for (const auto& row : rows) {
      const auto ratio = number(row, "used_ratio");
      table.add({text(row, "owner"), (at(row, "rolling") == true ? "rolling " : "") + text(row, "period"),
                 fmt::format("{:.2f}", number(row, "usd")), dollars(row, "spent_usd"),
                 dollars(row, "in_doubt_usd"), dollars(row, "lost_usd"), dollars(row, "left_usd"),
                 Cell(fmt::format("{:.1f}%", 100 * ratio), paint_of_use(ratio)), text(row, "renews")});
    }
  }
  std::string out = table.empty() ? "nobody has a budget\n" : table.render(color);
  if (at(body, "trouble").is_string())
    out += paint("the ledger: " + text(body, "trouble"), Paint::red, color) + "\n";
  if (text(body, "treasury") == "lost")
    out +=
        paint("a majority of the voters' stores is new: nothing more is granted", Paint::red, color) + "\n";
  return out;
}

int run_budgets(const Context& context) {
  const auto answer = ask_admin(context, "GET", "/budgets");
  if (!answer) return answer.error();
  if (!print_json(context, answer->body)) *context.out << budgets_table(answer->body, context.color());
  return done;
}

std::string costs_table(const Json& body, bool color) {
  Table table({"NAME", ">REQUESTS", ">USD", ">SHARE", ">TOKENS IN", ">TOKENS OUT", ">PRICE UNKNOWN"});
  const auto add = [&](const Json& row) {
    table.add(
        {text(row, "name"), fmt::format("{:.0f}", number(row, "requests")),
         at(row, "cost_usd").is_string() ? text(row, "cost_usd") : "unknown",
         fmt::format("{:.1f}%", 100 * number(row, "share")), fmt::format("{:.0f}", number(row, "tokens_in")),
         fmt::format("{:.0f}", number(row, "tokens_out")), fmt::format("{:.0f}", number(row, "unknown"))});
  };
  const auto& rows = at(body, "costs");
  if (rows.is_array())
    for (const auto& row : rows) add(row);
  if (table.empty()) return "nothing was spent\n";
  if (const auto& total = at(body, "total"); total.is_object()) add(total);
  return table.render(color);
}

int run_costs(const Context& context, const std::string& query) {
  const auto answer = ask_admin(context, "GET", "/costs" + query);
  if (!answer) return answer.error();
  if (!print_json(context, answer->body)) *context.out << costs_table(answer->body, context.color());
  return done;
}

}  // namespace troupe::cli
