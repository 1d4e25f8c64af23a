#include "actors/policy/cache/keeper.hpp"

#include <algorithm>
#include <utility>

namespace troupe::cache {

void Keeper::hear(const std::string& from, const Message& message, Time now, Outbox& out) {
  if (const auto* asked = std::get_if<Look>(&message)) return look(from, *asked, now, out);
  if (const auto* filled = std::get_if<Fill>(&message)) return fill(*filled, now, out);
  if (const auto* dropped = std::get_if<Drop>(&message)) return drop(from, *dropped, now, out);
  if (const auto* renewed = std::get_if<Renew>(&message)) return renew(from, *renewed, now);
  const auto* flush = std::get_if<Flush>(&message);
  if (flush == nullptr) return;
  if (flush->all) return shelf_.flush();
  shelf_.flush(flush->tenant);
}

void Keeper::look(const std::string& from, const Look& look, Time now, Outbox& out) {
  if (auto found = shelf_.find(look.key, look.max_age, now)) {
    out.emplace_back(from, Hit{look.key, look.id, std::move(found->entry), found->age});
    return;
  }
  const Node asker{from, look.id, now};
  const auto known = flights_.find(look.key);
  if (known == flights_.end()) {
    if (flights_.size() < kFlights) flights_[look.key] = {asker, {}};
    out.emplace_back(from, Lead{look.key, look.id});
    return;
  }
  auto& flight = known->second;
  if (flight.leader == asker) {  // it did not hear that it leads
    flight.leader.seen = now;
    out.emplace_back(from, Lead{look.key, look.id});
    return;
  }
  const auto place = std::find(flight.waiting.begin(), flight.waiting.end(), asker);
  if (place != flight.waiting.end()) {
    place->seen = now;
  } else {
    flight.waiting.push_back(asker);
  }
  out.emplace_back(from, Wait{look.key, look.id});
}

void Keeper::fill(const Fill& fill, Time now, Outbox& out) {
  if (!fill.entry) return;
  shelf_.put(fill.key, fill.entry, fill.ttl, now);
  const auto flight = flights_.extract(fill.key);
  if (flight.empty()) return;
  for (const auto& node : flight.mapped().waiting)
    out.emplace_back(node.name, Hit{fill.key, node.id, fill.entry, Duration::zero()});
}

void Keeper::drop(const std::string& from, const Drop& drop, Time now, Outbox& out) {
  const auto known = flights_.find(drop.key);
  if (known == flights_.end()) return;
  auto& flight = known->second;
  const Node node{from, drop.id, now};
  if (!(flight.leader == node)) {
    std::erase(flight.waiting, node);
    return;
  }
  if (drop.open) {
    for (const auto& one : flight.waiting) out.emplace_back(one.name, Lead{drop.key, one.id});
    flights_.erase(known);
  } else if (!pass_on(drop.key, flight, now, out)) {
    flights_.erase(known);
  }
}

/// A leader whose owner died tells the new one: whoever asks there waits for it.
void Keeper::renew(const std::string& from, const Renew& renew, Time now) {
  const Node node{from, renew.id, now};
  const auto known = flights_.find(renew.key);
  if (known == flights_.end()) {
    if (!shelf_.has(renew.key, now) && flights_.size() < kFlights) flights_[renew.key] = {node, {}};
  } else if (known->second.leader == node) {
    known->second.leader.seen = now;
  }
}

bool Keeper::pass_on(const Digest& key, Flight& flight, Time now, Outbox& out) {
  if (flight.waiting.empty()) return false;
  flight.leader = std::move(flight.waiting.front());
  flight.leader.seen = now;
  flight.waiting.erase(flight.waiting.begin());
  out.emplace_back(flight.leader.name, Lead{key, flight.leader.id});
  return true;
}

void Keeper::tick(const Ring& ring, Time now, Outbox& out) {
  for (auto at = flights_.begin(); at != flights_.end();) {
    auto& [key, flight] = *at;
    std::erase_if(flight.waiting,
                  [&](const Node& node) { return now - node.seen >= kForgotten || !ring.has(node.name); });
    const bool silent = now - flight.leader.seen >= kLease || !ring.has(flight.leader.name);
    const bool over = silent && !pass_on(key, flight, now, out);
    at = over ? flights_.erase(at) : std::next(at);
  }
}

}  // namespace troupe::cache
