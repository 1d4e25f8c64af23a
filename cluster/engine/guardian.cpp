#include "cluster/engine/guardian.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/log.hpp"

namespace troupe::cluster {
namespace {

constexpr Duration kLookEvery = std::chrono::milliseconds(100);

void say_usurped(const State& state, const Guardian::Tell& tell) {
  log::error("name_taken")
      .text("node", state.name)
      .text("next",
            "another process runs under this node's name and began later: stop one of the two; this one "
            "admits nothing on shared limits until it is started again");
  if (tell) tell("alert", {{"alert", "name_taken"}, {"node", state.name}});
}

void say(const State& state, Condition which, const Measured& seen, const Guardian::Tell& tell) {
  const auto value = fmt::format("{:.6g}", seen.now), bound = fmt::format("{:.6g}", seen.bound);
  auto line = seen.holds ? log::info("condition") : log::error("condition");
  line.text("condition", name(which)).flag("holds", seen.holds).text("measured", value).text("bound", bound);
  if (!seen.holds)
    line.text("next", "this node admits nothing on shared limits until it has held for a lease again");
  if (tell)
    tell("alert", {{"alert", "condition"},
                   {"node", state.name},
                   {"condition", name(which)},
                   {"holds", seen.holds},
                   {"measured", seen.now},
                   {"bound", seen.bound}});
}

}  // namespace

void Guardian::measure(Conditions& conditions, const std::vector<link::PeerStats>& peers, Time now) {
  conditions.sent(Duration(delay_.exchange(0, std::memory_order_relaxed)), now);
  conditions.ended(Duration(longest_.exchange(0, std::memory_order_relaxed)), now);
  std::vector<double> proven;
  for (const auto& peer : peers) {
    if (peer.state == link::State::up && peer.clock) proven.push_back(peer.clock_error);
  }
  conditions.clocks(std::move(proven), now);
}

bool Guardian::due(Time now) const {
  return now - looked_ >= kLookEvery;
}

void Guardian::look(State& state, const std::vector<link::PeerStats>& peers, Time now, const Tell& tell) {
  looked_ = now;
  measure(state.conditions, peers, now);
  for (std::size_t i = 0; i < kConditions; ++i) {
    const auto which = static_cast<Condition>(i);
    const auto seen = state.conditions.measured(which, now);
    if (seen.holds != held_.at(i)) say(state, which, seen, tell);
    held_.at(i) = seen.holds;
  }
  if (state.members.usurped() && !usurped_) say_usurped(state, tell);
  usurped_ = state.members.usurped();
  const bool suspend = usurped_ || !state.conditions.hold(now);
  if (suspend != suspended_) state.node.agent().suspend(suspend);
  suspended_ = suspend;
}

}  // namespace troupe::cluster
