#include "gateway/api/identities.hpp"

#include <utility>

namespace troupe::api {
namespace {

std::unique_ptr<cloud::Identity> of_aws(const config::Provider& provider, const config::Key& key,
                                        const config::Environment& environment) {
  if (!key.secret.empty() && key.access_key_id.empty()) return nullptr;
  cloud::AwsOptions options;
  options.region = provider.region;
  options.profile = key.profile;
  if (!key.access_key_id.empty()) options.key = {key.access_key_id, key.secret, key.session_token};
  return cloud::aws_identity(std::move(options), "bedrock", environment);
}

std::unique_ptr<cloud::Identity> of_google(const config::Key& key, const config::Environment& environment) {
  const bool file = key.secret.reveal().starts_with("{");
  if (!key.secret.empty() && !file) return nullptr;
  cloud::GoogleOptions options;
  if (file) options.json = key.secret;
  return cloud::google_identity(std::move(options), environment);
}

}  // namespace

keeper::Keepers::MakeIdentity identities(config::Environment environment) {
  return [environment = std::move(environment)](const config::Provider& provider,
                                                const config::Key& key) -> std::unique_ptr<cloud::Identity> {
    if (provider.type == config::ProviderType::bedrock) return of_aws(provider, key, environment);
    if (provider.type == config::ProviderType::vertex) return of_google(key, environment);
    return nullptr;
  };
}

}  // namespace troupe::api
