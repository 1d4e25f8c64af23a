#pragma once
// What is in force: the file's configuration and the keys that were made since.
#include <memory>
#include <vector>

#include "cluster/keyring/record.hpp"
#include "config/types.hpp"

namespace troupe::locksmith {

/// `file` with a virtual key in its tenant for every secret that may open: the present one and those within
/// their grace time at `now`. Left out: what is revoked, and keys of tenants that the file does not name. A
/// name that the tenant has already gets the end of the key's id.
std::shared_ptr<const config::Config> with_keys(const config::Config& file,
                                                const std::vector<keyring::Record>& records,
                                                keyring::Millis now);

}  // namespace troupe::locksmith
