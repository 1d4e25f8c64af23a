// States that differ by names alone are one.
#include <algorithm>
#include <cstring>
#include <utility>

#include "tests/simulation/model/explore.hpp"

namespace troupe::simulation::model {
namespace {

template <class Do>
void each_account(State& state, Do what) {
  for (auto& voter : state.voter) what(voter.copy);
  for (auto& office : state.office) what(office.account);
  what(state.append.account);
}

void swap_agents(State& state) {
  std::swap(state.agent[0], state.agent[1]);
  std::swap(state.report[0], state.report[1]);
  std::swap(state.grant[0], state.grant[1]);
  for (auto& office : state.office) std::swap(office.seat[0], office.seat[1]);
  each_account(state, [](auto& account) { std::swap(account.line[0], account.line[1]); });
}

Small renamed(Small set, const std::array<int, kVoters>& place) {
  Small out = 0;
  for (std::size_t i = 0; i < kVoters; ++i)
    if (set >> i & 1) out |= static_cast<Small>(1 << place[i]);
  return out;
}

/// How a voter looks from outside: what offices say of it, then what it knows itself.
int compare(const State& state, std::size_t a, std::size_t b) {
  for (const auto& office : state.office) {
    if (!office.active) continue;
    const auto role = [&](std::size_t i) {
      const auto in = [i](Small set) { return set >> i & 1; };
      int out = (office.holder == i) * 2 + in(office.quorum);
      for (const auto& seat : office.seat) out = out * 4 + in(seat.pending) * 2 + in(seat.since);
      return out;
    };
    if (const int by = role(b) - role(a)) return by;
  }
  if (state.append.full && (state.append.to == a || state.append.to == b))
    return state.append.to == a ? -1 : 1;
  return std::memcmp(&state.voter[a], &state.voter[b], sizeof(Voter));
}

void sort_voters(State& state, int count) {
  std::array<std::size_t, kVoters> order{0, 1, 2};
  for (int i = 1; i < count; ++i) {  // three at most: by insertion
    for (auto j = static_cast<std::size_t>(i); j > 0 && compare(state, order[j], order[j - 1]) < 0; --j)
      std::swap(order[j], order[j - 1]);
  }
  std::array<int, kVoters> place{};
  for (std::size_t i = 0; i < kVoters; ++i) place[order[i]] = static_cast<int>(i);
  const auto before = state.voter;
  for (std::size_t i = 0; i < kVoters; ++i) state.voter[i] = before[order[i]];
  for (auto& office : state.office) {
    if (!office.active) continue;
    office.holder = static_cast<Small>(place[office.holder]);
    office.quorum = renamed(office.quorum, place);
    for (auto& seat : office.seat) {
      seat.pending = renamed(seat.pending, place);
      seat.since = renamed(seat.since, place);
    }
  }
  if (state.append.full) state.append.to = static_cast<Small>(place[state.append.to]);
}

}  // namespace

State canonical(const State& state, const Bounds& bounds) {
  State one = state;
  if (bounds.voters > 1) sort_voters(one, bounds.voters);
  if (bounds.agents < 2) return one;
  State other = state;
  swap_agents(other);
  if (bounds.voters > 1) sort_voters(other, bounds.voters);
  return std::memcmp(&one, &other, sizeof(State)) <= 0 ? one : other;
}

}  // namespace troupe::simulation::model
