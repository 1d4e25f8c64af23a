#include "cluster/permits/spread.hpp"

#include <algorithm>
#include <cmath>

namespace troupe::cluster {
namespace {

constexpr double kSpread = 0.7;         // of what is free or idle; the rest waits for a new hot node
constexpr double kFloor = 0.02;         // of the rate is spread evenly, for nodes without history
constexpr double kHoldSeconds = 2;      // no more than that goes with a node that dies
constexpr double kScarceSeconds = 0.3;  // what a node may keep while others wait
constexpr std::size_t kRecalls = 64;
constexpr Duration kRecallEvery = std::chrono::milliseconds(50);

}  // namespace

void Spread::forget(const SessionId& session) {
  const auto found = demands_.find(session);
  if (found == demands_.end()) return;
  waiting_ -= found->second.want;
  idle_ -= found->second.idle;
  rate_ -= found->second.rate;
  if (first_ == session) first_.reset();
  demands_.erase(found);
}

void Spread::hear(const SessionId& session, const ReportLine& line, Units in_flight) {
  const bool was_first = first_ == session;
  forget(session);
  Demand demand;
  demand.want = std::max<Units>(0, line.want - in_flight);
  demand.head = std::max<Units>(0, line.head - in_flight);
  demand.idle = std::max<Units>(0, line.available) + in_flight;
  demand.rate = line.rate > 0 ? line.rate : 0;
  waiting_ += demand.want;
  idle_ += demand.idle;
  rate_ += demand.rate;
  demands_.emplace(session, demand);
  if (was_first && demand.want > 0) first_ = session;
}

const Spread::Demand* Spread::demand(const SessionId& session) const {
  const auto found = demands_.find(session);
  return found == demands_.end() ? nullptr : &found->second;
}

Units Spread::target(const Demand& demand, Units free, std::size_t sessions) const {
  const auto nodes = static_cast<double>(std::max<std::size_t>(1, sessions));
  const double whole = std::max(0.0, rate_), even = kFloor * whole / nodes + 1e-9;
  const auto stock = static_cast<double>(std::max<Units>(0, free) + std::max<Units>(0, idle_));
  double share = kSpread * stock * (demand.rate + even) / (whole + even * nodes);
  const auto quantum = static_cast<double>(quantum_);
  share = std::min(share, demand.rate * kHoldSeconds);
  if (share < 4 * quantum) share = std::floor(share / quantum + 0.5) * quantum;
  return static_cast<Units>(share);
}

SessionId Spread::draw(Random& random) const {
  auto left = static_cast<Units>(random.below(static_cast<std::uint64_t>(waiting_)));
  const SessionId* last = nullptr;
  for (const auto& [session, demand] : demands_) {
    if (demand.want <= 0) continue;
    last = &session;
    left -= demand.want;
    if (left < 0) break;
  }
  return *last;
}

void Spread::take(Demand& demand, const SessionId& to, Units units, Units& free, std::vector<Gift>& gifts) {
  free -= units;
  demand.idle += units;
  idle_ += units;
  const auto served = std::min(units, demand.want);
  demand.want -= served;
  waiting_ -= served;
  demand.head = std::max<Units>(0, demand.head - units);
  gifts.push_back({to, units});
}

void Spread::serve(Units& free, Random& random, std::vector<Gift>& gifts) {
  lacking_ = std::max<Units>(0, -free);  // the limit became smaller, or more was used than granted
  while (waiting_ > 0) {
    if (free <= 0) {
      lacking_ += waiting_;
      return;
    }
    const auto chosen = first_ ? *first_ : draw(random);
    auto& demand = demands_.at(chosen);
    if (free < demand.head) {  // a call that needs much is not fed crumbs, nor passed by
      first_ = chosen;
      lacking_ = demand.head - free;
      return;
    }
    first_.reset();
    const auto share = static_cast<Units>(static_cast<double>(free) * static_cast<double>(demand.want) /
                                          static_cast<double>(waiting_));
    const auto units = free >= waiting_
                           ? demand.want
                           : std::min({demand.want, free, std::max({demand.head, quantum_, share})});
    take(demand, chosen, units, free, gifts);
  }
}

std::vector<Spread::Gift> Spread::give(Units free, const SessionId* reporter, std::size_t sessions,
                                       Random& random) {
  std::vector<Gift> gifts;
  serve(free, random, gifts);
  const auto found = reporter ? demands_.find(*reporter) : demands_.end();
  if (found == demands_.end()) return gifts;
  auto& demand = found->second;
  demand.hold = target(demand, free, sessions);
  demand.urgent = false;
  if (waiting_ == 0 && free > 0 && static_cast<double>(demand.idle) < 0.75 * static_cast<double>(demand.hold))
    take(demand, *reporter, std::min(free, demand.hold - demand.idle), free, gifts);
  return gifts;
}

std::vector<SessionId> Spread::recall(Units free, std::size_t sessions, Time now) {
  if (lacking_ <= 0 || now < recall_at_) return {};
  recall_at_ = now + kRecallEvery;
  struct Surplus {
    Units units, keep;
    SessionId session;
  };
  std::vector<Surplus> rich;
  for (const auto& [session, demand] : demands_) {
    if (demand.idle <= 0 || demand.want > 0) continue;
    const auto soon =
        static_cast<Units>(demand.rate * kScarceSeconds / static_cast<double>(quantum_)) * quantum_;
    const auto keep = std::min(target(demand, free, sessions), soon);
    if (demand.idle > keep) rich.push_back({demand.idle - keep, keep, session});
  }
  std::sort(rich.begin(), rich.end(), [](const auto& a, const auto& b) { return a.units > b.units; });
  if (rich.size() > kRecalls) rich.resize(kRecalls);
  std::vector<SessionId> asked;
  auto short_of = lacking_;
  for (const auto& [units, keep, session] : rich) {
    if (short_of <= 0) break;
    demands_.at(session).hold = keep;
    demands_.at(session).urgent = true;
    short_of -= units;
    asked.push_back(session);
  }
  return asked;
}

}  // namespace troupe::cluster
