#include "cluster/members/health.hpp"

#include <algorithm>

namespace troupe::members {
namespace {

/// Far beyond what anybody counts to; a word from there would end all counting.
constexpr std::uint64_t kMostVersion = std::uint64_t{1} << 62;

bool always_timed(const Fact& fact) {
  return fact.aspect != Aspect::verdict || fact.value == 0;
}

}  // namespace

Health::Health(HealthSettings settings, Time now, std::uint64_t seed)
    : settings_(std::move(settings)), random_(seed), round_at_(now), hot_round_at_(now) {}

void Health::changed(const Held& held, bool over) {
  const auto& stamp = held.fact.stamp;
  const bool mine = stamp.node == settings_.name && stamp.incarnation == settings_.incarnation;
  step_.changes.push_back({held.fact, over, mine});
}

HealthStep Health::configure(std::map<std::string, std::uint64_t> keys, Time /*now*/) {
  keys_ = std::move(keys);
  for (auto at = held_.begin(); at != held_.end();) {
    const auto key = keys_.find(at->first.first);
    if (key != keys_.end() && key->second == at->second.fact.revision) {
      ++at;
      continue;
    }
    if (!at->second.over) changed(at->second, true);
    news_.drop(at->first);
    at = held_.erase(at);
  }
  return done();
}

HealthStep Health::note(const std::string& key, Aspect aspect, std::int64_t value,
                        std::optional<Duration> remaining, Time now) {
  const auto known = keys_.find(key);
  if (known == keys_.end()) return {};
  Fact fact{key, known->second, aspect, {version_ + 1, settings_.name, settings_.incarnation}, value};
  // A pause never shortens one that somebody else has told.
  if (aspect == Aspect::pause && value != 0 && remaining && of(key, now).not_before > now)
    remaining = std::max(*remaining, of(key, now).not_before - now);
  if (remaining) fact.remaining_ms = std::max<std::int64_t>(ceil_millis(*remaining), 1);
  // What is taken back must outlive the copies of what it takes back.
  if (value == 0) fact.remaining_ms = ceil_millis(settings_.remember);
  merge(fact, now);
  return done();
}

bool Health::acceptable(const Fact& fact) const {
  const auto known = keys_.find(fact.key);
  const bool timed =
      fact.remaining_ms > 0 || (fact.remaining_ms == Fact::kUntilChanged && !always_timed(fact));
  return known != keys_.end() && known->second == fact.revision && timed && fact.value >= 0 &&
         static_cast<std::size_t>(fact.aspect) < kAspects && fact.stamp.version < kMostVersion &&
         fact.stamp.node.size() <= 63;
}

void Health::merge(const Fact& fact, Time now) {
  if (!acceptable(fact)) {
    ++ignored_;
    return;
  }
  version_ = std::max(version_, fact.stamp.version);
  const Id id{fact.key, fact.aspect};
  const auto longest = settings_.longest / std::chrono::milliseconds(1);
  const auto until =
      fact.remaining_ms == Fact::kUntilChanged
          ? kNever
          : now + std::chrono::milliseconds(std::min<std::int64_t>(fact.remaining_ms, longest));
  const auto found = held_.find(id);
  if (found == held_.end() && held_.size() >= settings_.most) {
    ++ignored_;
    return;
  }
  if (found != held_.end() && fact.stamp < found->second.fact.stamp) return;
  if (found != held_.end() && fact.stamp == found->second.fact.stamp) {
    // A copy that was longer under way makes time longer, never shorter.
    found->second.until = std::min(found->second.until, until);
    return;
  }
  auto& held = held_[id];
  held = {fact, until, false};
  news_.tell(id, peers_);
  changed(held, false);
}

HealthStep Health::hear(const HealthNews& message, Time now) {
  if (message.facts.size() > kFacts) {
    ++ignored_;
    return {};
  }
  for (const auto& fact : message.facts) merge(fact, now);
  return done();
}

void Health::expire(Time now) {
  for (auto at = held_.begin(); at != held_.end();) {
    auto& held = at->second;
    if (!held.over && held.until <= now) {
      held.over = true;
      news_.drop(at->first);
      changed(held, true);
    }
    const bool forgotten = held.over && now - held.until > settings_.remember;
    at = forgotten ? held_.erase(at) : std::next(at);
  }
}

std::optional<Fact> Health::sendable(const Id& id, Time now) const {
  const auto found = held_.find(id);
  if (found == held_.end() || found->second.over || found->second.until <= now) return std::nullopt;
  auto fact = found->second.fact;
  if (found->second.until != kNever) fact.remaining_ms = ceil_millis(found->second.until - now);
  return fact;
}

std::vector<Fact> Health::next_facts(Time now) {
  std::vector<Fact> facts;
  std::vector<Id> named = news_.take(kFacts);
  // The rest of the message repeats what holds, in turn.
  auto next = turn_ ? held_.upper_bound(*turn_) : held_.begin();
  for (std::size_t seen = 0; seen < held_.size() && named.size() < kFacts; ++seen, ++next) {
    if (next == held_.end()) next = held_.begin();
    turn_ = next->first;
    if (std::find(named.begin(), named.end(), next->first) == named.end()) named.push_back(next->first);
  }
  for (const auto& id : named) {
    if (auto fact = sendable(id, now)) facts.push_back(*std::move(fact));
  }
  return facts;
}

HealthStep Health::connected(const std::string& peer, Time now) {
  HealthNews message;
  for (const auto& [id, held] : held_) {
    if (auto fact = sendable(id, now)) message.facts.push_back(*std::move(fact));
    if (message.facts.size() == kFacts) step_.send.push_back({peer, std::exchange(message, {})});
  }
  if (!message.facts.empty()) step_.send.push_back({peer, std::move(message)});
  return done();
}

HealthStep Health::tick(const std::vector<std::string>& peers, Time now) {
  expire(now);
  peers_ = peers.size();
  const bool hot = !news_.empty() && now >= hot_round_at_;
  if (!hot && now < round_at_) return done();
  round_at_ = now + settings_.round;
  hot_round_at_ = now + settings_.hot_round;
  auto some = peers;
  const auto count = std::min(settings_.fanout, some.size());
  for (std::size_t at = 0; at < count; ++at) {
    std::swap(some[at], some[at + random_.below(some.size() - at)]);
    auto facts = next_facts(now);
    if (facts.empty()) break;
    step_.send.push_back({some[at], HealthNews{std::move(facts)}});
  }
  return done();
}

KeyHealth Health::of(const std::string& key, Time now) const {
  KeyHealth health;
  for (auto at = held_.lower_bound({key, Aspect::verdict}); at != held_.end() && at->first.first == key;
       ++at) {
    const auto& [fact, until, over] = at->second;
    if (over || until <= now) continue;
    switch (fact.aspect) {
      case Aspect::verdict:
        health.refused = fact.value != 0;
        break;
      case Aspect::pause:
        if (fact.value != 0) health.not_before = until;
        break;
      case Aspect::breaker:
        if (fact.value != 0) health.open_until = until;
        break;
      case Aspect::rpm:
      case Aspect::tpm:
      case Aspect::itpm:
      case Aspect::otpm:
      case Aspect::rpd:
      case Aspect::tpd:
        if (fact.value != 0) health.limits[fact.aspect] = fact.value;
        break;
    }
  }
  return health;
}

std::vector<Held> Health::view(Time now) const {
  std::vector<Held> all;
  for (const auto& [id, held] : held_) {
    if (!held.over && held.until > now) all.push_back(held);
  }
  return all;
}

}  // namespace troupe::members
