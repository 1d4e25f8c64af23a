#include "gateway/admin/endpoints.hpp"

#include <algorithm>
#include <cctype>
#include <string>
#include <utility>

#include "gateway/admin/endpoint_acts.hpp"

namespace troupe::admin {

std::span<const Endpoint> endpoints() {
  static constexpr Endpoint kEndpoints[] = {
      {"GET", "/livez", "Is the process alive?", "", true, acts::livez},
      {"GET", "/readyz", "Can it take traffic? 503 while it starts or drains.", "", true, acts::readyz},
      {"GET", "/version", "What runs here.", "", false, acts::version},
      {"GET", "/metrics", "Prometheus text format.", "", false, acts::metrics},
      {"GET", "/overview", "One moment of the node: what a tick of /events carries.", "", false,
       acts::overview},
      {"GET", "/actors", "All actors; node=all asks every node, and each row names its own.",
       "sort type node", false, acts::actor_table},
      {"GET", "/actors/{id}", "One actor with its detail.", "", false, acts::actor_one},
      {"GET", "/providers", "Providers and how many of their keys can be used.", "node", false,
       acts::providers},
      {"GET", "/keys", "Provider keys: windows, breaker, latency.", "node", false, acts::keys},
      {"GET", "/models", "Model aliases, their targets and fallbacks.", "", false, acts::models},
      {"POST", "/routes/explain", "A dry run: every candidate, its score, why it was rejected.", "", false,
       acts::explain},
      {"GET", "/tenants", "Tenants and their limits.", "", false, acts::tenants},
      {"GET", "/limits", "Every limit of keys and tenants.", "node", false, acts::limits},
      {"GET", "/costs",
       "What was spent, by provider, model, tenant, key, user, tag or day; without store.path since the "
       "start.",
       "by days from to node", false, acts::spend},
      {"GET", "/budgets", "What everybody may spend and has spent, on all nodes together.", "", false,
       acts::budgets},
      {"GET", "/batches", "Batches of the API with their counts, newest last; never a content.", "node",
       false, acts::batches},
      {"GET", "/virtual-keys",
       "Virtual keys that were made by command: whose, what they may do, their state.", "tenant node", false,
       acts::virtual_keys},
      {"GET", "/virtual-keys/{id}", "One of them.", "", false, acts::virtual_key_one},
      {"POST", "/virtual-keys", "Makes one; its secret is in this answer and nowhere else.", "", false,
       acts::virtual_key_create},
      {"POST", "/virtual-keys/{id}/rotate", "Gives it a new secret; the old one stays good for `grace`.", "",
       false, acts::virtual_key_rotate},
      {"POST", "/virtual-keys/{id}/revoke", "Ends it for good, on all nodes.", "", false,
       acts::virtual_key_revoke},
      {"GET", "/cache", "Cached answers: entries, bytes, hits, what they saved, by tenant.", "node", false,
       acts::cache},
      {"POST", "/cache/flush", "Forgets cached answers on all nodes; tenant=: those of one.", "tenant", false,
       acts::flush_cache},
      {"GET", "/cluster", "Members, links, who is in office, this node's lease.", "", false, acts::cluster},
      {"GET", "/cluster/shares", "Who holds which permits; the whole account on the node in office.", "node",
       false, acts::cluster_shares},
      {"GET", "/requests", "Recent requests, newest first.", "model status fault tenant limit node", false,
       acts::requests},
      {"GET", "/requests/{id}", "One request's timeline.", "", false, acts::request_one},
      {"GET", "/config", "The configuration in force, secrets as ***.", "", false, acts::config},
      {"POST", "/config/reload",
       "Loads the file again, or keeps the old one and says why; scope=cluster: on all nodes or on none.",
       "scope", false, acts::reload},
      {"POST", "/config/validate", "Checks a configuration without using it.", "", false, acts::validate},
      {"POST", "/drain", "Refuse new requests, finish those in flight.", "", false, acts::drain},
      {"POST", "/undrain", "Take requests again.", "", false, acts::undrain},
      {"GET", "/events", "Server-sent events: tick, breaker, config, alert.", "", false, acts::events},
      {"GET", "/openapi.json", "This description.", "", false, acts::describe},
      {"GET", "/schema/config.json", "JSON Schema of the configuration file.", "", false, acts::schema},
  };
  return kEndpoints;
}

namespace {

Json parameters(const Endpoint& endpoint) {
  auto out = Json::array();
  const auto add = [&](std::string_view name, std::string_view in) {
    out.push_back({{"name", name}, {"in", in}, {"required", in == "path"}, {"schema", {{"type", "string"}}}});
  };
  if (endpoint.path.find("{id}") != endpoint.path.npos) add("id", "path");
  for (auto rest = endpoint.query; !rest.empty();) {
    const auto end = std::min(rest.find(' '), rest.size());
    add(rest.substr(0, end), "query");
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  add("format", "query");
  out.back()["schema"]["enum"] = {"json", "text"};
  return out;
}

std::string operation_id(const Endpoint& endpoint) {
  std::string out(endpoint.method == "GET" ? "get" : "post");
  for (const char c : endpoint.path) out.push_back(std::isalnum(static_cast<unsigned char>(c)) ? c : '_');
  return out;
}

Json operation(const Endpoint& endpoint) {
  Json out{
      {"operationId", operation_id(endpoint)},
      {"summary", endpoint.summary},
      {"parameters", parameters(endpoint)},
      {"responses", {{"200", {{"description", "done"}}}, {"401", {{"description", "no or wrong token"}}}}}};
  if (endpoint.open) out["security"] = Json::array();
  if (endpoint.path == "/routes/explain" || (endpoint.method == "POST" && endpoint.path == "/virtual-keys"))
    out["requestBody"] = {{"content", {{"application/json", {{"schema", {{"type", "object"}}}}}}}};
  if (endpoint.path == "/config/validate")
    out["requestBody"] = {{"content", {{"application/yaml", {{"schema", {{"type", "string"}}}}}}}};
  return out;
}

}  // namespace

Json openapi(std::string_view version) {
  auto paths = Json::object();
  for (const auto& endpoint : endpoints())
    paths[std::string(endpoint.path)][endpoint.method == "GET" ? "get" : "post"] = operation(endpoint);
  return {{"openapi", "3.1.0"},
          {"info",
           {{"title", "Troupe admin"},
            {"version", version},
            {"license", {{"name", "Apache-2.0"}, {"identifier", "Apache-2.0"}}}}},
          {"servers", Json::array({{{"url", "/"}}})},
          {"security", Json::array({{{"token", Json::array()}}, Json::object()})},
          {"components", {{"securitySchemes", {{"token", {{"type", "http"}, {"scheme", "bearer"}}}}}}},
          {"paths", std::move(paths)}};
}

}  // namespace troupe::admin
