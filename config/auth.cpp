#include "config/auth.hpp"

#include <algorithm>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <cstring>

namespace troupe::config {
namespace {

constexpr std::string_view kPrefix = "sha256:";
constexpr char kHex[] = "0123456789abcdef";

int hex(char c) {
  return c >= 'a' ? c - 'a' + 10 : c - '0';
}

/// The digest in "sha256:…", which validation has checked.
bool parse_hash(std::string_view hash, Sha256& digest) {
  if (!hash.starts_with(kPrefix) || hash.size() != kPrefix.size() + 2 * digest.size()) return false;
  hash.remove_prefix(kPrefix.size());
  if (hash.find_first_not_of(kHex) != std::string_view::npos) return false;
  for (std::size_t at = 0; at < digest.size(); ++at)
    digest[at] = static_cast<unsigned char>(hex(hash[2 * at]) * 16 + hex(hash[2 * at + 1]));
  return true;
}

}  // namespace

Sha256 sha256(std::string_view text) {
  // Fetched once: OpenSSL 3 looks an algorithm up by name otherwise, each time.
  static const EVP_MD* const kind = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  Sha256 digest{};
  EVP_Digest(text.data(), text.size(), digest.data(), nullptr, kind, nullptr);
  return digest;
}

std::string virtual_key_hash(std::string_view key) {
  std::string text(kPrefix);
  for (const unsigned char byte : sha256(key)) {
    text.push_back(kHex[byte >> 4]);
    text.push_back(kHex[byte & 15]);
  }
  return text;
}

std::size_t TenantIndex::First::operator()(const Sha256& digest) const noexcept {
  std::size_t first = 0;
  std::memcpy(&first, digest.data(), sizeof first);
  return first;
}

bool TenantIndex::Same::operator()(const Sha256& a, const Sha256& b) const noexcept {
  return CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

bool allowed(const Tenant* tenant, std::string_view alias) {
  if (tenant == nullptr || tenant->models.empty()) return true;
  return std::find(tenant->models.begin(), tenant->models.end(), alias) != tenant->models.end();
}

bool allowed(const Tenant* tenant, const VirtualKey* key, std::string_view alias) {
  if (!allowed(tenant, alias)) return false;
  if (key == nullptr || key->models.empty()) return true;
  return std::find(key->models.begin(), key->models.end(), alias) != key->models.end();
}

std::shared_ptr<const std::vector<std::string>> allowed_providers(const Tenant* tenant,
                                                                  const VirtualKey* key) {
  static const std::vector<std::string> all;
  const auto& of_tenant = tenant != nullptr ? tenant->providers : all;
  const auto& of_key = key != nullptr ? key->providers : all;
  if (of_tenant.empty() && of_key.empty()) return nullptr;
  if (of_tenant.empty() || of_key.empty())
    return std::make_shared<const std::vector<std::string>>(of_key.empty() ? of_tenant : of_key);
  auto both = std::make_shared<std::vector<std::string>>();
  for (const auto& name : of_key)
    if (std::find(of_tenant.begin(), of_tenant.end(), name) != of_tenant.end()) both->push_back(name);
  return both;
}

bool needs_key(const Config& config) {
  const bool stored = !config.store.path.empty() || !config.store.postgres.empty();
  return std::any_of(config.tenants.begin(), config.tenants.end(),
                     [stored](const Tenant& tenant) { return stored || !tenant.keys.empty(); });
}

std::string owner_of(const Tenant& tenant, const VirtualKey& key) {
  return "vkey/" + tenant.name + "/" + key.name;
}

TenantIndex::TenantIndex(const Config& config) {
  for (std::size_t t = 0; t < config.tenants.size(); ++t) {
    const auto& tenant = config.tenants[t];
    for (std::size_t k = 0; k < tenant.keys.size(); ++k) {
      Sha256 digest{};
      if (parse_hash(tenant.keys[k].hash, digest))
        callers_.emplace(digest, Caller{tenant.name, tenant.keys[k].name, t, k});
    }
  }
}

const TenantIndex::Caller* TenantIndex::find(std::string_view presented) const {
  const auto found = callers_.find(sha256(presented));
  return found == callers_.end() ? nullptr : &found->second;
}

}  // namespace troupe::config
