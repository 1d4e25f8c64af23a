#include "gateway/admin/costs.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <map>
#include <string>

#include "config/measure.hpp"
#include "gateway/admin/answers.hpp"
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
          {"pico_usd", spend.picos},
          {"unknown", spend.unknown},
          {"tokens_in", spend.input},
          {"tokens_out", spend.output},
          {"tokens_cached", spend.cached},
          {"tokens_reasoning", spend.reasoning}};
}

constexpr std::array<std::string_view, 7> kWords{"provider", "model", "tenant", "key", "user", "tag", "day"};
constexpr std::int64_t kMostDays = 400;

std::string_view word(CostBy by) {
  return kWords.at(static_cast<std::size_t>(by));
}

std::int64_t day_of(WallTime at) {
  return std::chrono::floor<std::chrono::days>(at).time_since_epoch().count();
}

tl::unexpected<Error> bad(std::string why) {
  return fail(Fault::caller_bad_request, std::move(why));
}

}  // namespace

Result<CostQuestion> cost_question(const http::Request& request, WallTime now) {
  CostQuestion out;
  if (const auto by = parameter(request, "by"); !by.empty()) {
    const auto found = std::find(kWords.begin(), kWords.end(), by);
    if (found == kWords.end()) return bad("by must be provider, model, tenant, key, user, tag or day");
    out.by = static_cast<CostBy>(found - kWords.begin());
  }
  std::int64_t days = 30;
  if (const auto text = parameter(request, "days"); !text.empty()) {
    const auto end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, days);
    if (read.ec != std::errc{} || read.ptr != end || days < 1 || days > kMostDays)
      return bad("days must be a number from 1 to 400");
  }
  out.until = day_of(now) + 1;
  if (const auto text = parameter(request, "to"); !text.empty()) {
    const auto at = config::parse_moment(text);
    if (!at) return bad("to must be a day, as 2026-11-30");
    out.until = day_of(*at) + 1;
  }
  out.from = out.until - days;
  if (const auto text = parameter(request, "from"); !text.empty()) {
    const auto at = config::parse_moment(text);
    if (!at) return bad("from must be a day, as 2026-11-01");
    out.from = day_of(*at);
  }
  if (out.from >= out.until) return bad("from is after to");
  return out;
}

Json costs(const Telemetry& telemetry, CostBy by) {
  std::map<std::string, Spend> sums;
  Spend total;
  if (by > CostBy::tenant) return {};
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
