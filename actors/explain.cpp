#include "actors/explain.hpp"

#include <nlohmann/json.hpp>
#include <string>

namespace troupe::actors {
namespace {

nlohmann::json one(const Endpoint& endpoint, const policy::Candidate& candidate, const policy::Score& score) {
  nlohmann::json told{{"provider", endpoint.key->provider->name},
                      {"key", endpoint.key->key.name},
                      {"model", endpoint.model},
                      {"tier", endpoint.tier},
                      {"weight", candidate.weight * candidate.adaptive_weight},
                      {"headroom", candidate.gauge.headroom},
                      {"in_flight", candidate.gauge.in_flight},
                      {"score", nullptr},
                      {"rejected", nullptr}};
  if (score.rejected == policy::Rejection::none) {
    told["score"] = score.value;
  } else {
    told["rejected"] = policy::name(score.rejected);
  }
  if (candidate.cost) told["cost_usd"] = candidate.cost->dollars();
  return told;
}

}  // namespace

nlohmann::json explain_route(const AliasRoute& route, const std::vector<policy::Candidate>& candidates,
                             const std::vector<policy::Score>& scores, std::optional<std::size_t> chosen) {
  nlohmann::json told{{"alias", route.model->name},
                      {"strategy", name(route.model->strategy)},
                      {"chosen", nullptr},
                      {"candidates", nlohmann::json::array()},
                      {"fallbacks", route.model->fallbacks}};
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    told["candidates"].push_back(one(*route.endpoints[i], candidates[i], scores[i]));
  }
  if (chosen) told["chosen"] = route.endpoints[*chosen]->key->id + "/" + route.endpoints[*chosen]->model;
  return told;
}

std::string_view name(config::Strategy strategy) {
  switch (strategy) {
    case config::Strategy::priority:
      return "priority";
    case config::Strategy::weighted:
      return "weighted";
    case config::Strategy::headroom:
      return "headroom";
    case config::Strategy::least_latency:
      return "least_latency";
    case config::Strategy::least_busy:
      return "least_busy";
    case config::Strategy::cheapest:
      return "cheapest";
    case config::Strategy::sticky:
      return "sticky";
  }
  return "";
}

}  // namespace troupe::actors
