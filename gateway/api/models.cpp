#include "gateway/api/models.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace troupe::api {
namespace {

using Json = nlohmann::json;

const config::Provider* provider_of(const config::Config& config, std::string_view name) {
  const auto at = std::find_if(config.providers.begin(), config.providers.end(),
                               [&](const auto& p) { return p.name == name; });
  return at == config.providers.end() ? nullptr : &*at;
}

std::string_view type_name(config::ProviderType type) {
  switch (type) {
    case config::ProviderType::openai:
      return "openai";
    case config::ProviderType::anthropic:
      return "anthropic";
    case config::ProviderType::mock:
      return "mock";
  }
  return "";
}

const config::ModelInfo* info_of(const Setup& setup, const config::Target& target) {
  if (const auto* info = setup.prices->find(target.provider, target.model)) return info;
  const auto* provider = provider_of(*setup.config, target.provider);
  return provider == nullptr ? nullptr : setup.prices->find(type_name(provider->type), target.model);
}

Json per_million(const std::optional<Money>& own, const std::optional<Money>& listed) {
  const auto price = own ? own : listed;
  return price ? Json(price->dollars() * 1e6) : Json(nullptr);
}

Json target_json(const Setup& setup, const config::Target& target) {
  const auto* info = info_of(setup, target);
  Json out{{"use", target.provider + "/" + target.model}, {"tier", target.tier}, {"weight", target.weight}};
  out["input_usd_per_million"] = per_million(target.input_price, info ? info->input : std::nullopt);
  out["output_usd_per_million"] = per_million(target.output_price, info ? info->output : std::nullopt);
  out["context_window"] = info && info->context_window > 0 ? Json(info->context_window) : Json(nullptr);
  return out;
}

Json model_json(const Setup& setup, const config::Model& model) {
  Json targets = Json::array();
  for (const auto& target : model.targets) targets.push_back(target_json(setup, target));
  return {{"id", model.name},
          {"object", "model"},
          {"created", 0},
          {"owned_by", "troupe"},
          {"troupe", {{"targets", targets}, {"fallbacks", model.fallbacks}}}};
}

}  // namespace

bool allowed(const config::Tenant* tenant, std::string_view alias) {
  if (tenant == nullptr || tenant->models.empty()) return true;
  return std::find(tenant->models.begin(), tenant->models.end(), alias) != tenant->models.end();
}

std::string list_models(const Setup& setup, const config::Tenant* tenant) {
  Json data = Json::array();
  for (const auto& model : setup.config->models) {
    if (allowed(tenant, model.name)) data.push_back(model_json(setup, model));
  }
  return Json{{"object", "list"}, {"data", data}}.dump();
}

std::string show_model(const Setup& setup, const config::Tenant* tenant, std::string_view id) {
  const auto* model = setup.find(id);
  return model != nullptr && allowed(tenant, id) ? model_json(setup, *model).dump() : std::string();
}

}  // namespace troupe::api
