#pragma once
// Single events: what each does to a state. They answer false when they cannot happen.
#include "tests/simulation/model/account.hpp"

namespace troupe::simulation::model {

/// What an allocator says to a report: nothing, or that it does not know the session.
enum class Answer : Small { nothing, unknown, refused };

struct Happening {
  State& state;
  const Bounds& bounds;
  const Rules& rules;

  // time
  void tick();
  // nodes
  bool use(int agent);
  bool give_back(int agent);
  bool restart_agent(int agent);
  Report report(int agent);
  Answer hear(int agent, int office, const Report& report);
  bool start_over(int agent, int office, Answer answer);
  void hear(int agent, const Grant& grant);
  // the allocator
  bool grant(int office, int agent);
  bool answer(int office, int agent, Grant& out) const;
  bool replicate(int office, int voter, bool acknowledged);
  bool renew(int office, Small quorum);
  // voters
  bool restart_voter(int voter);
  bool wake(int voter);
  bool elect(int candidate, Small promised);
  bool capture(int office, int voter);
  bool deliver_append();

  bool majority(int set) const { return __builtin_popcount(static_cast<unsigned>(set)) * 2 > bounds.voters; }

 private:
  bool bound(int voter) const;
  bool may_follow(const Voter& voter, const Office& office) const;
  void take(Voter& voter, const Append& append) const;
  Small newest_rank(const Office& office) const;
  void sync_self(Office& office);
  void settle(Office& office, int voter);
};

/// Equal states get equal bytes: the order of copies matters, not the numbers.
void normalise_ranks(State& state);

}  // namespace troupe::simulation::model
