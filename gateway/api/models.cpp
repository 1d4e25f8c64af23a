#include "gateway/api/models.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "config/model_facts.hpp"

namespace troupe::api {
namespace {

using Json = nlohmann::json;

const config::Provider* provider_of(const config::Config& config, std::string_view name) {
  const auto at = std::find_if(config.providers.begin(), config.providers.end(),
                               [&](const auto& p) { return p.name == name; });
  return at == config.providers.end() ? nullptr : &*at;
}

Json per_million(const std::optional<Money>& price) {
  return price ? Json(price->dollars() * 1e6) : Json(nullptr);
}

Json known(std::int64_t tokens) {
  return tokens > 0 ? Json(tokens) : Json(nullptr);
}

Json known(const std::optional<bool>& able) {
  return able ? Json(*able) : Json(nullptr);
}

config::ModelInfo facts_of(const Setup& setup, const config::Target& target) {
  const auto* provider = provider_of(*setup.config, target.provider);
  if (provider == nullptr) return {};
  return config::facts_of(setup.prices.get(), *provider, target).value_or(config::ModelInfo{});
}

/// null is what nobody knows.
Json abilities(const config::ModelInfo& facts) {
  return {{"vision", known(facts.vision)},
          {"tools", known(facts.tools)},
          {"json_schema", known(facts.json)},
          {"reasoning", known(facts.reasons)}};
}

Json target_json(const config::Target& target, const config::ModelInfo& facts) {
  return {{"use", target.provider + "/" + target.model},
          {"tier", target.tier},
          {"weight", target.weight},
          {"input_usd_per_million", per_million(facts.input)},
          {"output_usd_per_million", per_million(facts.output)},
          {"context_window", known(facts.context_window)},
          {"max_input", known(facts.longest_prompt())},
          {"max_output", known(facts.max_output)},
          {"capabilities", abilities(facts)}};
}

using Able = std::optional<bool>;

/// Yes before unknown before no.
Able either(const Able& one, const Able& other) {
  if (one == true || other == true) return true;
  return one && other ? Able(false) : std::nullopt;
}

/// What an alias can do is what one of its targets can: requests are sent to those that can serve them.
config::ModelInfo together(const std::vector<config::ModelInfo>& targets) {
  if (targets.empty()) return {};
  auto all = targets.front();
  for (const auto& one : targets) {
    all.vision = either(all.vision, one.vision);
    all.tools = either(all.tools, one.tools);
    all.json = either(all.json, one.json);
    all.reasons = either(all.reasons, one.reasons);
    const auto longest = std::max(all.longest_prompt(), one.longest_prompt());
    all.context_window = std::max(all.context_window, one.context_window);
    all.max_input = longest;
    all.max_output = std::max(all.max_output, one.max_output);
  }
  return all;
}

Json model_json(const Setup& setup, const config::Model& model) {
  std::vector<config::ModelInfo> facts;
  auto targets = Json::array();
  for (const auto& target : model.targets) {
    facts.push_back(facts_of(setup, target));
    targets.push_back(target_json(target, facts.back()));
  }
  const auto all = together(facts);
  return {{"id", model.name},
          {"object", "model"},
          {"created", 0},
          {"owned_by", "troupe"},
          {"troupe",
           {{"capabilities", abilities(all)},
            {"context_window", known(all.context_window)},
            {"max_input", known(all.longest_prompt())},
            {"max_output", known(all.max_output)},
            {"targets", targets},
            {"fallbacks", model.fallbacks}}}};
}

/// Anthropic's ModelInfo; what is ours stays in our own member.
Json shaped(const Setup& setup, const config::Model& model, ModelShape shape) {
  auto out = model_json(setup, model);
  if (shape == ModelShape::openai) return out;
  return {{"type", "model"},
          {"id", model.name},
          {"display_name", model.name},
          {"created_at", "1970-01-01T00:00:00Z"},
          {"troupe", std::move(out["troupe"])}};
}

}  // namespace

std::string list_models(const Setup& setup, const config::Tenant* tenant, ModelShape shape,
                        const config::VirtualKey* key) {
  Json data = Json::array();
  for (const auto& model : setup.config->models) {
    if (config::allowed(tenant, key, model.name)) data.push_back(shaped(setup, model, shape));
  }
  if (shape == ModelShape::openai) return Json{{"object", "list"}, {"data", data}}.dump();
  const auto id = [](const Json& model) { return model["id"]; };
  return Json{{"data", data},
              {"has_more", false},
              {"first_id", data.empty() ? Json() : id(data.front())},
              {"last_id", data.empty() ? Json() : id(data.back())}}
      .dump();
}

std::string show_model(const Setup& setup, const config::Tenant* tenant, std::string_view id,
                       ModelShape shape, const config::VirtualKey* key) {
  const auto* model = setup.find(id);
  return model != nullptr && config::allowed(tenant, key, id) ? shaped(setup, *model, shape).dump()
                                                              : std::string();
}

}  // namespace troupe::api
