#include "gateway/admin/merge.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "core/units.hpp"

namespace troupe::admin {
namespace {

/// The name of the list in a document; "" where there is none.
std::string list_name(const Json& document) {
  if (!document.is_object()) return {};
  for (const auto& [name, value] : document.items())
    if (value.is_array()) return name;
  return {};
}

void add_rows(Json& rows, const Json& list, const std::string& node) {
  for (const auto& row : list) {
    rows.push_back(row);
    if (rows.back().is_object()) rows.back()["node"] = node;
  }
}

void newest_first(Json& rows) {
  std::vector<Json> sorted(rows.begin(), rows.end());
  std::stable_sort(sorted.begin(), sorted.end(), [](const Json& a, const Json& b) {
    return a.value("started", std::string()) > b.value("started", std::string());
  });
  rows = Json(std::move(sorted));
}

/// Of /cluster/shares: one row per limit, whoever was asked.
Json merge_shares(const std::vector<NodeDocument>& parts) {
  std::map<std::pair<std::string, std::string>, Json> rows;
  Json allocator;
  for (const auto& part : parts) {
    if (!part.document.is_object()) continue;
    const bool office = part.document.value("in_office", false);
    if (office) allocator = part.node;
    for (const auto& row : part.document.value("limits", Json::array())) {
      auto& into = rows[{row.value("owner", std::string()), row.value("limit", std::string())}];
      if (into.is_null()) into = {{"owner", row["owner"]}, {"limit", row["limit"]}, {"units", row["units"]}};
      into["here"][part.node] = row["here"];
      for (const auto* field : {"account", "nodes", "units"})
        if (office && row.contains(field)) into[field] = row[field];
    }
  }
  auto all = Json::array();
  for (auto& [id, row] : rows) all.push_back(std::move(row));
  return {{"in_office", !allocator.is_null()}, {"allocator", allocator}, {"limits", std::move(all)}};
}

void add_cost(Json& to, const Json& row) {
  if (to.is_null()) to = {{"name", row.value("name", std::string())}};
  for (const auto* field : {"requests", "unknown", "estimated", "tokens_in", "tokens_out", "tokens_cached",
                            "tokens_reasoning", "pico_usd"})
    if (row.contains(field) && row[field].is_number_integer())
      to[field] = to.value(field, std::int64_t{0}) + row[field].get<std::int64_t>();
}

/// Dollars from the sum, to the pico-dollar; unknown as the parts were.
void price_up(Json& row, std::int64_t total) {
  const auto requests = row.value("requests", std::int64_t{0});
  const bool known = requests == 0 || row.value("unknown", std::int64_t{0}) < requests;
  const Money money{row.value("pico_usd", std::int64_t{0})};
  row["cost_usd"] = known ? Json(format_dollars(money)) : Json();
  row["micro_usd"] = known ? Json(money.micros_up()) : Json();
  row["share"] = total > 0 ? static_cast<double>(money.picos) / static_cast<double>(total) : 0.0;
}

/// Of /costs: one row per name, whoever spent it.
Json merge_costs(const std::vector<NodeDocument>& parts) {
  std::map<std::string, Json> rows;
  Json out, total;
  for (const auto& part : parts) {
    if (!part.document.is_object() || !part.document.contains("costs")) continue;
    for (const auto* field : {"by", "from", "until"})
      if (part.document.contains(field)) out[field] = part.document[field];
    for (const auto& row : part.document["costs"]) add_cost(rows[row.value("name", std::string())], row);
    add_cost(total, part.document["total"]);
  }
  const auto sum = total.is_null() ? 0 : total.value("pico_usd", std::int64_t{0});
  std::vector<Json> sorted;
  for (auto& [name, row] : rows) {
    price_up(row, sum);
    sorted.push_back(std::move(row));
  }
  if (out.value("by", std::string()) != "day")
    std::stable_sort(sorted.begin(), sorted.end(), [](const Json& a, const Json& b) {
      return a.value("pico_usd", std::int64_t{0}) > b.value("pico_usd", std::int64_t{0});
    });
  if (!total.is_null()) price_up(total, sum);
  out["costs"] = std::move(sorted);
  out["total"] = std::move(total);
  return out;
}

bool any_has(const std::vector<NodeDocument>& parts, const char* field) {
  return std::any_of(parts.begin(), parts.end(), [&](const auto& part) {
    return part.document.is_object() && part.document.contains(field);
  });
}

}  // namespace

Json merge(std::vector<NodeDocument> parts) {
  std::sort(parts.begin(), parts.end(), [](const auto& a, const auto& b) { return a.node < b.node; });
  const bool shares = any_has(parts, "in_office"), costs = any_has(parts, "costs");
  Json out = shares ? merge_shares(parts) : costs ? merge_costs(parts) : Json::object();
  auto nodes = Json::array(), missing = Json::array();
  for (const auto& part : parts) {
    const bool said = !part.document.is_null();
    nodes.push_back({{"node", part.node}, {"ok", said}, {"why", said ? Json() : Json(part.why)}});
    if (!said) missing.push_back(part.node);
    const auto list = shares || costs ? std::string() : list_name(part.document);
    if (list.empty()) continue;
    if (!out.contains(list)) out[list] = Json::array();
    add_rows(out[list], part.document[list], part.node);
  }
  if (out.contains("requests")) newest_first(out["requests"]);
  out["nodes"] = std::move(nodes);
  out["missing"] = std::move(missing);
  return out;
}

}  // namespace troupe::admin
