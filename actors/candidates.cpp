#include "actors/candidates.hpp"

#include <algorithm>

#include "actors/cells.hpp"
#include "actors/policy/thrift.hpp"
#include "core/hash.hpp"

namespace troupe::actors {
namespace {

constexpr std::size_t kListed = 8;
/// How long a key whose actor is being restarted is taken for busy; a restart takes a tenth of a millisecond.
constexpr auto kRestart = std::chrono::milliseconds(10);
/// When a key that has only its reserve left may have more: nobody knows, others use it.
constexpr auto kReserved = std::chrono::milliseconds(250);

std::optional<Money> estimated_cost(const Price& price, const RequestFacts& facts) {
  if (!price.input || !price.output) return std::nullopt;
  return *price.input * facts.input + *price.output * facts.output;
}

bool tried(const Endpoint& endpoint, const RouteAsk& ask) {
  const auto has = [](const auto& list, const auto& item) {
    return std::find(list.begin(), list.end(), item) != list.end();
  };
  return has(ask.tried_keys, endpoint.key->index) || has(ask.tried_providers, endpoint.key->provider->name);
}

bool pinned_elsewhere(const KeyInfo& key, const RequestFacts& facts) {
  if (!facts.pinned_provider.empty() && facts.pinned_provider != key.provider->name) return true;
  return !facts.pinned_key.empty() && facts.pinned_key != key.key.name && facts.pinned_key != key.id;
}

bool forbidden(const KeyInfo& key, const RequestFacts& facts) {
  return facts.providers && std::find(facts.providers->begin(), facts.providers->end(), key.provider->name) ==
                                facts.providers->end();
}

/// What the model is known not to be able to do; what nobody knows is let pass.
policy::Rejection unable(const Abilities& can, const RequestFacts& facts) {
  if (facts.images && can.vision == false) return policy::Rejection::no_vision;
  if (facts.tools && can.tools == false) return policy::Rejection::no_tools;
  if (facts.json_schema && can.json == false) return policy::Rejection::no_json_schema;
  return policy::Rejection::none;
}

policy::Rejection ruled_out(const Endpoint& endpoint, const Abilities& can, const RouteAsk& ask) {
  if (forbidden(*endpoint.key, *ask.facts)) return policy::Rejection::not_allowed;
  if (pinned_elsewhere(*endpoint.key, *ask.facts)) return policy::Rejection::pinned_elsewhere;
  if (const auto why = unable(can, *ask.facts); why != policy::Rejection::none) return why;
  return tried(endpoint, ask) ? policy::Rejection::tried : policy::Rejection::none;
}

void wait_for_restart(const KeyCell& cell, Time now, policy::Candidate& candidate) {
  if (cell.on_stage.load(std::memory_order_relaxed)) return;
  candidate.gauge.not_before = std::max(candidate.gauge.not_before, now + kRestart);
  if (candidate.rejected == policy::Rejection::none) candidate.rejected = policy::Rejection::no_capacity;
}

}  // namespace

void fill_candidates(const AliasRoute& route, const RouteAsk& ask, Time now,
                     std::vector<policy::Candidate>& out) {
  out.assign(route.blanks.begin(), route.blanks.end());
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto& endpoint = *route.endpoints[i];
    out[i].rejected = ruled_out(endpoint, route.abilities[i], ask);
    out[i].cost = estimated_cost(endpoint.price, *ask.facts);
    out[i].gauge = endpoint.key->cell->gauge.load();
    wait_for_restart(*endpoint.key->cell, now, out[i]);
    if (endpoint.adapted) out[i].adaptive_weight = endpoint.adapted->weight.load().value();
  }
  if (ask.facts->thrift > 0) policy::favour_cheap(out, ask.facts->thrift);
}

void leave_reserve(double share, Time now, std::vector<policy::Candidate>& candidates) {
  if (share <= 0) return;
  for (auto& one : candidates) {
    // Of an idle key nobody may have said for long what it has left: it is asked, and keeps the reserve
    // itself.
    if (one.gauge.in_flight == 0) continue;
    if (one.gauge.headroom <= share) one.gauge.not_before = std::max(one.gauge.not_before, now + kReserved);
  }
}

policy::PickAsk pick_ask(const AliasRoute& route, const RequestFacts& facts) {
  policy::PickAsk ask;
  ask.strategy = facts.thrift >= 1 ? config::Strategy::cheapest : route.model->strategy;
  ask.input = facts.input;
  ask.max_cost = facts.max_cost;
  ask.max_latency = facts.max_latency;
  if (ask.strategy == config::Strategy::sticky) ask.sticky = facts.sticky;
  return ask;
}

std::string list_rejections(const AliasRoute& route, const std::vector<policy::Score>& scores) {
  std::string text;
  for (std::size_t i = 0; i < scores.size() && i < kListed; ++i) {
    if (i) text += ", ";
    text += route.endpoints[i]->key->id + ": " + std::string(policy::name(scores[i].rejected));
  }
  if (scores.size() > kListed) text += " and " + std::to_string(scores.size() - kListed) + " more";
  return text.empty() ? "it has no endpoint" : text;
}

}  // namespace troupe::actors
