#include "tests/simulation/model/account.hpp"

#include <algorithm>

namespace troupe::simulation::model {
namespace {

void close_or_thaw(Account& account, Line& line) {
  account.pool = static_cast<std::int8_t>(account.pool + line.held());
  line = {};
}

}  // namespace

void cool(Account& account, int ticks, int units) {
  if (ticks <= 0)
    account.pool = static_cast<std::int8_t>(account.pool + units);
  else
    account.cooling[static_cast<std::size_t>(ticks - 1)] += static_cast<Small>(units);
}

void age(Account& account, bool in_office, const Bounds& bounds, const Rules& rules) {
  account.pool = static_cast<std::int8_t>(account.pool + account.cooling[0]);
  std::copy(account.cooling.begin() + 1, account.cooling.end(), account.cooling.begin());
  account.cooling.back() = 0;
  if (account.unknown_for > 0) --account.unknown_for;
  if (in_office && account.unknown_for == 0) {
    account.pool = static_cast<std::int8_t>(account.pool + account.unknown);
    account.unknown = 0;
  }
  for (auto& line : account.line) {
    if (line.phase == kNone || (line.phase == kLive && !in_office)) continue;
    if (line.timer > 0) --line.timer;
    if (!in_office || line.timer > 0) continue;
    if (line.phase == kLive) {
      line.phase = kFrozen;
      line.timer = static_cast<Small>(lost_for(bounds, rules));
    }
    if (line.phase != kLive && line.timer == 0) {
      if (rules.touched_is_closed || line.held() == 0) {
        close_or_thaw(account, line);
      } else {
        account.pool = static_cast<std::int8_t>(account.pool + line.held());
        line.returned = static_cast<Small>(line.granted - line.used);
        line.phase = kTouched;
      }
    }
  }
}

void retire(Account& account, int agent, const Bounds& bounds, const Rules& rules) {
  auto& line = account.line[static_cast<std::size_t>(agent)];
  if (line.phase == kLive) cool(account, lost_for(bounds, rules), line.held());
  if (line.phase == kFrozen) cool(account, line.timer, line.held());
  line = {};
}

bool open(Account& account, int agent, const Report& report, const Bounds& bounds, const Rules& rules) {
  const int needed = report.carried + report.claimed;
  if (needed > account.unknown || (needed > 0 && account.unknown_for == 0)) return false;
  retire(account, agent, bounds, rules);
  account.unknown -= static_cast<Small>(needed);
  cool(account, std::max(1, cools_for(bounds, rules)), report.claimed);
  account.line[static_cast<std::size_t>(agent)] = {
      report.serial, report.carried, 0, 0, kLive, static_cast<Small>(bounds.lease)};
  return true;
}

void count(Account& account, int agent, const Report& report, int cap, const Bounds& bounds,
           const Rules& rules) {
  auto& line = account.line[static_cast<std::size_t>(agent)];
  if (const int used = report.used - line.used; used > 0) {
    if (const int excess = used - line.held(); excess > 0) {
      line.granted += static_cast<Small>(excess);
      account.pool = static_cast<std::int8_t>(account.pool - excess);
    }
    line.used = report.used;
    cool(account, std::min(cap, cools_for(bounds, rules)), used);
  }
  const int back = std::min(report.returned - line.returned, line.held());
  if (back <= 0) return;
  line.returned += static_cast<Small>(back);
  account.pool = static_cast<std::int8_t>(account.pool + back);
}

int sum(const Account& account) {
  int out = account.pool + account.unknown;
  for (const auto units : account.cooling) out += units;
  for (const auto& line : account.line) out += line.held();
  return out;
}

Account taken_over(Account copy, const Bounds& bounds, const Rules& rules) {
  for (auto& line : copy.line) {
    if (line.phase == kLive) line.timer = static_cast<Small>(bounds.lease);
    if (line.phase == kFrozen && line.timer == 0 && rules.touched_is_closed) close_or_thaw(copy, line);
  }
  if (copy.unknown_for == 0) {
    copy.pool = static_cast<std::int8_t>(copy.pool + copy.unknown);
    copy.unknown = 0;
  }
  return copy;
}

Account cold(const Bounds& bounds, const Rules& rules) {
  Account out{};
  if (rules.cold_waits) {
    out.unknown = static_cast<Small>(bounds.permits);
    out.unknown_for = static_cast<Small>(bounds.lease + bounds.after_use);
  } else {
    out.pool = static_cast<std::int8_t>(bounds.permits);
  }
  return out;
}

}  // namespace troupe::simulation::model
