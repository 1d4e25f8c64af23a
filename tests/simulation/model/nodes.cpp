// What nodes do, and how an allocator hears them.
#include <algorithm>

#include "tests/simulation/model/happen.hpp"

namespace troupe::simulation::model {

bool Happening::use(int agent) {
  auto& node = state.agent[static_cast<std::size_t>(agent)];
  if (node.lease == 0 || node.free() <= 0) return false;
  ++node.used;
  ++node.recent;
  ++state.admitted[0];
  return true;
}

bool Happening::give_back(int agent) {
  auto& node = state.agent[static_cast<std::size_t>(agent)];
  if (node.free() <= 0) return false;
  ++node.returned;
  return true;
}

bool Happening::restart_agent(int agent) {
  auto& node = state.agent[static_cast<std::size_t>(agent)];
  if (state.agent_restarts >= bounds.agent_restarts || node.serial >= bounds.sessions) return false;
  const Small serial = node.serial + 1;
  node = {};
  node.serial = serial;
  ++state.agent_restarts;
  return true;
}

Report Happening::report(int agent) {
  auto& node = state.agent[static_cast<std::size_t>(agent)];
  if (node.lease == 0) node.returned = static_cast<Small>(node.told - node.used);  // what lapsed is void
  Report out{1, node.serial, node.target, node.used, node.returned, 0, 0, 0, 0};
  if (!node.joined) out.claims = 1, out.carried = node.carried, out.claimed = node.claimed;
  return out;
}

Answer Happening::hear(int agent, int office, const Report& report) {
  auto& there = state.office[static_cast<std::size_t>(office)];
  auto& line = there.account.line[static_cast<std::size_t>(agent)];
  auto& seat = there.seat[static_cast<std::size_t>(agent)];
  const auto self = static_cast<Small>(1 << there.holder);
  if (line.phase != kNone && report.serial < line.serial) return Answer::nothing;
  const bool elsewhere = report.lineage && report.lineage != there.lineage;
  const bool here = line.phase != kNone && line.serial == report.serial;
  if (!elsewhere && !here && report.claims) {
    const bool brings = report.carried + report.claimed > 0;
    if ((brings && report.lineage != there.lineage) || !open(there.account, agent, report, bounds, rules))
      return Answer::refused;
    seat = {0, 0, 0, report.carried ? self : Small{0}, self};
  } else if (elsewhere || !here || (line.phase == kTouched && rules.touched_is_closed)) {
    return Answer::unknown;
  }
  int cap = kSpans;
  if (line.phase != kLive) {
    cap = line.timer;
    line.phase = kLive;
    line.timer = static_cast<Small>(bounds.lease);
    seat = {0, 0, line.granted, 0, self};
  }
  if (!seat.heard || report.age < seat.age) {
    seat.heard = 1;
    seat.age = report.age;
    line.timer = static_cast<Small>(bounds.lease);
  }
  count(there.account, agent, report, cap, bounds, rules);
  if (majority(self)) settle(there, there.holder);
  sync_self(there);
  return Answer::nothing;
}

bool Happening::start_over(int agent, int office, Answer answer) {
  auto& node = state.agent[static_cast<std::size_t>(agent)];
  const auto lineage = state.office[static_cast<std::size_t>(office)].lineage;
  const bool nothing_to_bring =
      answer == Answer::refused || lineage == node.target || lineage == node.lineage;
  if (nothing_to_bring && node.lease > 0) return true;
  if (node.serial >= bounds.sessions) return false;
  const bool claims = !nothing_to_bring && node.lineage != 0, carries = claims && node.lease > 0;
  const auto held = static_cast<Small>(carries ? std::max(0, node.free()) : 0);
  ++node.serial;
  node.joined = 0;
  node.target = lineage;
  node.told = node.carried = held;
  node.used = node.returned = 0;
  node.claimed = claims ? node.recent : Small{0};
  return true;
}

void Happening::hear(int agent, const Grant& grant) {
  auto& node = state.agent[static_cast<std::size_t>(agent)];
  if (grant.serial != node.serial || (node.target && grant.lineage != node.target)) return;
  if (rules.stale_grants_void && grant.age >= bounds.lease) return;
  node.joined = 1;
  node.lineage = node.target = grant.lineage;
  node.carried = node.claimed = 0;
  const int left = bounds.lease - (rules.lease_from_question ? grant.age : 0);
  node.lease = static_cast<Small>(std::max<int>(node.lease, left));
  node.told = std::max(node.told, grant.granted);
}

}  // namespace troupe::simulation::model
