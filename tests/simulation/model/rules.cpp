#include "tests/simulation/model/rules.hpp"

#include <algorithm>
#include <utility>

#include "tests/simulation/model/happen.hpp"

namespace troupe::simulation::model {
namespace {

/// Tries one event after the other on copies of one state.
class Explorer {
 public:
  Explorer(const State& from, const Bounds& bounds, const Rules& rules, const Emit& emit)
      : from_(from), bounds_(bounds), rules_(rules), emit_(emit) {}

  void all() {
    attempt({"tick"}, [](auto& on) { return on.tick(), true; });
    for (int agent = 0; agent < bounds_.agents; ++agent) node(agent);
    for (int office = 0; office < 2; ++office)
      if (from_.office[static_cast<std::size_t>(office)].active) in_office(office);
    for (int voter = 0; voter < bounds_.voters; ++voter) {
      attempt({"restart voter", voter}, [&](auto& on) { return on.restart_voter(voter); });
      attempt({"wake voter", voter}, [&](auto& on) { return on.wake(voter); });
      for (int set = 1; set < 1 << bounds_.voters; ++set)
        if (set >> voter & 1 && __builtin_popcount(static_cast<unsigned>(set)) * 2 > bounds_.voters)
          attempt({"elect, promised by", voter, set},
                  [&](auto& on) { return on.elect(voter, static_cast<Small>(set)); });
    }
    if (from_.append.full) attempt({"late append arrives"}, [](auto& on) { return on.deliver_append(); });
  }

 private:
  template <class Do>
  void attempt(const Step& step, Do what) {
    State state = from_;
    Happening on{state, bounds_, rules_};
    if (!what(on)) return;
    normalise_ranks(state);
    emit_(state, step);
  }

  void node(int agent) {
    attempt({"use", agent}, [&](auto& on) { return on.use(agent); });
    attempt({"give back", agent}, [&](auto& on) { return on.give_back(agent); });
    attempt({"restart node", agent}, [&](auto& on) { return on.restart_agent(agent); });
    if (bounds_.late_reports)
      attempt({"report leaves", agent}, [&](auto& on) {
        on.state.report[static_cast<std::size_t>(agent)] = on.report(agent);
        return true;
      });
    if (from_.grant[static_cast<std::size_t>(agent)].full)
      attempt({"late grant arrives", agent}, [&](auto& on) {
        return on.hear(agent, Grant(on.state.grant[static_cast<std::size_t>(agent)])), true;
      });
  }

  /// A report is heard; the answer that the session is unknown arrives or is lost.
  template <class Make>
  void reported(const char* what, int agent, int office, Make make) {
    auto answer = Answer::nothing;
    attempt({what, agent, office}, [&](auto& on) {
      answer = on.hear(agent, office, make(on));
      return true;
    });
    if (answer == Answer::nothing) return;
    attempt({"session unknown to", agent, office}, [&](auto& on) {
      const auto report = make(on);
      const auto said = on.hear(agent, office, report);
      return report.serial == on.state.agent[static_cast<std::size_t>(agent)].serial &&
             on.start_over(agent, office, said);
    });
  }

  void in_office(int office) {
    attempt({"office ends", office}, [&](auto& on) {
      on.state.office[static_cast<std::size_t>(office)] = {};
      return true;
    });
    for (int agent = 0; agent < bounds_.agents; ++agent) {
      reported("report", agent, office, [agent](auto& on) { return on.report(agent); });
      if (from_.report[static_cast<std::size_t>(agent)].full)
        reported("late report", agent, office,
                 [agent](auto& on) { return Report(on.state.report[static_cast<std::size_t>(agent)]); });
      attempt({"grant", office, agent}, [&](auto& on) { return on.grant(office, agent); });
      Grant grant{};
      attempt({"answer", office, agent}, [&](auto& on) {
        if (!on.answer(office, agent, grant)) return false;
        return on.hear(agent, grant), true;
      });
      if (bounds_.late_grants)
        attempt({"answer leaves", office, agent}, [&](auto& on) {
          return on.answer(office, agent, on.state.grant[static_cast<std::size_t>(agent)]);
        });
    }
    for (int voter = 0; voter < bounds_.voters; ++voter) {
      attempt({"append", office, voter}, [&](auto& on) { return on.replicate(office, voter, true); });
      attempt({"append, ack lost", office, voter},
              [&](auto& on) { return on.replicate(office, voter, false); });
      if (bounds_.late_append)
        attempt({"append leaves", office, voter}, [&](auto& on) { return on.capture(office, voter); });
    }
    renewals(office);
  }

  void renewals(int office) {
    for (int set = 1; set < 1 << bounds_.voters; ++set) {
      const int count = __builtin_popcount(static_cast<unsigned>(set)), least = bounds_.voters / 2 + 1;
      if (count == (rules_.majority_renews ? least : 1))
        attempt({"renewed by", office, set},
                [&](auto& on) { return on.renew(office, static_cast<Small>(set)); });
    }
  }

  const State& from_;
  const Bounds& bounds_;
  const Rules& rules_;
  const Emit& emit_;
};

}  // namespace

State first(const Bounds& bounds) {
  State out{};
  Office& office = out.office[0];
  office.active = office.epoch = office.lineage = 1;
  office.quorum = static_cast<Small>(bounds.voters == 1 ? 1 : 3);
  office.account.pool = static_cast<std::int8_t>(bounds.permits);
  for (int i = 0; i < bounds.voters; ++i) {
    auto& voter = out.voter[static_cast<std::size_t>(i)];
    voter.knows = voter.promised = voter.epoch = voter.lineage = 1;
    voter.copy = office.account;
  }
  for (int i = 0; i < bounds.agents; ++i) out.agent[static_cast<std::size_t>(i)].serial = 1;
  out.epochs = out.lineages = 1;
  return out;
}

void next(const State& state, const Bounds& bounds, const Rules& rules, const Emit& emit) {
  Explorer(state, bounds, rules, emit).all();
}

int out(const State& state, const Bounds& bounds) {
  int sum = 0;
  for (int age = 0; age < bounds.after_use; ++age) sum += state.admitted[static_cast<std::size_t>(age)];
  for (const auto& agent : state.agent)
    if (agent.lease > 0) sum += std::max(0, agent.free());
  return sum;
}

int imbalance(const State& state, const Bounds& bounds) {
  for (const auto& office : state.office)
    if (office.active && sum(office.account) != bounds.permits) return bounds.permits - sum(office.account);
  return 0;
}

}  // namespace troupe::simulation::model
