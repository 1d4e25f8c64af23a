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

/// "3f2a…", 16 hex digits; "" for 0, which is none.
std::string fingerprint_text(std::uint64_t fingerprint);

/// Of what all nodes must have in common: providers, keys with limits and secrets, models, tenants, breaker,
/// probes, and the conditions of the protocol. What is a node's own (ports, files, log, store) is left out.
/// `config` as it was loaded, before anything of this process is filled in.
std::uint64_t shared_fingerprint(const config::Config& config, const Fingerprint& fingerprint);

/// Of each key ("provider/key"): what a provider's word about it depends on. Another secret or another
/// address is another key, although it has the same name.
std::map<std::string, std::uint64_t> key_fingerprints(const config::Config& config,
                                                      const Fingerprint& fingerprint);

}  // namespace troupe::cluster
