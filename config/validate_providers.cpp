// Providers and their keys.
#include <algorithm>
#include <map>
#include <set>

#include "config/address.hpp"
#include "config/checks.hpp"
#include "config/nearest.hpp"

namespace troupe::config {
namespace {

/// Headers that belong to the transport or to the adapter.
constexpr std::string_view kOwnHeaders[] = {
    "host",      "content-length", "transfer-encoding", "connection", "authorization",
    "x-api-key", "content-type",   "accept-encoding",   "te",         "upgrade"};

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

bool header_name(std::string_view name) {
  static constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kOthers.find(c) != std::string_view::npos;
  });
}

void check_headers(Checks& checks, const Provider& provider, const std::string& path) {
  for (const auto& [name, value] : provider.headers) {
    const auto here = fmt::format("{}.headers.{}", path, name);
    const auto* own = std::find(std::begin(kOwnHeaders), std::end(kOwnHeaders), lower(name));
    if (!header_name(name)) checks.bad(here, "not a header name");
    if (own != std::end(kOwnHeaders)) checks.bad(here, "this header is set by the node itself", "remove it");
    if (!header_text(value))
      checks.bad(here, "holds characters that no header can carry", "use printable ASCII");
  }
}

/// Whether `url` is where this node listens: a provider there would have requests call the node for ever.
bool reaches(const WebUrl& url, const std::string& listen) {
  const auto own = parse_address(listen);
  if (!own || own->port == 0 || own->port != url.port) return false;
  const bool everywhere = own->host == "0.0.0.0" || own->host == "::";
  return url.host == own->host || (url.loopback && (own->loopback || everywhere));
}

void check_own_address(Checks& checks, const WebUrl& url, const std::string& path) {
  const auto& server = checks.config.server;
  if (!reaches(url, server.listen) && !reaches(url, server.admin)) return;
  const bool variables = checks.config.source == "environment";
  checks.bad(path + ".base_url", "is this node's own address: a request would call the node itself",
             variables
                 ? "OPENAI_BASE_URL and ANTHROPIC_BASE_URL are for this node's clients; unset them where "
                   "the node starts"
                 : "write the provider's URL");
}

/// "eu-central-1": it becomes part of a host.
bool plain_region(const std::string& region) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return !region.empty() && std::all_of(region.begin(), region.end(), fits);
}

/// Vertex' paths name the project, whatever the host is.
void check_place(Checks& checks, const Provider& provider, const std::string& path) {
  if (provider.type == ProviderType::bedrock && provider.base_url.empty() && !plain_region(provider.region)) {
    checks.bad(path + ".region", "bedrock runs in a region",
               "write region: eu-central-1, or base_url for an endpoint of yours");
  }
  if (provider.type != ProviderType::vertex) return;
  if (!provider.region.empty() && !plain_region(provider.region))
    checks.bad(path + ".region", "not the name of a location", "write region: europe-west4, or global");
  if (!plain_region(provider.project))
    checks.bad(path + ".project", "Vertex AI asks for the Google Cloud project that is billed",
               "write project: my-project, or \"${GOOGLE_CLOUD_PROJECT}\"");
}

void check_urls(Checks& checks, const Provider& provider, const std::string& path) {
  const auto url = parse_url(provider.base_url);
  if (!provider.base_url.empty() && !url) {
    checks.bad(path + ".base_url", "not an http or https URL without user, query and fragment",
               "write https://host/v1; keys belong in keys[].secret");
  }
  const bool placeless = provider.type == ProviderType::azure || provider.type == ProviderType::vllm;
  if (placeless && provider.base_url.empty()) {
    checks.bad(path + ".base_url", "nobody knows where this server is",
               provider.type == ProviderType::azure ? "write https://RESOURCE.openai.azure.com"
                                                    : "write http://HOST:8000/v1");
  }
  check_place(checks, provider, path);
  if (url) check_own_address(checks, *url, path);
  if (!provider.proxy.empty() && !valid_proxy(provider.proxy)) {
    checks.bad(path + ".proxy", "not an http proxy without a path",
               "write http://host:port or http://user:password@host:port, with %40 for an @ in the password");
  }
  const bool secret = std::any_of(provider.keys.begin(), provider.keys.end(),
                                  [](const Key& key) { return !key.secret.empty(); });
  if (url && !url->tls && !url->loopback && secret)
    checks.doubtful(path + ".base_url", "keys travel unencrypted over http", "use https");
}

