// Offices, copies of the account, promises, elections, and the passing of time.
#include <algorithm>
#include <cstring>

#include "tests/simulation/model/happen.hpp"

namespace troupe::simulation::model {
namespace {

bool equal(const Account& a, const Account& b) {
  return std::memcmp(&a, &b, sizeof(Account)) == 0;
}

/// Copies have no use for the end of a live session's lease.
Account as_copy(Account account) {
  for (auto& line : account.line)
    if (line.phase == kLive) line.timer = 0;
  return account;
}

bool has(int set, int member) {
  return (set >> member & 1) != 0;
}

}  // namespace

/// Until then its holder may act on what this voter answered.
bool Happening::bound(int voter) const {
  if (!rules.office_before_promise) return false;
  return std::any_of(state.office.begin(), state.office.end(),
                     [&](const auto& office) { return office.active && has(office.quorum, voter); });
}

bool Happening::may_follow(const Voter& voter, const Office& office) const {
  return !voter.abstains && (!rules.fenced || voter.promised <= office.epoch);
}

void Happening::take(Voter& voter, const Append& append) const {
  if (rules.own_life_only && append.life != voter.life) return;
  const bool newer = voter.epoch != append.epoch ? voter.epoch < append.epoch : voter.rank < append.rank;
  if (voter.knows && !newer && voter.lineage == append.lineage) return;
  voter.knows = 1;
  voter.lineage = append.lineage;
  voter.epoch = append.epoch;
  voter.rank = append.rank;
  voter.copy = append.account;
}

/// The rank of the account as it is now.
Small Happening::newest_rank(const Office& office) const {
  const auto& own = state.voter[office.holder];
  const auto now = as_copy(office.account);
  if (own.knows && own.epoch == office.epoch && equal(own.copy, now)) return own.rank;
  Small rank = 0;
  for (const auto& voter : state.voter)
    if (voter.knows && voter.epoch == office.epoch) rank = std::max<Small>(rank, voter.rank + 1);
  if (state.append.full && state.append.epoch == office.epoch)
    rank = std::max<Small>(rank, state.append.rank + 1);
  return rank;
}

/// Its own voter hears everything at once.
void Happening::sync_self(Office& office) {
  auto& own = state.voter[office.holder];
  if (!may_follow(own, office)) return;
  own.promised = std::max(own.promised, office.epoch);
  take(own, {1, office.holder, own.life, office.epoch, newest_rank(office), office.lineage,
             as_copy(office.account)});
}

/// `voter` has everything: what waits for a majority may have one now.
void Happening::settle(Office& office, int voter) {
  for (int agent = 0; agent < bounds.agents; ++agent) {
    auto& seat = office.seat[static_cast<std::size_t>(agent)];
    if (seat.pending) seat.pending |= static_cast<Small>(1 << voter);
    if (seat.since) seat.since |= static_cast<Small>(1 << voter);
    if (majority(seat.pending)) {
      seat.pending = 0;
      seat.confirmed = std::max(seat.confirmed, office.account.line[static_cast<std::size_t>(agent)].granted);
    }
    if (majority(seat.since)) seat.since = 0;
  }
}

bool Happening::grant(int at, int agent) {
  auto& office = state.office[static_cast<std::size_t>(at)];
  auto& line = office.account.line[static_cast<std::size_t>(agent)];
  auto& seat = office.seat[static_cast<std::size_t>(agent)];
  if (line.phase != kLive || office.account.pool <= 0 || seat.pending || line.granted >= bounds.grants)
    return false;
  --office.account.pool;
  ++line.granted;
  seat.pending = static_cast<Small>(1 << office.holder);
  if (!rules.grants_wait_for_majority) seat.confirmed = line.granted;
  if (majority(seat.pending)) settle(office, office.holder);
  sync_self(office);
  return true;
}

bool Happening::answer(int at, int agent, Grant& out) const {
  const auto& office = state.office[static_cast<std::size_t>(at)];
  const auto& line = office.account.line[static_cast<std::size_t>(agent)];
  const auto& seat = office.seat[static_cast<std::size_t>(agent)];
  if (line.phase != kLive || !seat.heard || (seat.since && rules.grants_wait_for_majority)) return false;
  out = {1, line.serial, office.lineage, seat.confirmed, seat.age};
  return true;
}

bool Happening::replicate(int at, int who, bool acknowledged) {
  auto& office = state.office[static_cast<std::size_t>(at)];
  auto& voter = state.voter[static_cast<std::size_t>(who)];
  if (who == office.holder || !may_follow(voter, office)) return false;
  voter.promised = std::max(voter.promised, office.epoch);
  take(voter, {1, static_cast<Small>(who), voter.life, office.epoch, newest_rank(office), office.lineage,
               as_copy(office.account)});
  if (acknowledged && voter.epoch == office.epoch) settle(office, who);
  return true;
}

bool Happening::renew(int at, Small quorum) {
  auto& office = state.office[static_cast<std::size_t>(at)];
  if (office.quorum == quorum) return false;
  for (int who = 0; who < bounds.voters; ++who)
    if (has(quorum, who) && !may_follow(state.voter[static_cast<std::size_t>(who)], office)) return false;
  for (int who = 0; who < bounds.voters; ++who) {
    auto& voter = state.voter[static_cast<std::size_t>(who)];
    if (has(quorum, who)) voter.promised = std::max(voter.promised, office.epoch);
  }
  office.quorum = quorum;
  return true;
}

bool Happening::restart_voter(int who) {
  if (state.voter_restarts >= bounds.voter_restarts) return false;
  ++state.voter_restarts;
  for (auto& office : state.office)
    if (office.active && office.holder == who) office = {};
  auto& voter = state.voter[static_cast<std::size_t>(who)];
  const Small life = voter.life + 1;
  voter = {};
  voter.life = life;
  voter.abstains = rules.abstains;
  return true;
}

bool Happening::wake(int who) {
  auto& voter = state.voter[static_cast<std::size_t>(who)];
  if (!voter.abstains || bound(who)) return false;
  voter.abstains = 0;
  return true;
}

bool Happening::elect(int candidate, Small promised) {
  const auto free =
      std::find_if(state.office.begin(), state.office.end(), [](const auto& o) { return !o.active; });
  if (state.epochs > bounds.elections || free == state.office.end()) return false;
  for (const auto& office : state.office)
    if (office.active && office.holder == candidate) return false;
  std::array<int, 8> known{};
  for (int who = 0; who < bounds.voters; ++who) {
    const auto& voter = state.voter[static_cast<std::size_t>(who)];
    if (!has(promised, who)) continue;
    if (voter.abstains || bound(who)) return false;
    if (voter.knows) ++known[voter.lineage];
  }
  const Voter* best = nullptr;
  for (int who = 0; who < bounds.voters; ++who) {
    const auto& voter = state.voter[static_cast<std::size_t>(who)];
    if (!has(promised, who) || !voter.knows) continue;
    if (rules.majority_must_know && known[voter.lineage] * 2 <= bounds.voters) continue;
    const auto stamp = [](const Voter& v) { return v.epoch * 256 + v.rank; };
    if (!best || (rules.newest_copy ? stamp(*best) < stamp(voter) : stamp(voter) < stamp(*best)))
      best = &voter;
  }
  Office office{};
  office.active = 1;
  office.epoch = ++state.epochs;
  office.holder = static_cast<Small>(candidate);
  office.quorum = promised;
  office.lineage = best ? best->lineage : ++state.lineages;
  office.account = best ? taken_over(best->copy, bounds, rules) : cold(bounds, rules);
  for (int agent = 0; agent < bounds.agents; ++agent) {
    const auto& line = office.account.line[static_cast<std::size_t>(agent)];
    if (line.phase == kLive)
      office.seat[static_cast<std::size_t>(agent)] = {0, 0, line.granted, 0,
                                                      static_cast<Small>(1 << candidate)};
  }
  for (int who = 0; who < bounds.voters; ++who)
    if (has(promised, who)) state.voter[static_cast<std::size_t>(who)].promised = office.epoch;
  *free = office;
  if (majority(1 << candidate)) settle(*free, candidate);
  sync_self(*free);
  return true;
}

bool Happening::capture(int at, int who) {
  const auto& office = state.office[static_cast<std::size_t>(at)];
  const auto& voter = state.voter[static_cast<std::size_t>(who)];
  if (who == office.holder) return false;
  state.append = {1,
                  static_cast<Small>(who),
                  voter.life,
                  office.epoch,
                  newest_rank(office),
                  office.lineage,
                  as_copy(office.account)};
  return true;
}

bool Happening::deliver_append() {
  auto& voter = state.voter[state.append.to];
  if (!state.append.full || voter.abstains || (rules.fenced && state.append.epoch < voter.promised))
    return false;
  voter.promised = std::max(voter.promised, state.append.epoch);
  take(voter, state.append);
  return true;
}

void Happening::tick() {
  const auto older = [&](Small& age) { age = static_cast<Small>(std::min<int>(age + 1, bounds.lease)); };
  for (auto& voter : state.voter)
    if (voter.knows) age(voter.copy, false, bounds, rules);
  if (state.append.full) age(state.append.account, false, bounds, rules);
  for (auto& office : state.office) {
    if (!office.active) continue;
    age(office.account, true, bounds, rules);
    for (std::size_t agent = 0; agent < kAgents; ++agent) {
      if (office.account.line[agent].phase != kLive) office.seat[agent] = {};
      if (office.seat[agent].heard) older(office.seat[agent].age);
    }
    sync_self(office);
  }
  for (auto& node : state.agent) {
    if (node.lease > 0) --node.lease;
    node.recent = node.claimed = 0;
  }
  for (auto& report : state.report)
    if (report.full) older(report.age);
  for (auto& grant : state.grant)
    if (grant.full) older(grant.age);
  std::copy_backward(state.admitted.begin(), state.admitted.end() - 1, state.admitted.end());
  state.admitted[0] = 0;
  for (auto at = static_cast<std::size_t>(bounds.after_use); at < kSpans; ++at) state.admitted[at] = 0;
}

void normalise_ranks(State& state) {
  for (std::size_t i = 0; i < kVoters; ++i) {
    const auto epoch = state.voter[i].epoch;
    std::array<bool, 64> used{};
    for (const auto& voter : state.voter)
      if (voter.knows && voter.epoch == epoch) used[voter.rank] = true;
    if (state.append.full && state.append.epoch == epoch) used[state.append.rank] = true;
    std::array<Small, 64> rank{};
    Small next = 0;
    for (std::size_t at = 0; at < used.size(); ++at)
      if (used[at]) rank[at] = next++;
    bool first = true;
    for (std::size_t j = 0; j < i; ++j)
      first = first && !(state.voter[j].knows && state.voter[j].epoch == epoch);
    if (!first || !state.voter[i].knows) continue;
    for (auto& voter : state.voter)
      if (voter.knows && voter.epoch == epoch) voter.rank = rank[voter.rank];
    if (state.append.full && state.append.epoch == epoch) state.append.rank = rank[state.append.rank];
  }
}

}  // namespace troupe::simulation::model
