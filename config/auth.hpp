#pragma once
// Who presents a virtual key.
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "config/types.hpp"

namespace troupe::config {

using Sha256 = std::array<unsigned char, 32>;

/// FIPS 180-4, by OpenSSL.
Sha256 sha256(std::string_view text);

/// What the configuration holds of a virtual key: "sha256:" + 64 lower-case hexadecimal digits.
std::string virtual_key_hash(std::string_view key);

/// True when the policies of the tenant and of its key allow the alias (nobody, or no list: all).
bool allowed(const Tenant* tenant, std::string_view alias);
bool allowed(const Tenant* tenant, const VirtualKey* key, std::string_view alias);

/// The providers that may answer: what tenant and key both allow. nullptr: any; an empty list: none.
std::shared_ptr<const std::vector<std::string>> allowed_providers(const Tenant* tenant,
                                                                  const VirtualKey* key);

/// Whether callers must present a key: a tenant has one, or there are tenants and a store that keeps keys
/// for them. That the last key was revoked opens nothing.
bool needs_key(const Config& config);

/// Whose limits those of the key are: "vkey/TENANT/NAME". Unlike a tenant's name it has slashes.
std::string owner_of(const Tenant& tenant, const VirtualKey& key);

/// Virtual keys by their hash, for the request path: one SHA-256 and one look-up, no allocation. What is
/// compared are digests of the presented text, so the time taken says nothing about a stored key. Immutable,
/// thread-safe; copies what it needs.
class TenantIndex {
 public:
  struct Caller {
    std::string tenant, key;                ///< names
    std::size_t tenant_at = 0, key_at = 0;  ///< in the configuration: tenants[tenant_at].keys[key_at]
  };

  explicit TenantIndex(const Config& config);

  /// nullptr when nobody has this key. Valid as long as the index.
  const Caller* find(std::string_view presented) const;
  /// False: no tenant has a key, clients need none.
  bool required() const { return !callers_.empty(); }

 private:
  /// A digest is its own hash.
  struct First {
    std::size_t operator()(const Sha256& digest) const noexcept;
  };
  struct Same {
    bool operator()(const Sha256& a, const Sha256& b) const noexcept;
  };

  std::unordered_map<Sha256, Caller, First, Same> callers_;
};

}  // namespace troupe::config
