#include "gateway/admin/merge.hpp"

#include <algorithm>
#include <map>
#include <utility>

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

}  // namespace

Json merge(std::vector<NodeDocument> parts) {
  std::sort(parts.begin(), parts.end(), [](const auto& a, const auto& b) { return a.node < b.node; });
  const auto shares = std::any_of(parts.begin(), parts.end(), [](const auto& part) {
    return part.document.is_object() && part.document.contains("in_office");
  });
  Json out = shares ? merge_shares(parts) : Json::object();
  auto nodes = Json::array(), missing = Json::array();
  for (const auto& part : parts) {
    const bool said = !part.document.is_null();
    nodes.push_back({{"node", part.node}, {"ok", said}, {"why", said ? Json() : Json(part.why)}});
    if (!said) missing.push_back(part.node);
    const auto list = shares ? std::string() : list_name(part.document);
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
