#pragma once
// What an operator asks for, read and checked.
#include <string>
#include <string_view>

#include "cluster/keyring/record.hpp"
#include "config/types.hpp"
#include "core/result.hpp"

namespace troupe::locksmith {

struct Wish {
  std::string tenant, name;
  keyring::Policy policy;
};

/// {"tenant","name","models","providers","tags","ip","expires","class","limits","budget"}: all but the first
/// two may be left out. `budget` is {"usd","period","rolling"}. `expires` is a date, a moment (RFC 3339) or a
/// span from `now` such as "30d". Fails with words that name the field: unknown ones, tenants, models and
/// providers that `config` does not have.
Result<Wish> read_wish(std::string_view body, const config::Config& config, keyring::Millis now);

/// {"grace":"24h"}: how long the old secret stays good; absent or "0s": not at all. At most 90 days.
Result<keyring::Millis> read_grace(std::string_view body);

}  // namespace troupe::locksmith
