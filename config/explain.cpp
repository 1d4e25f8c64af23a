// `troupe check-config --explain`: what a configuration means, in words.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <array>
#include <utility>

#include "config/address.hpp"
#include "config/check_report.hpp"
#include "config/measure.hpp"
#include "config/model_facts.hpp"

namespace troupe::config {
namespace {

constexpr std::array<std::pair<std::int64_t Limits::*, std::string_view>, 7> kLimits{{
    {&Limits::rpm, "requests/min"},
    {&Limits::rpd, "requests/day"},
    {&Limits::tpm, "tokens/min"},
    {&Limits::itpm, "input tokens/min"},
    {&Limits::otpm, "output tokens/min"},
    {&Limits::tpd, "tokens/day"},
    {&Limits::concurrency, "at a time"},
}};

std::string words(const Limits& limits) {
  std::vector<std::string> parts;
  for (const auto& [field, unit] : kLimits) {
    if (limits.*field > 0) parts.push_back(fmt::format("{} {}", limits.*field, unit));
  }
  return parts.empty() ? "no limit" : fmt::format("{}", fmt::join(parts, ", "));
}

/// A sum has a limit only where every key has one.
Limits sum(const std::vector<Key>& keys) {
  Limits all;
  for (const auto& [field, unit] : kLimits) {
    const bool limited =
        std::all_of(keys.begin(), keys.end(), [f = field](const Key& key) { return key.limits.*f > 0; });
    for (const auto& key : keys) all.*field += limited ? key.limits.*field : 0;
  }
  return all;
}

const Provider* provider_of(const Config& config, const Target& target) {
  const auto found = std::find_if(config.providers.begin(), config.providers.end(),
                                  [&](const Provider& provider) { return provider.name == target.provider; });
  return found == config.providers.end() ? nullptr : &*found;
}

constexpr std::string_view strategy_name(Strategy strategy) {
  switch (strategy) {
    case Strategy::priority:
      return "priority";
    case Strategy::weighted:
      return "weighted";
    case Strategy::headroom:
      return "headroom";
    case Strategy::least_latency:
      return "least_latency";
    case Strategy::least_busy:
      return "least_busy";
    case Strategy::cheapest:
      return "cheapest";
    case Strategy::sticky:
      return "sticky";
  }
  return "";
}

std::string reach(const std::string& listen) {
  const auto address = parse_address(listen);
  return address && address->loopback ? "this machine only" : "reachable from other machines";
}

std::string server_words(const Config& config) {
  const auto& server = config.server;
  std::string text =
      fmt::format("API    {} ({}, {})\n", server.listen, server.tls ? "https" : "http", reach(server.listen));
  text += fmt::format("admin  {} ({}, {})\n", server.admin, reach(server.admin),
                      server.admin_token.empty() ? "no token" : "bearer token");
  const bool keyed = std::any_of(config.tenants.begin(), config.tenants.end(),
                                 [](const Tenant& tenant) { return !tenant.keys.empty(); });
  text += keyed ? "A client without a virtual key gets 401 everywhere but on /livez and /readyz.\n"
                : "A client needs no key: whoever reaches the API port may use every model on your provider "
                  "keys.\n";
  return text;
}

std::string cluster_words(const ClusterConfig& cluster) {
  std::vector<std::string> names;
  for (const auto& [name, address] : cluster.voters) names.push_back(name);
  auto text = fmt::format("\nnode {} on {}, dialled as {} ({})\n", cluster.node, cluster.listen,
                          cluster.dialled(), cluster.tls ? "mutual TLS" : "no TLS: this machine only");
  text += fmt::format(
      "  voters {}; {}\n", fmt::join(names, ", "),
      cluster.voter() ? "this node votes" : fmt::format("joins {}", fmt::join(cluster.join, " or ")));
  return text + "  Every limit below holds for all nodes together.\n";
}

std::string provider_words(const Provider& provider) {
  std::string text = fmt::format("\nprovider {} ({}{}{})\n", provider.name, vendor_name(provider.type),
                                 provider.base_url.empty() ? "" : ", ", provider.base_url);
  for (const auto& key : provider.keys) {
    const bool bare = key.secret.empty() && provider.type != ProviderType::mock;
    text += fmt::format("  key {}  weight {}  {}{}\n", key.name, format_real(key.weight), words(key.limits),
                        bare ? "  (no secret)" : "");
  }
  if (provider.keys.size() > 1) text += fmt::format("  together: {}\n", words(sum(provider.keys)));
  return text;
}

std::string price_words(const Config& config, const Target& target, const PriceCatalogue& prices) {
  const auto* provider = provider_of(config, target);
  const auto facts = provider == nullptr ? std::nullopt : facts_of(&prices, *provider, target);
  const auto word = [](const std::optional<Money>& price) {
    return price ? "$" + format_price(*price) : "unknown";
  };
  const auto known = facts.value_or(ModelInfo{});
  return fmt::format("input {}, output {}", word(known.input), word(known.output));
}

std::string model_words(const Config& config, const Model& model, const PriceCatalogue& prices) {
  std::string text = fmt::format("\nmodel {} ({})\n", model.name, strategy_name(model.strategy));
  for (const auto& target : model.targets) {
    text += fmt::format("  tier {}  weight {}  {}/{}{}  {}\n", target.tier, format_real(target.weight),
                        target.provider, target.model, target.key ? " on key " + *target.key : "",
                        price_words(config, target, prices));
  }
  if (!model.fallbacks.empty()) text += fmt::format("  then {}\n", fmt::join(model.fallbacks, ", "));
  text += fmt::format("  up to {} attempts in {}, first token in {}; waits up to {} for room\n",
                      model.retry.attempts, format_duration(model.timeout.total),
                      format_duration(model.timeout.first_token), format_duration(model.queue.max_wait));
  return text;
}

std::string tenant_words(const Tenant& tenant) {
  const auto models =
      tenant.models.empty() ? std::string("every model") : fmt::format("{}", fmt::join(tenant.models, ", "));
  return fmt::format("\ntenant {}: {} virtual key{}; {}; {}\n", tenant.name, tenant.keys.size(),
                     tenant.keys.size() == 1 ? "" : "s", models,
                     tenant.limits == Limits{} ? "no limit" : words(tenant.limits));
}

}  // namespace

std::string explain(const Config& config, const PriceCatalogue& prices) {
  auto text = server_words(config);
  if (config.cluster) text += cluster_words(*config.cluster);
  for (const auto& provider : config.providers) text += provider_words(provider);
  for (const auto& model : config.models) text += model_words(config, model, prices);
  text += "\nEvery provider/model can be asked for by that name without an alias.\n";
  for (const auto& tenant : config.tenants) text += tenant_words(tenant);
  return text;
}

}  // namespace troupe::config
