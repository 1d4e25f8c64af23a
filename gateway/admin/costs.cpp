#include "gateway/admin/costs.hpp"

#include <map>
#include <string>

#include "gateway/admin/record_json.hpp"

namespace troupe::admin {
namespace {

using Spend = SpendCell::Plain;

void add(Spend& sum, const Spend& cell) {
  sum.requests += cell.requests;
  sum.unknown += cell.unknown;
  sum.input += cell.input;
  sum.output += cell.output;
  sum.cached += cell.cached;
  sum.reasoning += cell.reasoning;
  sum.picos += cell.picos;
}

Json row(std::string_view name, const Spend& spend) {
  const Money money{spend.picos};
  const bool known = spend.requests == 0 || spend.unknown < spend.requests;  // of any call at all
  return {{"name", name},
          {"requests", spend.requests},
          {"cost_usd", known ? Json(format_dollars(money)) : Json()},
          {"micro_usd", known ? Json(money.micros_up()) : Json()},
          {"unknown", spend.unknown},
          {"tokens_in", spend.input},
          {"tokens_out", spend.output},
          {"tokens_cached", spend.cached},
          {"tokens_reasoning", spend.reasoning}};
}

std::string_view word(CostBy by) {
  static constexpr std::string_view kWords[] = {"provider", "model", "tenant"};
  return kWords[static_cast<std::size_t>(by)];
}

}  // namespace

std::optional<CostBy> cost_by(std::string_view text) {
  for (const auto by : {CostBy::provider, CostBy::model, CostBy::tenant})
    if (word(by) == text) return by;
  return {};
}

Json costs(const Telemetry& telemetry, CostBy by) {
  std::map<std::string, Spend> sums;
  Spend total;
  LabelTable<SpendCell, 3>::Merged cells;
  telemetry.each([&](const Shard& shard) { shard.spend.merge_into(cells); });
  for (const auto& [labels, cell] : cells) {
    add(sums[labels[static_cast<std::size_t>(by)]], cell);
    add(total, cell);
  }
  auto rows = Json::array();
  for (const auto& [name, spend] : sums) rows.push_back(row(name, spend));
  return {{"by", word(by)},
          {"since", iso_time(telemetry.started())},
          {"costs", std::move(rows)},
          {"total", row("total", total)}};
}

}  // namespace troupe::admin
