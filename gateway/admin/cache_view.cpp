#include "gateway/admin/cache_view.hpp"

#include <map>
#include <string>
#include <utility>

namespace troupe::admin {
namespace {

constexpr const char* kSums[] = {"entries", "bytes", "max_bytes", "hits", "joined", "evicted", "waiting"};

void add(Json& into, const char* name, const Json& from) {
  if (into.is_null()) into = Json::object();
  const auto value = from.value(name, Json(0));
  if (value.is_number_float() || into.value(name, Json(0)).is_number_float()) {
    into[name] = into.value(name, 0.0) + value.get<double>();
  } else {
    into[name] = into.value(name, std::uint64_t{0}) + value.get<std::uint64_t>();
  }
}

Json kind_of(bool on, Duration ttl) {
  Json out{{"on", on}, {"ttl_s", on ? Json(std::chrono::duration<double>(ttl).count()) : Json()}};
  for (const auto* name : kSums) out[name] = 0;
  out["saved_usd"] = 0.0;
  return out;
}

}  // namespace

Json cache_view(const config::Config& config, const std::vector<actors::ActorInfo>& actors) {
  const auto& settings = config.cache;
  Json out;
  out["exact"] = kind_of(settings.exact.has_value(), settings.exact ? settings.exact->ttl : Duration{0});
  out["semantic"] =
      kind_of(settings.semantic.has_value(), settings.semantic ? settings.semantic->ttl : Duration{0});
  std::map<std::pair<std::string, std::string>, Json> rows;
  for (const auto& actor : actors) {
    const bool semantic = actor.type == "semantic_cache";
    if ((actor.type != "cache" && !semantic) || !actor.detail.is_object()) continue;
    auto& sum = out[semantic ? "semantic" : "exact"];
    for (const auto* name : kSums) add(sum, name, actor.detail);
    const auto tenants = actor.detail.value("tenants", Json::object());
    for (const auto& [tenant, share] : tenants.items()) {
      auto& row = rows[{semantic ? "semantic" : "exact", tenant}];
      for (const auto* name : {"entries", "bytes", "hits", "saved_usd"}) add(row, name, share);
      add(sum, "saved_usd", share);
    }
  }
  out["tenants"] = Json::array();
  for (auto& [who, row] : rows) {
    row["kind"] = who.first;
    row["tenant"] = who.second;
    out["tenants"].push_back(std::move(row));
  }
  return out;
}

}  // namespace troupe::admin
