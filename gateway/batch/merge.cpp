#include "gateway/batch/merge.hpp"

#include <algorithm>
#include <utility>

#include "gateway/batch/ids.hpp"

namespace troupe::batch {
namespace {

std::string id_of(const Json& object) {
  const auto at = object.find("id");
  return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

}  // namespace

bool comes_before(std::string_view a, std::string_view b, bool ascending) {
  const auto x = read_id(a), y = read_id(b);
  if (!x || !y) return x.has_value() && !y;
  const auto left = std::pair(x->order, a), right = std::pair(y->order, b);
  return ascending ? left < right : right < left;
}

Page page_of(std::vector<Json> all, const PageAsk& ask) {
  std::sort(all.begin(), all.end(),
            [&](const Json& a, const Json& b) { return comes_before(id_of(a), id_of(b), ask.ascending); });
  Page out;
  for (auto& one : all) {
    if (!ask.after.empty() && !comes_before(ask.after, id_of(one), ask.ascending)) continue;
    out.has_more = out.data.size() == ask.limit;
    if (out.has_more) break;
    out.data.push_back(std::move(one));
  }
  return out;
}

Page merge(const std::vector<Page>& pages, const PageAsk& ask) {
  std::string horizon;
  std::vector<Json> all;
  for (const auto& page : pages) {
    all.insert(all.end(), page.data.begin(), page.data.end());
    if (!page.has_more || page.data.empty()) continue;
    const auto last = id_of(page.data.back());
    if (horizon.empty() || comes_before(last, horizon, ask.ascending)) horizon = last;
  }
  auto out = page_of(std::move(all), ask);
  if (horizon.empty()) return out;
  const auto beyond = std::find_if(out.data.begin(), out.data.end(), [&](const Json& one) {
    return comes_before(horizon, id_of(one), ask.ascending);
  });
  out.data.erase(beyond, out.data.end());
  out.has_more = true;
  return out;
}

Json shown(const Page& page) {
  const bool empty = page.data.empty();
  return {{"object", "list"},
          {"data", page.data},
          {"first_id", empty ? Json() : Json(id_of(page.data.front()))},
          {"last_id", empty ? Json() : Json(id_of(page.data.back()))},
          {"has_more", page.has_more}};
}

}  // namespace troupe::batch