/// The ways to be known to AWS: an access key, a profile, an API key (a secret alone), or its usual chain.
void check_aws_key(Checks& checks, const Provider& provider, const Key& key, const std::string& path) {
  const bool words = !key.access_key_id.empty() || !key.session_token.empty() || !key.profile.empty();
  if (!words) return;
  if (provider.type != ProviderType::bedrock) {
    checks.bad(path, "access_key_id, session_token and profile are for type: bedrock", "write secret");
  } else if (!key.profile.empty() && (!key.secret.empty() || !key.access_key_id.empty())) {
    checks.bad(path + ".profile", "a profile has an access key of its own", "write one of the two");
  } else if (key.profile.empty() && (key.access_key_id.empty() || key.secret.empty())) {
    checks.bad(path + ".access_key_id", "half an access key",
               "write access_key_id and secret, and session_token where the key is temporary");
  }
}

/// A Google credential file's text, in place of an API key.
bool is_credential_file(const Provider& provider, const Key& key) {
  return provider.type == ProviderType::vertex && key.secret.reveal().starts_with("{");
}

void check_key(Checks& checks, const Provider& provider, const Key& key, const std::string& path) {
  if (!plain_name(key.name))
    checks.bad(path + ".name", "a key's name is 1 to 64 letters, digits, '.', '_', '-', ':'");
  if (!header_text(key.secret.reveal()) && !is_credential_file(provider, key))
    checks.bad(path + ".secret", "holds characters that no header can carry",
               "is it the key's whole text and nothing else?");
  check_aws_key(checks, provider, key, path);
  const bool asks = provider.type != ProviderType::mock && provider.type != ProviderType::ollama &&
                    !finds_credentials(provider.type);
  const bool needs_secret = asks && provider.base_url.empty();
  if (needs_secret && key.secret.empty())
    checks.bad(path + ".secret", "the vendor's own API asks for a key",
               "set secret, or base_url for a server of yours");
}

void check_keys(Checks& checks, const Provider& provider, const std::string& path) {
  std::set<std::string> names;
  std::map<std::string, std::string> secrets;
  double weight = 0;
  for (std::size_t at = 0; at < provider.keys.size(); ++at) {
    const auto& key = provider.keys[at];
    const auto here = fmt::format("{}.keys[{}]", path, at);
    check_key(checks, provider, key, here);
    weight += key.weight;
    if (!names.insert(key.name).second)
      checks.bad(here + ".name", fmt::format("two keys of \"{}\" are named \"{}\"", provider.name, key.name));
    if (key.secret.empty()) continue;
    const auto [first, fresh] = secrets.emplace(key.secret.reveal(), key.name);
    if (!fresh)
      checks.doubtful(here + ".secret", fmt::format("the same secret as key \"{}\"", first->second),
                      "the provider counts both against one limit");
  }
  if (provider.keys.empty())
    checks.bad(path + ".keys", "no key", "for a server that asks for none write keys: [ { name: local } ]");
  else if (weight <= 0)
    checks.bad(path + ".keys", "every key has weight 0", "give at least one a weight");
}

/// What a provider needs depends on its type: without one nothing more can be said.
bool type_unknown(const Checks& checks, const std::string& path) {
  return std::any_of(checks.problems.begin(), checks.problems.end(),
                     [&](const Problem& problem) { return problem.path == path + ".type"; });
}

}  // namespace

void check_providers(Checks& checks) {
  if (checks.config.providers.empty()) {
    checks.bad("providers", "no provider", "add one; type: mock needs no key");
    return;
  }
  for (const auto& provider : checks.config.providers) {
    const auto path = "providers." + provider.name;
    if (!plain_name(provider.name))
      checks.bad(path, "a provider's name is 1 to 64 letters, digits, '.', '_', '-', ':'");
    if (type_unknown(checks, path)) continue;
    check_urls(checks, provider, path);
    check_headers(checks, provider, path);
    check_keys(checks, provider, path);
  }
}

}  // namespace troupe::config
