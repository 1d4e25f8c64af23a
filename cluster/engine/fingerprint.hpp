#pragma once
// Whether two nodes mean the same, told without telling what: keyed hashes of configuration.
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "config/types.hpp"

namespace troupe::cluster {

/// HMAC-SHA-256 (RFC 2104), cut to 64 bits. The key is what the nodes of one cluster have in common and
/// nobody else needs to have: the certificates of their authority.
class Fingerprint {
 public:
  explicit Fingerprint(std::string salt) : salt_(std::move(salt)) {}
  /// With the cluster's `tls.ca`; where there is none, or it cannot be read, with a constant.
  static Fingerprint of_cluster(const config::Config& config);

  std::uint64_t of(std::string_view text) const;

 private:
  std::string salt_;
};

/// Of each key ("provider/key"): what a provider's word about it depends on. Another secret or another
/// address is another key, although it has the same name.
std::map<std::string, std::uint64_t> key_fingerprints(const config::Config& config,
                                                      const Fingerprint& fingerprint);

}  // namespace troupe::cluster
