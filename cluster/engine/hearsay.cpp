#include "cluster/engine/hearsay.hpp"

#include <algorithm>

namespace troupe::cluster {
namespace {

constexpr std::string_view kKey = "key/";
constexpr std::chrono::milliseconds kLongest = std::chrono::hours(24 * 7);
constexpr std::size_t kWindows = 6;  // of a key's limits: all but concurrency

static_assert(members::kAspects == policy::kAbouts);
static_assert(static_cast<int>(members::Aspect::rpm) == static_cast<int>(policy::About::rpm));
static_assert(static_cast<int>(members::Aspect::tpd) == static_cast<int>(policy::About::tpd));

policy::About about(members::Aspect aspect) {
  return static_cast<policy::About>(aspect);
}

}  // namespace

std::optional<policy::Hearsay> hearsay_of(const members::HealthChange& change, Time now) {
  const auto& fact = change.fact;
  if (change.over) {
    if (change.mine || fact.value == 0) return std::nullopt;
    return policy::Hearsay{about(fact.aspect), fact.value, now, fact.stamp.node};
  }
  if (change.mine) return std::nullopt;
  const auto until = fact.remaining_ms == members::Fact::kUntilChanged
                         ? kNever
                         : now + std::min(std::chrono::milliseconds(fact.remaining_ms), kLongest);
  return policy::Hearsay{about(fact.aspect), fact.value, until, fact.stamp.node};
}

policy::Hearsay hearsay_of(const members::Held& held) {
  return {about(held.fact.aspect), held.fact.value, held.until, held.fact.stamp.node};
}

std::vector<NamedLimit> learnt(std::vector<NamedLimit> limits, const members::Health& health, Time now) {
  for (auto& limit : limits) {
    if (!limit.owner.starts_with(kKey) || limit.which >= kWindows) continue;
    const auto known = health.of(limit.owner.substr(kKey.size()), now).limits;
    const auto told = known.find(static_cast<members::Aspect>(policy::about_window(limit.which)));
    if (told != known.end()) limit.spec.units = std::min(limit.spec.units, told->second);
  }
  return limits;
}

}  // namespace troupe::cluster
