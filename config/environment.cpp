#include "config/environment.hpp"

#include <array>
#include <cstdlib>
#include <fstream>
#include <initializer_list>
#include <iterator>

#include "config/model_facts.hpp"

namespace troupe::config {
namespace {

/// A vendor that one variable brings in, its usual strong model and its cheap one.
struct Vendor {
  ProviderType type;
  std::string_view key_variable, url_variable, smart, cheap;
};

constexpr std::array kVendors{
    Vendor{ProviderType::openai, "OPENAI_API_KEY", "OPENAI_BASE_URL", "gpt-4o", "gpt-4o-mini"},
    Vendor{ProviderType::anthropic, "ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", "claude-sonnet-4-5",
           "claude-haiku-4-5"},
    Vendor{ProviderType::groq, "GROQ_API_KEY", "", "llama-3.3-70b-versatile", "llama-3.1-8b-instant"},
    Vendor{ProviderType::mistral, "MISTRAL_API_KEY", "", "mistral-large-latest", "mistral-small-latest"},
    Vendor{ProviderType::deepseek, "DEEPSEEK_API_KEY", "", "deepseek-chat", "deepseek-chat"},
    Vendor{ProviderType::openrouter, "OPENROUTER_API_KEY", "", "openai/gpt-4o", "openai/gpt-4o-mini"},
    Vendor{ProviderType::together, "TOGETHER_API_KEY", "", "meta-llama/Llama-3.3-70B-Instruct-Turbo",
           "meta-llama/Llama-3.3-70B-Instruct-Turbo"},
    Vendor{ProviderType::xai, "XAI_API_KEY", "", "grok-4.3", "grok-3-mini"},
    Vendor{ProviderType::gemini, "GEMINI_API_KEY", "", "gemini-2.5-pro", "gemini-2.5-flash"},
    Vendor{ProviderType::cerebras, "CEREBRAS_API_KEY", "", "gpt-oss-120b", "gpt-oss-120b"}};

constexpr int kLastTier = 100;

std::string variable(const Environment& environment, std::string_view name) {
  if (name.empty()) return {};
  return environment.variable(std::string(name)).value_or("");
}

Provider provider(const Vendor& vendor, std::string secret, const Environment& environment) {
  Provider made;
  made.name = vendor_name(vendor.type);
  made.type = vendor.type;
  made.base_url = variable(environment, vendor.url_variable);
  Key key;
  key.name = made.name;
  key.secret = Secret(std::move(secret));
  made.keys.push_back(std::move(key));
  return made;
}

/// The first of these variables that is set.
std::string either(const Environment& environment, std::initializer_list<std::string_view> names) {
  for (const auto name : names) {
    if (auto value = variable(environment, name); !value.empty()) return value;
  }
  return {};
}

Provider cloud(ProviderType type, std::string secret = {}) {
  Provider made;
  made.name = vendor_name(type);
  made.type = type;
  made.keys.emplace_back().name = made.name;
  made.keys.back().secret = Secret(std::move(secret));
  return made;
}

/// Clouds whose model names are their customer's, or whose credentials lie about for other purposes: they
/// serve `provider/model` names, and no alias goes there by itself.
void add_clouds(const Environment& environment, std::vector<Provider>& providers) {
  const auto endpoint = variable(environment, "AZURE_OPENAI_ENDPOINT");
  if (auto secret = variable(environment, "AZURE_OPENAI_API_KEY"); !endpoint.empty() && !secret.empty()) {
    providers.push_back(cloud(ProviderType::azure, std::move(secret)));
    providers.back().base_url = endpoint;
  }
  const auto region = either(environment, {"AWS_REGION", "AWS_DEFAULT_REGION"});
  const auto token = variable(environment, "AWS_BEARER_TOKEN_BEDROCK");
  const auto aws = either(environment, {"AWS_BEARER_TOKEN_BEDROCK", "AWS_ACCESS_KEY_ID", "AWS_PROFILE",
                                        "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                                        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"});
  if (!region.empty() && !aws.empty()) {
    providers.push_back(cloud(ProviderType::bedrock, token));
    providers.back().region = region;
  }
  const auto project = variable(environment, "GOOGLE_CLOUD_PROJECT");
  if (!project.empty() && !variable(environment, "GOOGLE_APPLICATION_CREDENTIALS").empty()) {
    providers.push_back(cloud(ProviderType::vertex));
    providers.back().project = project;
    providers.back().region = variable(environment, "GOOGLE_CLOUD_LOCATION");
  }
}

Provider mock() {
  Provider made;
  made.name = "mock";
  made.type = ProviderType::mock;
  made.keys.emplace_back().name = "mock";
  return made;
}

Target target(std::string_view provider_name, std::string_view model, int tier) {
  Target made;
  made.provider = provider_name;
  made.model = model;
  made.tier = tier;
  return made;
}

Model alias(std::string name, Strategy strategy, std::vector<Target> targets) {
  Model made;
  made.name = std::move(name);
  made.strategy = strategy;
  made.targets = std::move(targets);
  return made;
}

void override_server(Server& server, const Environment& environment) {
  if (auto listen = variable(environment, "TROUPE_LISTEN"); !listen.empty())
    server.listen = std::move(listen);
  if (auto admin = variable(environment, "TROUPE_ADMIN"); !admin.empty()) server.admin = std::move(admin);
  server.admin_token = Secret(variable(environment, "TROUPE_ADMIN_TOKEN"));
}

std::optional<std::string> read_file(const std::string& path, std::size_t limit) {
  std::ifstream stream(path, std::ios::binary);
  std::string text;
  for (std::array<char, 4096> block{}; stream.good() && text.size() <= limit;) {
    stream.read(block.data(), block.size());
    text.append(block.data(), static_cast<std::size_t>(stream.gcount()));
  }
  if (!stream.eof() || stream.bad() || text.size() > limit) return std::nullopt;
  return text;
}

}  // namespace

Environment real_environment() {
  const auto variable_of = [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  };
  return {variable_of, read_file};
}

Config from_environment(const Environment& environment) {
  Config config;
  config.source = "environment";
  override_server(config.server, environment);
  std::vector<Target> smart, cheap;
  for (const auto& vendor : kVendors) {
    auto secret = variable(environment, vendor.key_variable);
    if (secret.empty()) continue;
    config.providers.push_back(provider(vendor, std::move(secret), environment));
    smart.push_back(target(vendor_name(vendor.type), vendor.smart, 1 + static_cast<int>(smart.size())));
    cheap.push_back(target(vendor_name(vendor.type), vendor.cheap, 1));
  }
  add_clouds(environment, config.providers);
  config.providers.push_back(mock());
  smart.push_back(target("mock", "mock", kLastTier));
  cheap.push_back(target("mock", "mock", kLastTier));
  config.models.push_back(alias("smart", Strategy::headroom, smart));
  config.models.push_back(alias("auto", Strategy::headroom, std::move(smart)));
  config.models.push_back(alias("cheap", Strategy::cheapest, std::move(cheap)));
  config.models.push_back(alias("mock", Strategy::headroom, {target("mock", "mock", 1)}));
  return config;
}

}  // namespace troupe::config
