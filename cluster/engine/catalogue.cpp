#include "cluster/engine/catalogue.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <array>
#include <set>

#include "config/auth.hpp"

namespace troupe::cluster {
namespace {

constexpr std::size_t kLimits = 7;
constexpr Units kTokenQuantum = 1000;  // what a call usually needs

struct Kind {
  std::string_view name;
  LimitKind kind;
  Duration window;
  Units quantum;
};

constexpr Duration kMinute = std::chrono::minutes(1), kDay = std::chrono::hours(24);
constexpr std::array<Kind, kLimits> kKinds{{{"rpm", LimitKind::window, kMinute, 1},
                                            {"tpm", LimitKind::counted_at_end, kMinute, kTokenQuantum},
                                            {"itpm", LimitKind::counted_at_end, kMinute, kTokenQuantum},
                                            {"otpm", LimitKind::counted_at_end, kMinute, kTokenQuantum},
                                            {"rpd", LimitKind::window, kDay, 1},
                                            {"tpd", LimitKind::counted_at_end, kDay, kTokenQuantum},
                                            {"concurrency", LimitKind::concurrency, kMinute, 1}}};

void add(std::vector<NamedLimit>& out, const std::string& owner, const config::Limits& limits) {
  const std::array<std::int64_t, kLimits> units{limits.rpm, limits.tpm, limits.itpm,       limits.otpm,
                                                limits.rpd, limits.tpd, limits.concurrency};
  for (std::size_t i = 0; i < kLimits; ++i) {
    if (units[i] <= 0) continue;
    const auto& kind = kKinds[i];
    const auto name = owner + "/" + std::string(kind.name);
    out.push_back(
        {owner, i, {XXH3_64bits(name.data(), name.size()), kind.kind, units[i], kind.window, kind.quantum}});
  }
}

}  // namespace

std::string_view limit_name(std::size_t which) {
  return kKinds.at(which).name;
}

std::vector<NamedLimit> named_limits(const config::Config& config) {
  std::vector<NamedLimit> out;
  for (const auto& provider : config.providers) {
    for (const auto& key : provider.keys) add(out, "key/" + provider.name + "/" + key.name, key.limits);
  }
  for (const auto& tenant : config.tenants) {
    add(out, "tenant/" + tenant.name, tenant.limits);
    std::set<std::string_view> named;  // an old secret within its grace time has its key's name
    for (const auto& key : tenant.keys)
      if (named.insert(key.name).second) add(out, config::owner_of(tenant, key), key.limits);
  }
  return out;
}

}  // namespace troupe::cluster
