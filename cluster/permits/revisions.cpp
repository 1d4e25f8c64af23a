#include "cluster/permits/revisions.hpp"

#include <algorithm>
#include <utility>

namespace troupe::cluster {

void Revisions::configure(const Limits& own) {
  for (auto& [id, limit] : limits_) limit.own.reset();
  for (const auto& spec : own) {
    auto& limit = limits_[spec.id];
    limit.spec = spec;
    limit.own = spec.units;
  }
}

void Revisions::join(const SessionId& session) {
  if (sessions_.try_emplace(session).second) ++silent_;
}

std::set<LimitId> Revisions::all() const {
  std::set<LimitId> ids;
  for (const auto& [id, limit] : limits_) ids.insert(id);
  return ids;
}

void Revisions::withdraw(LimitId limit, Units units) {
  auto& said = limits_.at(limit).units;
  said.erase(said.find(units));
}

/// Whether that is news.
bool Revisions::say(Said& said, const LimitSpec& spec) {
  const auto [at, is_new] = said.units.try_emplace(spec.id, spec.units);
  if (!is_new && at->second == spec.units) return false;
  auto [limit, unheard] = limits_.try_emplace(spec.id);
  if (unheard) limit->second.spec = spec;
  if (!is_new) withdraw(spec.id, at->second);
  at->second = spec.units;
  limit->second.units.insert(spec.units);
  return true;
}

std::set<LimitId> Revisions::hear(const Report& report) {
  const auto found = sessions_.find(report.session);
  if (found == sessions_.end()) return {};
  auto& said = found->second;
  std::set<LimitId> other, named;
  for (const auto& line : report.lines) {
    if (!line.spec || line.spec->id != line.limit || line.spec->units < 0) continue;
    named.insert(line.limit);
    if (say(said, *line.spec)) other.insert(line.limit);
  }
  if (!report.whole) return other;
  for (auto at = said.units.begin(); at != said.units.end();) {
    if (named.count(at->first)) {
      ++at;
      continue;
    }
    withdraw(at->first, at->second);
    other.insert(at->first);
    at = said.units.erase(at);
  }
  if (!std::exchange(said.whole, true) && --silent_ == 0) return all();
  return other;
}

std::set<LimitId> Revisions::leave(const SessionId& session) {
  const auto found = sessions_.find(session);
  if (found == sessions_.end()) return {};
  std::set<LimitId> other;
  for (const auto& [limit, units] : found->second.units) {
    withdraw(limit, units);
    other.insert(limit);
  }
  const bool spoke = found->second.whole;
  sessions_.erase(found);
  if (!spoke && --silent_ == 0) return all();
  return other;
}

std::optional<LimitSpec> Revisions::spec(LimitId id, const LimitSpec* in_force) const {
  const auto found = limits_.find(id);
  if (found == limits_.end()) return std::nullopt;
  const auto& [spec, own, said] = found->second;
  std::optional<Units> least = own;
  if (!said.empty()) least = std::min(least.value_or(*said.begin()), *said.begin());
  if (!least) return std::nullopt;
  if (in_force && silent_ > 0) least = std::min(*least, in_force->units);
  auto out = spec;
  out.units = *least;
  return out;
}

}  // namespace troupe::cluster
