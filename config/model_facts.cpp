#include "config/model_facts.hpp"

#include <array>

#include <string>
#include <vector>

namespace troupe::config {
namespace {

/// "us.anthropic.claude-..." of "arn:aws:bedrock:us-east-1:123:inference-profile/us.anthropic.claude-...";
/// anything else as it is.
std::string_view profile_id(std::string_view model) {
  if (!model.starts_with("arn:")) return model;
  return model.substr(model.rfind('/') + 1);
}

/// Bedrock's profiles for several regions name them before the vendor: what nobody prices by itself costs
/// what the model does.
std::string_view without_region(std::string_view id) {
  static constexpr std::array<std::string_view, 8> kRegions{"us.", "eu.", "apac.",   "au.",
                                                            "jp.", "ca.", "us-gov.", "global."};
  for (const auto region : kRegions) {
    if (id.starts_with(region)) return id.substr(region.size());
  }
  return id;
}

const ModelInfo* catalogued(const PriceCatalogue* catalogue, const Provider& provider, const Target& target) {
  if (catalogue == nullptr) return nullptr;
  if (const auto* info = catalogue->find(provider.name, target.model)) return info;
  if (!provider.base_url.empty()) return nullptr;
  const auto vendor = vendor_name(provider.type);
  if (const auto* info = catalogue->find(vendor, target.model)) return info;
  if (provider.type != ProviderType::bedrock) return nullptr;
  const auto id = profile_id(target.model);
  if (const auto* info = catalogue->find(vendor, id)) return info;
  return catalogue->find(vendor, without_region(id));
}

bool says_something(const Target& target) {
  return target.input_price || target.output_price || target.context_window > 0 || target.max_output > 0 ||
         !target.can.empty() || !target.cannot.empty();
}

/// In the configuration's words; the spellings are checked when it is loaded.
std::optional<bool>* ability(ModelInfo& info, std::string_view name) {
  if (name == "vision") return &info.vision;
  if (name == "tools") return &info.tools;
  if (name == "json_schema") return &info.json;
  return name == "reasoning" ? &info.reasons : nullptr;
}

void set_all(ModelInfo& info, const std::vector<std::string>& names, bool able) {
  for (const auto& name : names) {
    if (auto* at = ability(info, name)) *at = able;
  }
}

}  // namespace

std::string_view vendor_name(ProviderType type) {
  static constexpr std::array<std::string_view, 17> kNames{
      "openai",   "anthropic", "mock", "azure",  "mistral", "groq",    "cerebras", "deepseek", "openrouter",
      "together", "xai",       "vllm", "ollama", "gemini",  "bedrock", "cohere",   "vertex"};
  return kNames.at(static_cast<std::size_t>(type));
}

std::optional<ModelInfo> facts_of(const PriceCatalogue* catalogue, const Provider& provider,
                                  const Target& target) {
  const auto* known = catalogued(catalogue, provider, target);
  if (known == nullptr && !says_something(target)) return std::nullopt;
  auto info = known == nullptr ? ModelInfo{} : *known;
  if (target.input_price || target.output_price) info.tiers.clear();
  if (target.input_price) info.input = target.input_price;
  if (target.output_price) info.output = target.output_price;
  if (target.context_window > 0) {
    info.context_window = target.context_window;
    info.max_input = 0;
  }
  if (target.max_output > 0) info.max_output = target.max_output;
  set_all(info, target.can, true);
  set_all(info, target.cannot, false);
  return info;
}

}  // namespace troupe::config
