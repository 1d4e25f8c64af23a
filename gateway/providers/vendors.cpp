#include "gateway/providers/vendors.hpp"

#include <array>
#include <utility>

#include "config/model_facts.hpp"

namespace troupe::providers {
namespace {

using config::ProviderType;

// Base URLs as the vendors document them.
constexpr std::array kVendors{Vendor{ProviderType::openai, "https://api.openai.com/v1", true},
                              Vendor{ProviderType::mock, "http://127.0.0.1:9100/v1"},
                              Vendor{ProviderType::azure, "", true},
                              Vendor{ProviderType::mistral, "https://api.mistral.ai/v1"},
                              Vendor{ProviderType::groq, "https://api.groq.com/openai/v1"},
                              Vendor{ProviderType::cerebras, "https://api.cerebras.ai/v1"},
                              Vendor{ProviderType::deepseek, "https://api.deepseek.com/v1"},
                              Vendor{ProviderType::openrouter, "https://openrouter.ai/api/v1", true},
                              Vendor{ProviderType::together, "https://api.together.xyz/v1"},
                              Vendor{ProviderType::xai, "https://api.x.ai/v1", true},
                              Vendor{ProviderType::vllm, ""},
                              Vendor{ProviderType::ollama, "http://127.0.0.1:11434/v1"}};

/// Parts of hosts that say whose they are.
constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kHosts{
    {{"api.openai.com", "openai"},
     {"openai.azure.com", "azure"},
     {"mistral.ai", "mistral"},
     {"groq.com", "groq"},
     {"cerebras.ai", "cerebras"},
     {"deepseek.com", "deepseek"},
     {"openrouter.ai", "openrouter"},
     {"together", "together"},
     {"api.x.ai", "xai"},
     {":11434", "ollama"}}};

std::string_view authority_of(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme != url.npos) url.remove_prefix(scheme + 3);
  return url.substr(0, url.find('/'));
}

}  // namespace

const Vendor& vendor(ProviderType type) {
  for (const auto& known : kVendors) {
    if (known.type == type) return known;
  }
  return kVendors.front();
}

std::string_view flavour_of(const config::Provider& provider) {
  if (provider.type == ProviderType::mock) return "openai";
  if (provider.type != ProviderType::openai) return config::vendor_name(provider.type);
  if (provider.base_url.empty()) return "openai";
  const auto host = authority_of(provider.base_url);
  for (const auto& [part, flavour] : kHosts) {
    if (host.find(part) != host.npos) return flavour;
  }
  return "";
}

bool speaks_responses(const config::Provider& provider) {
  const auto flavour = flavour_of(provider);
  for (const auto& known : kVendors) {
    if (known.type != ProviderType::mock && config::vendor_name(known.type) == flavour)
      return known.responses && provider.type != ProviderType::mock;
  }
  return false;
}

}  // namespace troupe::providers
