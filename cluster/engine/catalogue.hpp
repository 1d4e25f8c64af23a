#pragma once
// The limits of a configuration, as the permit protocol knows them.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "cluster/permits/limit.hpp"
#include "config/types.hpp"

namespace troupe::cluster {

/// One limit of one key, tenant or virtual key.
struct NamedLimit {
  std::string owner;      ///< "key/openai/primary", "tenant/search", "vkey/search/prod"
  std::size_t which = 0;  ///< as in policy::Shares: rpm, tpm, itpm, otpm, rpd, tpd, concurrency
  LimitSpec spec;
};

/// "rpm", "tpm", ...; total over policy::Shares' order.
std::string_view limit_name(std::size_t which);

/// The same on every node that has the same configuration. The id is a hash of owner and name: XXH3, 64 bits.
std::vector<NamedLimit> named_limits(const config::Config& config);

}  // namespace troupe::cluster
