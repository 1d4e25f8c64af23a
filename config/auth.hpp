#pragma once
// Who presents a virtual key.
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "config/types.hpp"

namespace troupe::config {

using Sha256 = std::array<unsigned char, 32>;

/// FIPS 180-4, by OpenSSL.
Sha256 sha256(std::string_view text);

/// What the configuration holds of a virtual key: "sha256:" + 64 lower-case hexadecimal digits.
std::string virtual_key_hash(std::string_view key);

/// True when the tenant's policy allows the alias (no tenant, or no list: all).
bool allowed(const Tenant* tenant, std::string_view alias);

/// Virtual keys by their hash, for the request path: one SHA-256 and one look-up, no allocation. What is
/// compared are digests of the presented text, so the time taken says nothing about a stored key. Immutable,
/// thread-safe; copies what it needs.
class TenantIndex {
 public:
  struct Caller {
    std::string tenant, key;  ///< names
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
