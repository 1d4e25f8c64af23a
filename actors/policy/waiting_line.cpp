#include "actors/policy/waiting_line.hpp"

#include <algorithm>

namespace troupe::policy {
namespace {

constexpr std::size_t kInteractive = 0, kStandard = 1;

/// The newest that has not been told it has the turn; nullopt when there is none.
template <class Flow>
std::optional<std::uint64_t> newest(const Flow* flow) {
  if (flow == nullptr || flow->places.empty() || flow->places.back().told) return std::nullopt;
  return flow->places.back().id;
}

/// Who holds the most of the line for its weight.
template <class Rank>
auto* longest(Rank& rank) {
  decltype(&rank.flows.begin()->second) most = nullptr;
  for (auto& [tenant, flow] : rank.flows) {
    if (newest(&flow) && (most == nullptr || flow.held() > most->held())) most = &flow;
  }
  return most;
}

}  // namespace

bool WaitingLine::ready(const Rank& rank) {
  return std::any_of(rank.flows.begin(), rank.flows.end(), [](const auto& one) { return ready(one.second); });
}

WaitingLine::Flow* WaitingLine::first_of(Rank& rank) {
  Flow* first = nullptr;
  for (auto& [tenant, flow] : rank.flows) {
    if (ready(flow) && (first == nullptr || flow.time < first->time)) first = &flow;
  }
  return first;
}

WaitingLine::Joined WaitingLine::join(const Waiter& waiter) {
  if (index_.count(waiter.id) != 0) return {};
  std::optional<std::uint64_t> out;
  if (size() >= max_length_) {
    out = victim_for(waiter);
    if (!out) return {};
    leave(*out, false);
  }
  const auto at = static_cast<std::size_t>(waiter.priority);
  auto& rank = ranks_[at];
  const auto flow = rank.flows.try_emplace(waiter.tenant).first;
  auto& mine = flow->second;
  mine.weight = std::max(1e-3, waiter.weight);
  if (mine.places.empty()) mine.time = std::max(mine.time, rank.time);
  mine.places.push_back({waiter.id, std::max<std::int64_t>(1, waiter.cost), false});
  ++rank.size;
  index_.emplace(waiter.id, Where{at, flow});
  return {true, out};
}

std::optional<std::uint64_t> WaitingLine::victim_for(const Waiter& waiter) {
  const auto own = static_cast<std::size_t>(waiter.priority);
  for (std::size_t lower = kClasses - 1; lower > own; --lower) {
    if (const auto id = newest(longest(ranks_[lower]))) return id;
  }
  auto& rank = ranks_[own];
  const auto mine = rank.flows.find(waiter.tenant);
  const double held = mine == rank.flows.end() ? 0 : static_cast<double>(mine->second.places.size());
  const auto* most = longest(rank);
  if (most == nullptr || most->held() <= (held + 1) / std::max(1e-3, waiter.weight)) return std::nullopt;
  return newest(most);
}

void WaitingLine::leave(std::uint64_t id, bool served) {
  const auto found = index_.find(id);
  if (found == index_.end()) return;
  const auto where = found->second;
  index_.erase(found);
  auto& rank = ranks_[where.rank];
  auto& flow = where.flow->second;
  const auto place =
      std::find_if(flow.places.begin(), flow.places.end(), [id](const Place& one) { return one.id == id; });
  if (place == flow.places.begin()) flow.aside = false;
  if (served) {
    rank.time = std::max(rank.time, flow.time);
    flow.time += static_cast<double>(place->cost) / flow.weight;
    count_turn(where.rank);
  }
  flow.places.erase(place);
  --rank.size;
  forget_idle(rank);
}

/// Who is not here any more keeps what it had too much until the others have had as much.
void WaitingLine::forget_idle(Rank& rank) {
  if (rank.size == 0) {
    rank.flows.clear();
    rank.time = 0;
    return;
  }
  std::erase_if(rank.flows,
                [&](const auto& one) { return one.second.places.empty() && one.second.time <= rank.time; });
}

void WaitingLine::count_turn(std::size_t rank) {
  if (rank == kStandard) passed_over_ = 0;
  if (rank == kInteractive) passed_over_ = ranks_[kStandard].size > 0 ? passed_over_ + 1 : 0;
}

void WaitingLine::step_aside(std::uint64_t id) {
  const auto found = index_.find(id);
  if (found == index_.end()) return;
  auto& flow = found->second.flow->second;
  if (flow.places.front().id == id && flow.places.front().told) flow.aside = true;
}

config::RequestClass WaitingLine::turn() const {
  if (passed_over_ >= kPassedOver && ready(ranks_[kStandard])) return config::RequestClass::standard;
  for (std::size_t at = 0; at < kClasses; ++at) {
    if (ready(ranks_[at])) return static_cast<config::RequestClass>(at);
  }
  return config::RequestClass::batch;
}

std::optional<std::uint64_t> WaitingLine::call() {
  auto* flow = first_of(ranks_[static_cast<std::size_t>(turn())]);
  if (flow == nullptr || flow->places.front().told) return std::nullopt;
  flow->places.front().told = true;
  return flow->places.front().id;
}

}  // namespace troupe::policy
