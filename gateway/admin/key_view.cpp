#include "gateway/admin/key_view.hpp"

#include <algorithm>
#include <map>

namespace troupe::admin {
namespace {

using nlohmann::json;

template <class T>
T field(const json& from, const char* name, T otherwise) {
  const auto at = from.is_object() ? from.find(name) : from.end();
  if (at == from.end() || at->is_null()) return otherwise;
  if constexpr (std::is_same_v<T, bool>) {
    return at->is_boolean() ? at->template get<bool>() : otherwise;
  } else if constexpr (std::is_arithmetic_v<T>) {
    return at->is_number() ? at->template get<T>() : otherwise;
  } else {
    return at->is_string() ? at->template get<T>() : otherwise;
  }
}

KeyView view_of(const actors::ActorInfo& actor) {
  KeyView key;
  key.id = actor.name;
  key.provider = actor.name.substr(0, actor.name.find('/'));
  key.name = actor.name.substr(std::min(actor.name.size(), key.provider.size() + 1));
  key.state = field(actor.detail, "state", actor.state);
  key.in_flight = field(actor.detail, "in_flight", std::int64_t{0});
  key.windows = window_views(actor.detail);
  key.last_fault = field(actor.detail, "last_fault", std::string{});
  if (actor.detail.is_object()) {
    key.latency = actor.detail.value("latency", json::object());
    key.success_100 = actor.detail.value("success_100", json());
  }
  return key;
}

}  // namespace

std::vector<WindowView> window_views(const json& detail) {
  std::vector<WindowView> out;
  const auto at = detail.is_object() ? detail.find("windows") : detail.end();
  if (at == detail.end() || !at->is_array()) return out;
  for (const auto& window : *at) {
    WindowView view;
    view.name = field(window, "name", std::string{});
    view.limit = field(window, "limit", std::int64_t{0});
    view.used = field(window, "used", std::int64_t{0});
    view.used_here = field(window, "used_here", view.used);
    view.share = field(window, "share", std::int64_t{0});
    view.resets_s = field(window, "resets_s", 0.0);
    view.shared = field(window, "shared", false);
    if (const double age = field(window, "age_s", -1.0); age >= 0) view.age_s = age;
    if (view.limit > 0) out.push_back(std::move(view));
  }
  return out;
}

Json to_json(const WindowView& window) {
  return {{"limit", window.limit},
          {"used", window.used},
          {"used_here", window.used_here},
          {"share", window.share},
          {"resets_s", window.resets_s},
          {"shared", window.shared},
          {"age_s", window.age_s ? Json(*window.age_s) : Json()}};
}

std::vector<KeyView> key_views(const std::vector<actors::ActorInfo>& actors) {
  std::vector<KeyView> out;
  for (const auto& actor : actors)
    if (actor.type == "key") out.push_back(view_of(actor));
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  return out;
}

Json to_json(const KeyView& key) {
  auto windows = Json::array();
  for (const auto& window : key.windows) {
    windows.push_back({{"name", window.name}});
    windows.back().update(to_json(window));
  }
  return {{"id", key.id},
          {"provider", key.provider},
          {"name", key.name},
          {"state", key.state},
          {"in_flight", key.in_flight},
          {"windows", std::move(windows)},
          {"latency", key.latency},
          {"success_100", key.success_100},
          {"last_fault", key.last_fault.empty() ? Json() : Json(key.last_fault)}};
}

std::vector<std::pair<std::string, std::int64_t>> queue_depths(const std::vector<actors::ActorInfo>& actors) {
  std::map<std::string, std::int64_t> sum;
  for (const auto& actor : actors)
    if (actor.type == "line") sum[actor.name] += field(actor.detail, "waiting", std::int64_t{0});
  return {sum.begin(), sum.end()};
}

}  // namespace troupe::admin
