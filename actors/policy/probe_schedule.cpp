#include "actors/policy/probe_schedule.hpp"

#include <algorithm>
#include <set>

namespace troupe::policy {
namespace {

constexpr Duration kSoon = std::chrono::seconds(1);

/// Nodes and keys that start together do not stay together.
Duration jittered(Duration every, Random& random) {
  return Duration(
      static_cast<std::int64_t>(static_cast<double>(every.count()) * (0.8 + 0.4 * random.unit())));
}

}  // namespace

void ProbeSchedule::look(const config::Probes& settings, const std::vector<ProbeView>& keys, Time now,
                         Random& random) {
  std::set<std::string_view> there;
  for (const auto& view : keys) {
    there.insert(view.key);
    auto found = entries_.find(view.key);
    if (found == entries_.end()) {
      const Entry fresh{view.healthy, now, jittered(settings.every, random), view.last_call, {}};
      found = entries_.emplace(view.key, fresh).first;
    }
    auto& entry = found->second;
    entry.last_call = view.last_call;
    if (entry.healthy == view.healthy) continue;
    entry.healthy = view.healthy;
    entry.since = now;
    entry.pause = jittered(settings.every, random);
  }
  std::erase_if(entries_, [&](const auto& known) { return !there.contains(known.first); });
}

std::size_t ProbeSchedule::under_way(Time now) {
  std::size_t count = 0;
  for (auto& [key, entry] : entries_) {
    if (entry.out_since && now - *entry.out_since >= kLongest) entry.out_since.reset();
    if (entry.out_since) ++count;
  }
  return count;
}

std::optional<std::size_t> ProbeSchedule::next(const config::Probes& settings,
                                               const std::vector<ProbeView>& keys, Time now, Random& random) {
  look(settings, keys, now, random);
  if (under_way(now) >= kTogether) return std::nullopt;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    auto& entry = entries_.find(keys[i].key)->second;
    if (entry.out_since || (entry.healthy && !settings.idle) || entry.due() > now) continue;
    entry.out_since = now;
    return i;
  }
  return std::nullopt;
}

void ProbeSchedule::done(const config::Probes& settings, std::string_view key, ProbeEnd end, Time now,
                         Random& random) {
  const auto found = entries_.find(key);
  if (found == entries_.end()) return;
  auto& entry = found->second;
  entry.out_since.reset();
  entry.since = now;
  const bool soon = end == ProbeEnd::passed && !entry.healthy;
  entry.pause = soon ? std::min(settings.every, kSoon) : jittered(settings.every, random);
}

std::optional<Time> ProbeSchedule::due(std::string_view key) const {
  const auto found = entries_.find(key);
  if (found == entries_.end() || found->second.out_since) return std::nullopt;
  return found->second.due();
}

}  // namespace troupe::policy
