#pragma once
// Where a tenant's users are counted, as one node sees it.
#include <cstdint>
#include <string>

#include "actors/policy/cache/ring.hpp"
#include "config/types.hpp"
#include "core/hash.hpp"
#include "core/time.hpp"

namespace troupe::users {

/// Before everything; far from where differences overflow.
inline constexpr Time kLongAgo{-std::chrono::hours(24 * 365)};

struct Place {
  std::string tenant;
  std::uint64_t boot = 0;  ///< of this process; larger than those of earlier ones
  cache::Ring ring;        ///< who is there
  config::Limits limits;   ///< of each user

  /// Of all nodes that see the same ring the same one.
  const std::string& home_of(const std::string& user) const {
    return ring.owner({fnv1a(user, fnv1a("\n", fnv1a(tenant))), 0, 0, 0});
  }
  const std::string& self() const { return ring.self(); }
  /// The end of a call is to be known at once: another may wait for it, or it used more than it had asked
  /// for.
  bool urgent() const {
    return limits.concurrency > 0 || limits.tpm > 0 || limits.itpm > 0 || limits.otpm > 0 || limits.tpd > 0;
  }
  /// What was used so long ago counts nowhere any more: windows last a little longer than they say.
  Duration longest() const {
    const bool days = limits.rpd > 0 || limits.tpd > 0;
    return (days ? Duration(std::chrono::hours(24)) : Duration(std::chrono::minutes(1))) +
           std::chrono::minutes(1);
  }
};

}  // namespace troupe::users
